/** What a script handed in as JSON; nothing if it is not. Its shape is checked by whoever uses it. */
export function readJson<Value>(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value
  } catch {
    return undefined
  }
}
