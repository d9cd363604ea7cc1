/** A colour as #rrggbb, lower case; undefined if it is none. */
export function readColour(typed: string): string | undefined {
  const short = /^#?([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(typed.trim())
  const text = short ? short.slice(1).map((digit) => digit + digit).join('') : typed.trim().replace(/^#/, '')
  return /^[0-9a-f]{6}$/i.test(text) ? `#${text.toLowerCase()}` : undefined
}

function channels(colour: string): [number, number, number] {
  return [1, 3, 5].map((from) => Number.parseInt(colour.slice(from, from + 2), 16) / 255) as [number, number, number]
}

function hex(parts: number[]): string {
  return `#${parts.map((part) => Math.round(Math.min(1, Math.max(0, part)) * 255).toString(16).padStart(2, '0')).join('')}`
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** Contrast ratio as WCAG 2.2 defines it: 1 to 21. */
export function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].toSorted((a, b) => a - b) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

/** The papers that pages are shown on, in the light and in the dark scheme; the style sheet has the same. */
export const papers = { light: '#fbfaf7', lightCard: '#ffffff', dark: '#16161a', darkCard: '#1f1f25' }

/** The publisher's colour made fit for its uses: every pair has a contrast of at least 4.5. */
export interface Palette {
  /** Behind the words of a button, and what those words are in. */
  accent: string
  onAccent: '#ffffff' | '#1b1a17'
  /** Links and fills on paper. */
  light: string
  dark: string
}

const enough = 4.5

export function palette(accent: string): Palette {
  return {
    accent, onAccent: contrast(accent, '#ffffff') >= enough ? '#ffffff' : '#1b1a17',
    light: toward(accent, '#000000', [papers.light, papers.lightCard]), dark: toward(accent, '#ffffff', [papers.dark, papers.darkCard]),
  }
}

/** The colour mixed with black or white, as little as is needed to stand out from all these papers. */
function toward(colour: string, end: string, on: string[]): string {
  const from = channels(colour)
  const to = channels(end)
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = hex(from.map((part, i) => part + (to[i]! - part) * share))
    if (on.every((paper) => contrast(mixed, paper) >= enough)) return mixed
  }
  return end
}
