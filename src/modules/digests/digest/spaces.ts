import type { Finding } from '../lint/finding.ts'

/** Counts the spaces of a page that were put right: they say nothing, and one note for all is enough. */
export class Spaces {
  fixed = 0
  private readonly file: string
  constructor(file: string) {
    this.file = file
  }

  findings(): Finding[] {
    if (this.fixed === 0) return []
    return [{ rule: 'L25', severity: 'note', where: { part: 'page', index: 0, start: 0, end: 0, file: this.file }, text: '', values: { fault: 'count', count: String(this.fixed) }, fixes: [] }]
  }
}

// French has one before these signs, and a number one before its unit.
const wanted = /(?<=«)[\u00a0\u202f]|[\u00a0\u202f](?=[:;!?»%€])|(?<=\d)[\u00a0\u202f](?=\d)/gu

/** A text with single, ordinary spaces; those that do not break stay where a language wants them. */
export function tidied(text: string, spaces: Spaces): string {
  if (!/[\u00a0\u202f\u2000-\u200a\u3000\t]|\s{2}/.test(text)) return text.trim()
  const kept = text.replace(wanted, '\ue000')
  const tidy = kept.replace(/[\s\u00a0\u202f\u2000-\u200a\u3000]+/gu, (run) => {
    if (run !== ' ') spaces.fixed += 1
    return ' '
  })
  return tidy.replaceAll('\ue000', '\u00a0').trim()
}
