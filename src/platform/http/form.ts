const [percent, plus, space, equals, ampersand] = [0x25, 0x2b, 0x20, 0x3d, 0x26]

/**
 * The fields of a form as browsers post it (application/x-www-form-urlencoded, WHATWG URL 5.1): a list where a name comes several times. Nothing, where there are more than `most`.
 * Read byte by byte, because the platform's own reader takes a second for a few million letters, and whoever pastes those would keep everybody else waiting.
 */
export function readForm(body: Buffer, most: number): Record<string, string | string[]> | undefined {
  const form = Object.create(null) as Record<string, string | string[]>
  let count = 0
  for (let from = 0; from < body.length;) {
    const found = body.indexOf(ampersand, from)
    const end = found < 0 ? body.length : found
    if (end > from) {
      if (++count > most) return undefined
      const sign = body.subarray(from, end).indexOf(equals)
      add(form, decoded(body, from, sign < 0 ? end : from + sign), sign < 0 ? '' : decoded(body, from + sign + 1, end))
    }
    from = end + 1
  }
  return form
}

function add(form: Record<string, string | string[]>, name: string, value: string): void {
  const before = form[name]
  if (before === undefined) form[name] = value
  else if (typeof before === 'string') form[name] = [before, value]
  else before.push(value)
}

function decoded(body: Buffer, from: number, to: number): string {
  const out = Buffer.allocUnsafe(to - from)
  let length = 0
  for (let place = from; place < to; place += 1) {
    const byte = body[place]!
    const value = byte === percent && place + 2 < to ? (hex(body[place + 1]!) << 4) | hex(body[place + 2]!) : -1
    if (value >= 0) place += 2
    out[length++] = value >= 0 ? value : byte === plus ? space : byte
  }
  return out.toString('utf8', 0, length)
}

/** What a hexadecimal digit stands for; less than nothing where it is none. */
function hex(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
