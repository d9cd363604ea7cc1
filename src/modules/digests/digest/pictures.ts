import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { slug } from '#platform/slug.ts'
import { credit } from '../lexicon/speech.ts'
import type { Origin, Thread } from './report.ts'

/** A picture that was given with a page, as a text shows it. */
export interface GivenPicture {
  /** From its name and its bytes: the same picture is the same in every import. */
  handle: string
  bytes: Buffer
  alt: string
  /** As the page had it, and without the credit. */
  written: string
  caption: string
  author: string
  agency: string
  /** How many paragraphs stand before it. */
  at: number
}

/** The name of a picture among the files that were given: from the folder of its page, from the folder that was given, or the only one that is called so. */
export function givenAs(source: string, { pictures, file }: { pictures: ReadonlySet<string>, file: string }): string | undefined {
  const direct = [posix.normalize(posix.join(posix.dirname(file), source)), source, source.replace(/^[./]+/, '')].find((each) => pictures.has(each))
  if (direct) return direct
  const called = [...pictures].filter((each) => posix.basename(each) === posix.basename(source))
  return called.length === 1 ? called[0] : undefined
}

/** The pictures of an entry whose files came along. */
export function placedPictures(pictures: Origin['pictures']): GivenPicture[] {
  return pictures.flatMap(({ source, alt, caption, bytes, at }) => {
    if (!bytes) return []
    const mark = createHash('sha256').update(bytes).digest('hex').slice(0, 8)
    const name = slug(posix.basename(source).replace(/\.[^.]*$/, '')).slice(0, 50).replace(/-$/, '')
    return [{ handle: `${name}-${mark}`, bytes, alt: alt.trim().slice(0, 1000), written: caption, at, ...creditedIn(caption) }]
  })
}

const opens = /^(?:photo|image|credit|picture|©|foto|تصوير|صورة|צילום)/iu

/** What a caption says, and whose picture it says it is: "A quay at night. Photo by Ren Halm / WIRE". Nothing is guessed: without a word for it there is no credit. */
function creditedIn(caption: string): { caption: string, author: string, agency: string } {
  const said = credit.exec(caption)
  const words = said?.[0].trimStart()
  if (!said || !opens.test(words!)) return { caption: caption.slice(0, 1000), author: '', agency: '' }
  const [author = '', ...agency] = caption.slice(said.index + said[0].length).split(/\s*\/\s*|\s+via\s+/u)
  return { caption: caption.slice(0, said.index).replace(/[\s|·(–—-]+$/u, '').trim().slice(0, 1000), author: author.replace(/[).\s]+$/u, '').slice(0, 300), agency: agency.join(' / ').replace(/[).\s]+$/u, '').slice(0, 300) }
}

/** What a text says in the places where its pictures stand. */
export function picturesAt(pictures: GivenPicture[], at: number): string[] {
  return pictures.filter((each) => each.at === at).map(({ handle }) => directiveOf(handle))
}

export function directiveOf(handle: string): string {
  return `::image[${handle}]`
}

/** A caption stands under its picture, and not in the text as well. Its place stays, so that links keep theirs. */
export function withoutCaptions(thread: Thread, pictures: GivenPicture[]): Thread {
  if (pictures.length === 0) return thread
  const captions = new Set(pictures.map(({ written }) => written))
  return { ...thread, paragraphs: thread.paragraphs.map((each, place) => (each.role === 'caption' && captions.has(each.text) && !thread.links.some(({ paragraph }) => paragraph === place) ? { ...each, text: '' } : each)) }
}
