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

/** For whoever wants nothing but the words: their browser's own colours, a line that can be followed, and room between links. */
const textSheet = minify(readFileSync(new URL('text-only.css', import.meta.url), 'utf8'))

/** How a page looks: the usual way, with the style for texts besides, or as words alone. */
export type Look = 'plain' | 'reading' | 'text'

let latest: { accent: string, styles: Record<Look, Style> } | undefined

/** How pages look in a publisher's colour. The one that was asked for last is kept: mixing its shades takes a tenth of a millisecond. */
export function styleFor(accent: string, look: Look): Style {
  if (latest?.accent === accent) return latest.styles[look]
  const { onAccent, light, dark } = palette(accent)
  const plain = `:root{--accent:${accent};--on-accent:${onAccent};--accent-light:${light};--accent-dark:${dark}}${base}`
  const style = (sheet: string): Style => ({ sheet, policy: contentPolicy({ styles: [sheet] }), loadingPolicy: contentPolicy({ styles: [sheet], connect: "'self'" }) })
  latest = { accent, styles: { plain: style(plain), reading: style(plain + forReading), text: style(textSheet) } }
  return latest.styles[look]
}

/** What goes with a page: what it may load and run, and where it offers to find an area by position, that it may ask for it. */
export function guards(accent: string, look: Look, asksPosition = false): Record<string, string> {
  const { policy, loadingPolicy } = styleFor(accent, look)
  return asksPosition ? { 'content-security-policy': loadingPolicy, 'permissions-policy': permissionsPolicy({ position: true }) } : { 'content-security-policy': policy }
}

function minify(css: string): string {
  return css.replace(/\/\*[^]*?\*\//g, '').replace(/\s*\n\s*/g, '').replace(/\s*([{}])\s*/g, '$1').replace(/;}/g, '}')
}
