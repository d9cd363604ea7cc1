import { encode } from 'uqr'
import { html, raw, type Html } from './html/html.ts'

/** A QR code as an inline SVG with a text alternative. */
export function qrSvg(text: string, label: string): Html {
  const { data, size } = encode(text, { ecc: 'M', border: 2 })
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return html`<svg viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"></path><path d="${raw(path)}"></path></svg>`
}

/** A QR code for a terminal: two rows of modules in a line of text. */
export function qrText(text: string): string {
  const { data, size } = encode(text, { ecc: 'L', border: 2 })
  const lines: string[] = []
  for (let y = 0; y < size; y += 2) {
    lines.push(Array.from({ length: size }, (_, x) => ((data[y]![x] ? 0 : 2) + (data[y + 1]?.[x] ? 0 : 1))).map((kind) => ' ▄▀█'[kind]!).join(''))
  }
  return lines.join('\n')
}
