import { Parser } from 'htmlparser2'
import type { Page } from './block.ts'
import { HtmlReader, type HtmlOptions } from './html-reader.ts'

/** What nests deeper than this is read as if it stood side by side: only a made-up page does. */
const deepest = 200
/** More tags than this are in no page that people read: from there on its words are read, and its tags passed over. */
const mostTags = 500_000

/** Reads a web page, or what was pasted from one or from a word processor. No tag, style or script of it is kept: only words, links, pictures that were given, and what kind of block they stand in. */
export function readHtml(content: string, options: HtmlOptions): Page {
  const reader = new HtmlReader(options)
  let tags = 0
  let rest = withOpenEndAsWords(content)
  // A parser remembers what is open; past the depth that pages have, a new one goes on from there.
  while (rest && tags < mostTags) {
    const read = readUntilTooDeep(rest, reader, mostTags - tags)
    tags += read.tags
    rest = rest.slice(read.end)
    if (rest) reader.flatten()
  }
  if (rest) reader.passOver(rest)
  return reader.page()
}

/** A tag that nothing ends was cut off or never was one: a parser drops it, with all words that follow. */
function withOpenEndAsWords(content: string): string {
  const lastEnd = content.lastIndexOf('>') + 1
  return content.slice(0, lastEnd) + content.slice(lastEnd).replaceAll('<', '&lt;')
}

function readUntilTooDeep(content: string, reader: HtmlReader, most: number): { tags: number, end: number } {
  let [depth, tags, end] = [0, 0, -1]
  const count = () => {
    tags += 1
    if ((depth <= deepest && tags < most) || end >= 0) return
    end = parser.endIndex + 1
    parser.pause()
  }
  const parser: Parser = new Parser({
    onopentag(name, attributes) {
      if (end >= 0) return
      reader.open(name, attributes)
      depth += 1
      count()
    },
    ontext: (text) => (end < 0 ? reader.text(text) : undefined),
    onclosetag(name) {
      if (end >= 0) return
      depth -= 1
      reader.close(name)
      count()
    },
  }, { decodeEntities: true })
  parser.write(content)
  if (end < 0) parser.end()
  return { tags, end: end < 0 ? content.length : end }
}
