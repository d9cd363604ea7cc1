/**
 * Makes something of a thing once, and has it ready for as long as that thing lives. For things that do not change once they are there, and
 * are asked about by a whole crowd.
 */
export function remembered<Thing extends object, Made>(make: (thing: Thing) => Made): (thing: Thing) => Made {
  const known = new WeakMap<Thing, { made: Made }>()
  return (thing) => {
    const before = known.get(thing)
    if (before) return before.made
    const made = make(thing)
    known.set(thing, { made })
    return made
  }
}
