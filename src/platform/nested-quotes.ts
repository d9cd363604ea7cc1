const guillemets = /«(\s*)([^«»]*?)(\s*)»/gu

/** The inner marks for what stands within outer ones. Single guillemets turn with the direction of the text; Hebrew opens and closes alike, and so it does within. */
const within = [
  { around: /\p{Script=Arabic}.*«$/u, pair: guillemets, inner: '‹$2›' },
  { around: /«\s*$/u, pair: guillemets, inner: '“$2”' },
  { around: /“$/u, pair: /“()([^“”]*)()”/gu, inner: '‘$2’' },
  { around: /”$/u, pair: /”()([^”]*)()”/gu, inner: '’$2’' },
]

/** A value as a message quotes it: where it stands in quotation marks, marks of the same kind in it become the inner ones. What has none, or is not quoted, stays as it is. */
export function nestedQuotes(message: string, name: string, value: string): string {
  if (!/[«“”]/.test(value)) return value
  const at = message.indexOf(`{${name}}`)
  const before = at < 0 ? '' : message.slice(0, at)
  const fits = within.find(({ around }) => around.test(before))
  return fits ? value.replace(fits.pair, fits.inner) : value
}
