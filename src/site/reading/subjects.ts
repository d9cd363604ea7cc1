import { reading } from '#platform/db.ts'
import { inTheLanguage, type SubjectKind } from '#modules/places/index.ts'
import { formerAddress, type ShownSubject } from '#modules/publishing/index.ts'
import type { Site } from '../context.ts'
import { localPath, type Frame } from '../look/layout.ts'

/** Where places and where topics are listed. */
export const folders = { place: '/places', topic: '/topics' } as const satisfies Record<SubjectKind, string>

export function subjectPath({ kind, slug }: Pick<ShownSubject, 'kind' | 'slug'>, rest = ''): string {
  return `${folders[kind]}/${slug}${rest}`
}

export function allSubjects(site: Site): Promise<ShownSubject[]> | ShownSubject[] {
  return site.subjects.get('')
}

export async function findSubject(site: Site, kind: SubjectKind, slug: string | undefined): Promise<ShownSubject | undefined> {
  return (await allSubjects(site)).find((each) => each.kind === kind && each.slug === slug)
}

/** What a place lies in, the widest first, as far as it has a page. */
export function around({ parentId }: ShownSubject, all: ShownSubject[]): ShownSubject[] {
  const found: ShownSubject[] = []
  let parent = all.find(({ id }) => id === parentId)
  while (parent && !found.includes(parent)) {
    found.unshift(parent)
    const { parentId: next } = parent
    parent = all.find(({ id }) => id === next)
  }
  return found
}

/** A place or topic with all that lie in it. */
export function below(subject: ShownSubject, all: ShownSubject[]): ShownSubject[] {
  const found = [subject]
  for (const each of found) found.push(...all.filter((other) => other.parentId === each.id && !found.includes(other)))
  return found
}

/** What a subject is called on a page, and the language of that name. */
export function subjectName({ t, publisher }: Pick<Frame, 't' | 'publisher'>, subject: ShownSubject): { name: string, language: string } {
  return inTheLanguage(subject.names, t.language, publisher.defaultLanguage) ?? { name: subject.slug, language: publisher.defaultLanguage }
}

/** A place or topic with what it is called on a page. */
export interface Named {
  subject: ShownSubject
  name: string
  language: string
}

/** Places or topics from A to Z, as the page's language sorts them. */
export function fromAToZ(frame: Pick<Frame, 't' | 'publisher'>, subjects: ShownSubject[]): Named[] {
  const order = new Intl.Collator(frame.t.language)
  return subjects.map((subject) => ({ subject, ...subjectName(frame, subject) })).toSorted((a, b) => order.compare(lookedUnder(a.name), lookedUnder(b.name)))
}

/** An Arabic name is looked for without its article. */
export function lookedUnder(name: string): string {
  return name.replace(/^ال(?=..)/, '')
}

/** Where something that was renamed is now, as an address in the page's language. */
export async function movedTo(site: Site, frame: Frame, kind: SubjectKind | 'item', slug: string | undefined, rest = '', folder = '/items'): Promise<{ moved: string } | undefined> {
  if (!slug || !/^[a-z0-9-]{1,80}$/.test(slug)) return undefined
  const now = await reading(site.db, (tx) => formerAddress(tx, kind, slug))
  return now === undefined ? undefined : { moved: localPath(frame, kind === 'item' ? `${folder}/${now}${rest}` : subjectPath({ kind, slug: now }, rest)) }
}
