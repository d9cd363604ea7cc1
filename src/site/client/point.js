import { boxAround, decodeRings, isInBox, placeAt, placesAround, shapesAt } from '../../platform/shapes.js'

// The position is compared with boundaries here, on the visitor's own device. It is sent nowhere: what is asked for is the same for hundreds of thousands of people.
export async function findArea(around, words) {
  const status = around.querySelector('[role=status]')
  const say = (text, names = {}) => {
    // Isolates, so that a name in another script does not turn the sentence around.
    status.textContent = text.replace(/\{(\w+)\}/g, (_, key) => `\u2068${names[key]}\u2069`)
  }
  const nameOf = ({ name, names }) => names[document.documentElement.lang] ?? name

  say(words.asking)
  let here, near
  try {
    const { coords } = await new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject, { timeout: 20_000, maximumAge: 300_000 }))
    here = placeAt(coords.longitude, coords.latitude)
    near = placesAround(here, Math.min(coords.accuracy, 50_000))
  } catch (error) {
    return say(error.code === 1 ? words.denied : words.unavailable)
  }

  say(words.looking)
  let shapes
  try {
    const load = async (name) => {
      const answer = await fetch(around.dataset.boundaries + name, { credentials: 'omit' })
      if (!answer.ok) throw new Error(answer.status)
      return answer.json()
    }
    const index = await load('index.json')
    const wanted = index.flatMap((text, number) => (boxesOf(text).some((box) => [here, ...near].some((place) => isInBox(box, place))) ? [number] : []))
    const pieces = await Promise.all(wanted.map((number) => load(`${number}.json`)))
    shapes = pieces.flat().map(([id, name, names, layer, text]) => {
      const rings = decodeRings(text)
      return { id, name, names, layer, rings, box: boxAround(rings) }
    }).sort((one, other) => (one.id < other.id ? -1 : 1))
  } catch {
    return say(words.failed)
  }

  const found = shapesAt(shapes, here, (shape) => shape.rings)
  if (found.some((shape) => shape.id !== found[0].id)) return say(words.several, { others: found.map(nameOf).join(' · ') })
  const form = around.closest('form')
  const field = found.length > 0 && choose([...form.querySelectorAll('[name=area]')], found[0].id)
  if (!field) return say(words.outside)
  const kept = form.querySelector('[name=area_for]')
  if (kept) kept.value = form.querySelector('[name=postcode]')?.value ?? ''
  const others = new Set(near.flatMap((place) => shapesAt(shapes, place, (shape) => shape.rings)).filter((shape) => shape.id !== found[0].id))
  say(others.size ? words.near : words.found, { area: nameOf(found[0]), others: [...others].map(nameOf).join(' · ') })
  const list = field.closest('details')
  if (list) list.open = true
}

/** Chooses an area in a list, among a few, or in a field that nobody sees; nothing if it is not there to be chosen. */
function choose(fields, id) {
  const one = fields[0]?.type === 'radio' ? fields.find((each) => each.value === id) : fields[0]
  if (!one || (one.options && ![...one.options].some((each) => each.value === id))) return undefined
  if (one.type === 'radio') one.checked = true
  else one.value = id
  return one
}

function boxesOf(text) {
  const [numbers] = decodeRings(text)
  return Array.from({ length: numbers.length / 4 }, (_, at) => Array.from(numbers.subarray(at * 4, at * 4 + 4), (number) => number * 100))
}
