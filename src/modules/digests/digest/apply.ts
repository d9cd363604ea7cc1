import type { Finding } from '../lint/finding.ts'
import type { Thread, ThreadLink } from './report.ts'

/** A thread with what these findings suggest first done to it; replacements from the end to the beginning. A finding that does not fit the text any more is passed over: nothing is altered by guessing. */
export function withFixes(thread: Thread, findings: Finding[]): Thread {
  const made: Thread = { ...thread, paragraphs: thread.paragraphs.map((each) => ({ ...each })), links: thread.links.map((each) => ({ ...each })) }
  let until = new Map<string, number>()
  for (const { where, fixes: [fix], text } of findings.toSorted((one, other) => other.where.start - one.where.start)) {
    if (fix?.do !== 'replace' || (where.part !== 'title' && where.part !== 'passage')) continue
    const paragraph = where.part === 'passage' ? made.paragraphs[where.index] : undefined
    const words = where.part === 'title' ? made.title : paragraph?.text
    const key = `${where.part} ${where.index}`
    const untouched = fix.end <= (until.get(key) ?? Number.POSITIVE_INFINITY)
    if (words === undefined || !untouched || words.slice(where.start, where.end) !== text) continue
    const mended = words.slice(0, fix.start) + fix.with + words.slice(fix.end)
    if (paragraph) {
      const moved = moveLinks(made.links, where.index, fix.start, fix.end, fix.with.length)
      if (!moved) continue
      made.links = moved
      paragraph.text = mended
    } else made.title = mended
    until = until.set(key, fix.start)
  }
  return otherwise(made, findings)
}

/** What is done to whole paragraphs: one that goes is left empty, so that links and pictures keep their places; a warning moves to the front. */
function otherwise(made: Thread, findings: Finding[]): Thread {
  let first: number | undefined
  for (const { where, fixes: [fix] } of findings) {
    const paragraph = where.part === 'passage' ? made.paragraphs[where.index] : undefined
    if (paragraph && fix?.do === 'heading' && paragraph.role === 'text') paragraph.role = 'heading'
    if (paragraph && fix?.do === 'drop') paragraph.text = ''
    if (paragraph && fix?.do === 'move') first ??= where.index
  }
  return first === undefined ? made : toTheFront(made, first)
}

function toTheFront({ paragraphs, links, ...thread }: Thread, index: number): Thread {
  return {
    ...thread, paragraphs: [paragraphs[index]!, ...paragraphs.slice(0, index), ...paragraphs.slice(index + 1)],
    links: links.map((link) => (link.paragraph === null || link.paragraph > index ? link : { ...link, paragraph: link.paragraph === index ? 0 : link.paragraph + 1 })),
  }
}

/** Links behind a replacement move with their words; one within a link alters nothing, because the link would lose its place. */
function moveLinks(links: ThreadLink[], paragraph: number, start: number, end: number, length: number): ThreadLink[] | null {
  const within = links.filter((link) => link.paragraph === paragraph && link.at !== null)
  if (within.some(({ at, text }) => start < at! + text.length && at! < end)) return null
  return links.map((link) => (link.paragraph === paragraph && link.at !== null && link.at >= end ? { ...link, at: link.at + length - (end - start) } : link))
}
