import type { Tx } from '#platform/db.ts'
import { addSubject, keepContact, setNames, type SubjectKind } from '#modules/places/index.ts'
import {
  aboutItem, addRecord, checkContent, correctItem, createItem, publishItem, publishRecord, relateItem, saveItem, saveRecord, setItemChronology, setSubjectActions, wordsWith,
  type ItemKind, type ItemLabel, type ItemWords, type LinkKind, type RecordKind,
} from '#modules/publishing/index.ts'

interface Said {
  title: string
  summary?: string
  body?: string
  picture?: string
  blocks?: ItemWords['blocks']
  paragraphs?: { ago: number, happened?: number, text: string, links: { kind: LinkKind, url: string, text?: string }[] }[]
  correction?: { ago: number, wrong: string, correct: string }
}

/** What `publishing.json` holds. Days are counted back from today, so that the country page is always fresh. */
export interface PublishedWorld {
  subjects: { kind: SubjectKind, slug: string, names: Record<string, string[]>, actions: string[] }[]
  /** Roles by language, of each place. */
  contacts: Record<string, Record<string, string>[]>
  about: Record<string, Record<string, Said>>
  records: { kind: RecordKind, handle: string, subjects?: string[], content: object, files?: string }[]
  /** What entries lead to is given by slug. */
  chronologies: { handle: string, subjects: string[], beside: string[], content: { entries: ({ leadsTo?: { item?: string } } & Record<string, unknown>)[] } }[]
  beside: { item: string, other: string, relation: Parameters<typeof relateItem>[1]['relation'] }[]
  items: ({ slug: string, kind: ItemKind, labels: ItemLabel[], about: string[], publishedAgo?: number } & Partial<Record<'en' | 'ar', Said>>)[]
}

/** Publishes the invented country's page: places, topics, a digest, demands, and what texts refer to. */
export async function loadPublishing(tx: Tx, world: PublishedWorld, now: Date, pictures: Record<string, object>): Promise<void> {
  const subjects = new Map<string, string>()
  const items = new Map<string, string>()
  for (const subject of world.subjects) {
    const id = await addSubject(tx, { kind: subject.kind, slug: subject.slug, language: 'en', name: subject.names.en![0]!, demo: true }, now)
    await setNames(tx, id, Object.entries(subject.names).flatMap(([language, names]) => names.map((name, place) => ({ language, name, shown: place === 0 }))))
    const actions = await tx.selectFrom('actions').select('id').where('slug', 'in', subject.actions).execute()
    await setSubjectActions(tx, id, actions.map((action) => action.id))
    subjects.set(subject.slug, id)
  }
  for (const { kind, handle, content, files, subjects: about = [] } of world.records) {
    await publishOne(tx, { kind, handle, content: { ...content, ...(files !== undefined && pictures[files]) }, subjects: about.map((slug) => subjects.get(slug)!) }, now)
  }
  for (const [slug, roles] of Object.entries(world.contacts)) {
    // In the order in which they were added.
    for (const [place, role] of roles.entries()) await keepContact(tx, { subjectId: subjects.get(slug)!, says: Object.fromEntries(Object.entries(role).map(([language, said]) => [language, { role: said, name: '' }])), languages: [], staffId: null }, new Date(now.getTime() + place))
  }
  for (const [slug, languages] of Object.entries(world.about)) {
    const itemId = await aboutItem(tx, { id: subjects.get(slug)!, slug, demo: true }, now)
    await publishAll(tx, itemId, languages, [], undefined, now)
  }
  for (const { slug, kind, labels, about, publishedAgo, en, ar } of world.items) {
    const itemId = await createItem(tx, { kind, wanted: slug, thread: en!.paragraphs !== undefined, subjects: about.map((each) => subjects.get(each)!), demo: true }, now)
    await publishAll(tx, itemId, { en: en!, ...(ar && { ar }) }, labels, publishedAgo, now)
    items.set(slug, itemId)
  }
  for (const { item, other, relation } of world.beside) await relateItem(tx, { itemId: items.get(item)!, otherId: items.get(other)!, relation, staffId: null }, now)
  for (const { handle, content, beside, subjects: about } of world.chronologies) {
    const entries = content.entries.map((each) => (each.leadsTo?.item === undefined ? each : { ...each, leadsTo: { item: items.get(each.leadsTo.item) } }))
    const recordId = await publishOne(tx, { kind: 'chronology', handle, content: { ...content, entries }, subjects: about.map((slug) => subjects.get(slug)!) }, now)
    for (const slug of beside) await setItemChronology(tx, { itemId: items.get(slug)!, recordId, shown: true, staffId: null }, now)
  }
}

async function publishOne(tx: Tx, { kind, handle, content, subjects }: { kind: RecordKind, handle: string, content: object, subjects: string[] }, now: Date): Promise<string> {
  const checked = checkContent(kind, content)
  if ('wrong' in checked) throw new Error(`${handle}: ${checked.wrong.join(', ')}`)
  const id = (await addRecord(tx, { handle, record: checked.content, subjects, demo: true, staffId: null }, now))!
  const { outcome } = await publishRecord(tx, { id, revisionId: await saveRecord(tx, { id, record: checked.content, staffId: null }, now), staffId: null }, now)
  if (outcome !== 'published') throw new Error(`${handle} cannot be published: ${outcome}`)
  return id
}

async function publishAll(tx: Tx, itemId: string, languages: Record<string, Said>, labels: ItemLabel[], publishedAgo: number | undefined, now: Date): Promise<void> {
  let sourceId: string | null = null
  for (const [language, said] of Object.entries(languages)) {
    const words = wordsWith({
      title: said.title, summary: said.summary, body: said.body, picture: said.picture, blocks: said.blocks, labels, publishedOn: publishedAgo === undefined ? '' : ago(now, publishedAgo),
      paragraphs: said.paragraphs?.map((each) => ({
        id: ago(now, each.ago), day: ago(now, each.ago), happened: each.happened === undefined ? '' : ago(now, each.happened), text: each.text, links: each.links.map((link) => ({ text: '', ...link })),
      })),
    })
    const saved = await saveItem(tx, { itemId, language, words, sourceId, staffId: null }, now)
    if (saved.outcome === 'changed-meanwhile') throw new Error('Nobody else writes while the sample is loaded')
    const published = await publishItem(tx, { revisionId: saved.revisionId, staffId: null, zone: 'UTC' }, now)
    if (published.outcome !== 'published') throw new Error(`${said.title} cannot be published: ${JSON.stringify(published)}`)
    if (said.correction) await correctItem(tx, { revisionId: saved.revisionId, staffId: null, zone: 'UTC', wrong: said.correction.wrong, correct: said.correction.correct }, now)
    sourceId ??= saved.revisionId
  }
}

function ago(now: Date, days: number): string {
  return new Date(now.getTime() - days * 86_400_000).toISOString().slice(0, 10)
}
