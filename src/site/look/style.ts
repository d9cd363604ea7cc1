import { readFileSync } from 'node:fs'
import { palette } from '#modules/publisher/index.ts'

const base = minify(readFileSync(new URL('style.css', import.meta.url), 'utf8'))

/** The whole style sheet with the publisher's colour in it, to be inlined. */
export function styleSheet(accent: string): string {
  const { onAccent, light, dark } = palette(accent)
  return `:root{--accent:${accent};--on-accent:${onAccent};--accent-light:${light};--accent-dark:${dark}}${base}`
}

function minify(css: string): string {
  return css.replace(/\/\*[^]*?\*\//g, '').replace(/\s*\n\s*/g, '').replace(/\s*([{}])\s*/g, '$1').replace(/;}/g, '}')
}
