/** What comes of some work, or what there was before if it fails or is not done after so many milliseconds. */
export function orElse<Value>(work: Promise<Value>, milliseconds: number, before: () => Value): Promise<Value> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(before()), milliseconds)
    work.then(resolve, () => resolve(before())).finally(() => clearTimeout(timer))
  })
}
