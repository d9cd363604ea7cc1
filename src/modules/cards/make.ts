import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { sql, type Db } from '#platform/db.ts'
import { pdfFonts, renderPng } from '#platform/pdf.ts'
import { directionOf } from '#platform/words.ts'
import { shortened } from '#platform/shortened.ts'
import { itemLabels, publishingWords, sayKind, type ItemKind, type ItemLabel } from '#modules/publishing/index.ts'
import { publisherTexts, readPublisher, type Publisher } from '#modules/publisher/index.ts'

const template = readFileSync(new URL('card.typ', import.meta.url), 'utf8')
/** A longer title ends in dots: who sees a link reads its beginning. */
const longest = 200
const atOnce = 8
/** Older items show the publisher's own card. */
const mostItems = 2000
/** What a process has to do when it starts goes first. */
const startsAfter = 30_000
const wholeEvery = 600_000

interface Wanted {
  name: string
  revision_id: string | null
  language: string
  title: string
  kind: ItemKind | null
  labels: ItemLabel[] | null
  made_of: string | null
}

/** What a card shows. */
interface Shown {
  language: string
  title: string
  kind: string
  publisher: string
  accent: string
}

/** Makes the cards of what is public and has none, or another than it would get now; a few in each turn. */
export class CardMaker {
  readonly #db: Db
  readonly #started: number
  #wholeAt = Number.NEGATIVE_INFINITY

  constructor(db: Db, started: Date) {
    this.#db = db
    this.#started = started.getTime()
  }

  /** Looks at what changed lately, and from time to time at everything. Returns how many were made. */
  async turn(now: Date): Promise<number> {
    if (now.getTime() - this.#started < startsAfter) return 0
    const whole = now.getTime() - this.#wholeAt > wholeEvery
    const made = await makeCards(this.#db, whole ? 'all' : 'lately', now)
    if (whole && made < atOnce) {
      this.#wholeAt = now.getTime()
      await dropCards(this.#db)
    }
    return made
  }
}

/** Makes up to a few cards that are missing or out of date. Their words are those that are public at this moment. */
export async function makeCards(db: Db, reach: 'all' | 'lately', now: Date): Promise<number> {
  const publisher = await readPublisher(db)
  const due = (await wanted(db, publisher, reach)).flatMap((each) => {
    const shown = shownOn(each, publisher)
    const madeOf = createHash('sha256').update(JSON.stringify(shown)).update(template).digest('base64url')
    return each.made_of === madeOf ? [] : [{ ...each, shown, madeOf }]
  }).slice(0, atOnce)
  for (const { name, revision_id, language, shown, madeOf } of due) {
    const png = await renderPng(template, { ...shown, rtl: directionOf(language) === 'rtl', fonts: pdfFonts })
    await sql`
      insert into cards (name, revision_id, language, made_of, png, made_at) values (${name}, ${revision_id}, ${language}, ${madeOf}, ${png}, ${now})
      on conflict (name) do update set made_of = excluded.made_of, png = excluded.png, made_at = excluded.made_at`.execute(db)
  }
  return due.length
}

function shownOn({ language, title, kind, labels }: Wanted, publisher: Publisher): Shown {
  const clean = title.replace(/\s+/g, ' ').trim()
  const short = shortened(clean, longest)
  return {
    language, title: short || publisherTexts(publisher, language).name, kind: kind && kind !== 'about' ? sayKind(publishingWords(language), kind, (labels ?? []).filter((each) => itemLabels.includes(each))) : '',
    publisher: title === '' ? '' : publisherTexts(publisher, language).name, accent: publisher.accent,
  }
}

/** A place's card says what it is called, and not what its text is headed with. */
async function wanted(db: Db, { languages }: Publisher, reach: 'all' | 'lately'): Promise<Wanted[]> {
  const { rows } = await sql<Wanted>`
    select 'house-' || spoken.language as name, null::uuid as revision_id, spoken.language, '' as title, null::text as kind, null::jsonb as labels, cards.made_of
    from unnest(${languages}::text[]) as spoken (language) left join cards on cards.name = 'house-' || spoken.language
    union all
    select shown.revision_id::text, shown.revision_id, shown.language, shown.words ->> 'title', null, null, cards.made_of
    from public_action_words shown join public_actions on public_actions.id = shown.action_id and public_actions.state <> 'draft' left join cards on cards.revision_id = shown.revision_id
    union all
    select shown.revision_id::text, shown.revision_id, shown.language, coalesce(name.name, shown.words ->> 'title'), items.kind, shown.words -> 'labels', cards.made_of
    from (
      select newest.* from public_item_words newest
      where ${reach === 'all' ? sql`true` : sql`newest.item_id in (select item_id from item_publications where from_at between now() - interval '15 minutes' and now())`} and coalesce(newest.words ->> 'picture', '') = ''
      order by newest.from_at desc limit ${mostItems}) shown
    join items on items.id = shown.item_id left join subject_names name on name.subject_id = items.subject_id and name.language = shown.language and name.shown
    left join cards on cards.revision_id = shown.revision_id`.execute(db)
  return rows
}

/** Cards of versions that are not public any more. */
export async function dropCards(db: Db): Promise<void> {
  await sql`delete from cards where revision_id is not null and not exists (select from public_cards where public_cards.name = cards.name)`.execute(db)
}
