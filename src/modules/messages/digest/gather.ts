import { sql, type Db } from '#platform/db.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { countryNameIn } from '#platform/formats.ts'
import { actionWords, factsOfAreas, messagePlace, type ActionWords, type MessageText } from '#modules/actions/index.ts'
import { localName } from '#modules/targets/index.ts'
import { letterFor } from '../letter.ts'
import { startingText, templateFor } from '../wording.ts'

export interface GatheredMessage {
  personId: string
  id: string
  participationId: string
  actionId: string
  officeId: string
}

/** The same words from some people of one action. */
export interface SameWords {
  subject: string
  body: string
  /** Each as one line: name, address and postcode as far as the message shows them. */
  writers: string[]
}

/** The messages of a digest, by action, the words that most people used first. */
export interface Gathered {
  /** How many wrote; who wrote about two actions is one. */
  people: number
  actions: { id: string, title: string, people: number, words: SameWords[] }[]
  /** How many used the publisher's words as they were, and how many made them their own. */
  texts: { revisionId: string, unchanged: number, changed: number }[]
  /** Messages whose words are gone. */
  lost: string[]
}

interface Row {
  id: string
  participation_id: string
  action_id: string
  text: Buffer | null
  country: string | null
  area: { id: string, name: string, names: Record<string, string> } | null
  office_id: string
}

/** Opens the words of these messages and puts together what is the same. In four statements, however many there are. */
export async function gather(db: Db, opener: Opener, messages: GatheredMessage[], language: string): Promise<Gathered> {
  const { rows } = await sql<Row>`
    select wanted.id, wanted.participation_id, wanted.action_id, wanted.office_id, text.contact as text, p.country, case when areas.id is not null then json_build_object('id', areas.id, 'name', areas.name, 'names', areas.names) end as area
    from unnest(${messages.map((each) => each.personId)}::uuid[], ${messages.map((each) => each.id)}::uuid[], ${messages.map((each) => each.participationId)}::uuid[], ${messages.map((each) => each.actionId)}::uuid[], ${messages.map((each) => each.officeId)}::text[])
      with ordinality as wanted (person_id, id, participation_id, action_id, office_id, nth)
    left join participations p on p.person_id = wanted.person_id and p.id = wanted.participation_id left join areas on areas.id = p.area_id
    left join message_texts text on text.person_id = wanted.person_id and text.participation_id = wanted.participation_id order by nth`.execute(db)
  const opened = await Promise.all(rows.map(async (row) => {
    const text = row.text ? await opener.open<MessageText>(messagePlace('contact', row.participation_id), row.text) : undefined
    const letter = text && letterFor(text, row.office_id)
    return letter ? { row, text, letter } : undefined
  }))
  const kept = opened.filter((each) => each !== undefined)
  const facts = await factsOfAreas(db, kept.map(({ row }) => ({ actionId: row.action_id, areaId: row.area?.id ?? '' })))
  const revisions = await wordsOf(db, [...new Set(kept.map(({ text }) => text.revision))])
  const texts = new Map<string, { unchanged: number, changed: number }>()
  const actions = new Map<string, Map<string, SameWords>>()
  for (const [place, { row, text, letter }] of kept.entries()) {
    const revision = revisions.get(text.revision)!
    const area = row.area ? localName(row.area, revision.language) : undefined
    const start = startingText(templateFor(revision.words, letter.variant), { name: text.name, area, postcode: text.postcode, country: row.country ? countryNameIn(revision.language, row.country) : undefined, facts: facts[place] }, () => row.id)
    const used = texts.get(text.revision) ?? { unchanged: 0, changed: 0 }
    used[start.body.trim() === letter.body.trim() ? 'unchanged' : 'changed'] += 1
    texts.set(text.revision, used)
    const words = actions.get(row.action_id) ?? new Map<string, SameWords>()
    actions.set(row.action_id, words)
    const key = JSON.stringify([letter.subject, letter.body.trim()])
    const same = words.get(key) ?? { subject: letter.subject, body: letter.body.trim(), writers: [] }
    same.writers.push([text.name, text.postalAddress?.replace(/\s*\n\s*/g, ', '), text.postcode].filter(Boolean).join(', '))
    words.set(key, same)
  }
  const titles = new Map([...revisions.values()].toSorted((one, other) => Number(one.language === language) - Number(other.language === language)).map((each) => [each.actionId, each.words.title]))
  return {
    people: new Set(messages.filter((_, place) => opened[place]).map(({ personId }) => personId)).size,
    actions: [...actions].map(([id, words]) => ({ id, title: titles.get(id) ?? '', people: sum([...words.values()]), words: inOrder([...words.values()], language) })),
    texts: [...texts].map(([revisionId, used]) => ({ revisionId, ...used })),
    lost: rows.filter((_, place) => !opened[place]).map((row) => row.id),
  }
}

/** As somebody would put them in order who reads them: the second before the tenth. */
function inOrder(words: SameWords[], language: string): SameWords[] {
  const { compare } = new Intl.Collator(language, { numeric: true })
  return words.map((same) => ({ ...same, writers: same.writers.toSorted(compare) })).toSorted((one, other) => other.writers.length - one.writers.length || compare(one.body, other.body))
}

function sum(words: SameWords[]): number {
  return words.reduce((all, { writers }) => all + writers.length, 0)
}

async function wordsOf(db: Db, revisionIds: string[]): Promise<Map<string, { actionId: string, language: string, words: ActionWords }>> {
  if (revisionIds.length === 0) return new Map()
  const rows = await db.selectFrom('action_revisions').select(['id', 'action_id', 'language', 'words']).where('id', 'in', revisionIds).execute()
  return new Map(rows.map((row) => [row.id, { actionId: row.action_id, language: row.language, words: actionWords.parse(row.words) }]))
}
