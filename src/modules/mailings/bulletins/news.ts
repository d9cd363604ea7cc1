import { sql, type Db } from '#platform/db.ts'
import { itemsById, shownWordsIn, type ShownItem, type ShownWords } from '#modules/publishing/index.ts'

/** Of which place or topic, and what became public after one moment and until another. */
export interface Covers {
  subjectId: string
  from: Date
  until: Date
}

/** What a bulletin tells of one item. */
export interface News {
  item: ShownItem
  shown: ShownWords
  /** Whether it was not there before. */
  fresh: boolean
  /** The ids of the paragraphs that were added. */
  added: ReadonlySet<string>
  corrections: ShownItem['corrections']
}

/** So many days after its own day, what is published for the first time is an archive and no news. */
const newsDays = 30

/** Whether what a pointer made public is told by mail: what readers see as news, but for old things that were not public before, such as the archive of a page that is brought over. */
export const toldByMail = sql<boolean>`(pointer.moves and pointer.revision_id is not null and pointer.cancelled_at is null and (pointer.dated >= pointer.from_at::date - ${newsDays}::int
  or exists (select from item_publications earlier where earlier.item_id = pointer.item_id and earlier.language = pointer.language and earlier.until_at = pointer.from_at and earlier.cancelled_at is null and earlier.revision_id is not null)))`

interface Moved {
  item_id: string
  language: string
  fresh: boolean
  added: string[]
}

/**
 * What is to be told in a language: of what became public in that time what still is public now, in the words that are public now. What has no words in the language is told in
 * the fall-back's; of a correction they do not follow yet, that there is one. The newest come first.
 */
export async function newsIn(db: Db, { subjectId, from, until }: Covers, { language, fallback }: { language: string, fallback: string }): Promise<News[]> {
  const at = (moment: Date) => sql`
    select revision.words from item_publications pointer join item_revisions revision on revision.id = pointer.revision_id
    where pointer.item_id = moved.item_id and pointer.language = moved.language and pointer.cancelled_at is null and pointer.from_at <= ${moment} and (pointer.until_at is null or pointer.until_at > ${moment})`
  // What of an archive became public in that time was there before what was added to it since.
  const archive = sql`
    select revision.words from item_publications pointer join item_revisions revision on revision.id = pointer.revision_id
    where pointer.item_id = moved.item_id and pointer.language = moved.language and pointer.from_at > ${from} and pointer.from_at <= ${until} and pointer.moves and pointer.cancelled_at is null and not ${toldByMail} order by pointer.from_at limit 1`
  const ids = (words: string) => sql`select part ->> 'id' from jsonb_array_elements(coalesce(${sql.ref(words)} -> 'paragraphs', '[]')) part`
  // Which paragraphs there were, and no word of them: the words are those that are public now.
  const { rows } = await sql<Moved>`
    select moved.item_id, moved.language, before.words is null as fresh, array(${ids('after.words')} except ${ids('before.words')}) as added
    from (
      select distinct pointer.item_id, pointer.language from item_publications pointer join public_item_subjects its on its.item_id = pointer.item_id and its.subject_id = ${subjectId}
      where pointer.from_at > ${from} and pointer.from_at <= ${until} and ${toldByMail}) moved
    join lateral (${at(until)}) after on true left join lateral (select words from (select 0 as place, known.words from (${at(from)}) known union all select 1, archive.words from (${archive}) archive) either_one order by place limit 1) before on true`.execute(db)
  const items = await itemsById(db, [...new Set(rows.map(({ item_id }) => item_id))])
  return items.filter(({ kind }) => kind !== 'about').flatMap((item): News[] => {
    const shown = shownWordsIn(item, language, fallback)
    const moved = rows.find((row) => row.item_id === item.id && row.language === shown.language)
    const corrections = item.corrections.filter((each) => each.at > from && each.at <= until)
    if (moved) return [{ item, shown, fresh: moved.fresh, added: new Set(moved.added), corrections }]
    // Who read a translation that does not follow a correction yet has read what was wrong.
    const pending = corrections.filter((each) => each.pending.includes(shown.language))
    return pending.length > 0 ? [{ item, shown, fresh: false, added: new Set(), corrections: pending }] : []
  }).toSorted((a, b) => b.item.dated.localeCompare(a.item.dated) || b.item.updatedAt.getTime() - a.item.updatedAt.getTime())
}
