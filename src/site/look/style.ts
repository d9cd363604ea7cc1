import { readFileSync } from 'node:fs'
import { contentPolicy, permissionsPolicy } from '#platform/http/security.ts'
import { palette } from '#modules/publisher/index.ts'

const base = minify(readFileSync(new URL('style.css', import.meta.url), 'utf8'))
const forReading = minify(readFileSync(new URL('reading.css', import.meta.url), 'utf8'))

export interface Style {
  /** The whole style sheet with the publisher's colour in it, to be inlined. */
  sheet: string
  /** What a page with this style may load and run: nothing but what it carries. */
  policy: string
  /** The same for a page that loads boundaries when its button is pressed. */
  loadingPolicy: string
}

let latest: { accent: string, styles: [plain: Style, reading: Style] } | undefined

/** How pages look in a publisher's colour, those to read with the style for texts besides. The one that was asked for last is kept: mixing its shades takes a tenth of a millisecond. */
export function styleFor(accent: string, reading = false): Style {
  if (latest?.accent === accent) return latest.styles[reading ? 1 : 0]
  const { onAccent, light, dark } = palette(accent)
  const plain = `:root{--accent:${accent};--on-accent:${onAccent};--accent-light:${light};--accent-dark:${dark}}${base}`
  const style = (sheet: string): Style => ({ sheet, policy: contentPolicy({ styles: [sheet] }), loadingPolicy: contentPolicy({ styles: [sheet], connect: "'self'" }) })
  latest = { accent, styles: [style(plain), style(plain + forReading)] }
  return latest.styles[reading ? 1 : 0]
}

/** What goes with a page: what it may load and run, and where it offers to find an area by position, that it may ask for it. */
export function guards(accent: string, { asksPosition, reading }: { asksPosition?: boolean, reading?: boolean }): Record<string, string> {
  const { policy, loadingPolicy } = styleFor(accent, reading)
  return asksPosition ? { 'content-security-policy': loadingPolicy, 'permissions-policy': permissionsPolicy({ position: true }) } : { 'content-security-policy': policy }
}

function minify(css: string): string {
  return css.replace(/\/\*[^]*?\*\//g, '').replace(/\s*\n\s*/g, '').replace(/\s*([{}])\s*/g, '$1').replace(/;}/g, '}')
}
