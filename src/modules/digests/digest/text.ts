import type { Finding } from '../lint/finding.ts'
import type { Block, Page } from './block.ts'
import { cleaned } from './leftovers.ts'
import { pieces } from './pieces.ts'
import { Spaces, tidied } from './spaces.ts'

const bullet = /^\s*(?:[•◦▪‣∙●○·–—*-]|\d{1,2}[.)]|\(?[a-z][.)])\s+/u
const dash = /^\s*[-–—]\s/u
// "Title - TYPE - date", with the text right below it.
const endsAsHeader = /\s[-–—―|·•]\s.*\p{Nd}[.)\]]?\s*$/u
const mostLines = 500
const markdownHeading = /^(#{1,6})\s+/

/** Reads plain text: blank lines part blocks, and what a web page left in it is taken out and reported. */
export function readText(file: string, content: string): Page {
  const findings: Finding[] = []
  const blocks: Block[] = []
  const spaces = new Spaces(file)
  let open: { lines: string[], line: number } | null = null
  const close = () => {
    if (open) blocks.push(...blocksOf(open.lines, open.line, spaces))
    open = null
  }
  for (const [number, raw] of content.replace(/^\ufeff/, '').split(/\r\n?|\n|\u2028|\u2029|\f|\v|\u0085/).entries()) {
    const line = cleaned(raw, { file, line: number + 1 }, findings)
    if (!line.trim() || (open && open.lines.length >= mostLines)) close()
    if (!line.trim()) continue
    for (const piece of pieces(line)) {
      if (open) open.lines.push(piece)
      else open = { lines: [piece], line: number + 1 }
    }
  }
  close()
  findings.push(...spaces.findings())
  return { file, url: null, language: null, blocks, pictures: [], findings, item: null }
}

/** A block's lines: items and headings stand apart, lines that were only broken for a narrow page are put together again. */
export function blocksOf(lines: string[], line: number, spaces: Spaces): Block[] {
  const widths = lines.slice(0, -1).map((each) => each.trim().length)
  const wrapped = lines.length > 1 && Math.min(...widths) > 45 && Math.max(...widths) <= 100 && Math.max(...widths) - Math.min(...widths) <= 30
  const blocks: Block[] = []
  for (const [place, each] of lines.entries()) {
    const heading = markdownHeading.exec(each)
    const last = blocks.at(-1)
    // A dash under a quotation comes before the name of its speaker.
    const item = bullet.test(each) && !(dash.test(each) && last && /[”"»’]\s*$/u.test(last.text))
    const below = place > 0 && endsAsHeader.test(lines[place - 1]!) && !/^\s*\p{Ll}/u.test(each)
    const goesOn = last && !item && !heading && !below && last.level === 0 && (wrapped || (last.role === 'item' && /^\s{2,}\S/.test(each) && /^\s*\p{Ll}/u.test(each)) || (/^\s*\p{Ll}/u.test(each) && !/[.!?:;]["”’»)]?\s*$/u.test(last.text)))
    if (goesOn) last.text += ` ${tidied(each, spaces)}`
    else blocks.push({ text: tidied(each.replace(heading ? markdownHeading : bullet, ''), spaces), anchors: [], level: heading ? heading[1]!.length : 0, role: item ? 'item' : 'text', line: line + place })
  }
  return blocks
}
