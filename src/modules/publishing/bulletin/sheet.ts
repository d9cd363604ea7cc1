import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { sql, type Db, type RawBuilder } from '#platform/db.ts'
import { dayIn } from '#platform/days.ts'
import { textOfHtml } from '#platform/html/text-of-html.ts'
import { pdfFonts, renderPages } from '#platform/pdf.ts'
import { qrSvg } from '#platform/qr.ts'
import { directionOf } from '#platform/words.ts'
import { shortened } from '#platform/shortened.ts'
import { nameIn } from '#modules/places/index.ts'
import { publisherTexts, readPublisher, type Publisher } from '#modules/publisher/index.ts'
import { shownItems, shownWordsIn, type ShownItem, type ShownWords } from '../public-items.ts'
import { shownSubjects, type ShownSubject } from '../public-subjects.ts'
import { actionsIn, linksIn, shownRecords } from '../shown-records.ts'
import { referencesIn } from '../render/references.ts'
import { renderItem } from '../render/render.ts'
import { sayDate, sayKind } from '../say.ts'
import { publishingWords } from '../words/index.ts'
import { evenly } from './evenly.ts'
import { fitting, mostLooked, mostOfOne } from './fitting.ts'

const template = readFileSync(new URL('bulletin.typ', import.meta.url), 'utf8')
const mostPages = 2
const atOnce = 3
/** More than two pages ever take: what is too much is seen when it is made. */
const roomOnPaper = 10_000
/** What changes without a pointer, such as what an item is about, is looked for so often, in milliseconds. */
const lookAgainAfter = 3_600_000
const startsAfter = 45_000

/** The bulletin of a place or topic as PDF in a language; nothing where it is not made, or shows something that is not public any more. */
export async function findBulletinSheet(db: Db, subjectId: string, language: string): Promise<Buffer | undefined> {
  return (await db.selectFrom('public_bulletin_sheets').select('pdf').where('subject_id', '=', subjectId).where('language', '=', language).executeTakeFirst())?.pdf ?? undefined
}

/** Makes the bulletins of all places and topics, a few in each turn, and again when something of one has changed. */
export class BulletinMaker {
  readonly #db: Db
  readonly #origin: string
  readonly #started: number

  constructor(db: Db, origin: string, started: Date) {
    this.#db = db
    this.#origin = origin
    this.#started = started.getTime()
  }

  async turn(now: Date): Promise<number> {
    return now.getTime() - this.#started < startsAfter ? 0 : makeBulletinSheets(this.#db, this.#origin, now)
  }
}

/** Looks at a few that are due and makes those that would be different now. Returns how many it looked at. */
export async function makeBulletinSheets(db: Db, origin: string, now: Date): Promise<number> {
  const publisher = await readPublisher(db)
  const { rows } = await sql<{ subject_id: string, language: string, made_of: string | null }>`
    select subject.id as subject_id, spoken.language, sheet.made_of
    from public_subjects subject cross join unnest(${publisher.languages}::text[]) as spoken (language)
    left join bulletin_sheets sheet on sheet.subject_id = subject.id and sheet.language = spoken.language
    where sheet.subject_id is null or sheet.looked_at < ${new Date(now.getTime() - lookAgainAfter)} or ${changedSince(sql`subject.id`, sql`sheet.looked_at`)}
      or not exists (select from public_bulletin_sheets shown where shown.subject_id = sheet.subject_id and shown.language = sheet.language)
    order by sheet.looked_at nulls first limit ${atOnce}`.execute(db)
  if (rows.length === 0) return 0
  const subjects = new Map((await shownSubjects(db)).map((each) => [each.id, each]))
  for (const { subject_id, language, made_of } of rows) {
    const subject = subjects.get(subject_id)
    if (subject) await make(db, { subject, language, publisher, origin, before: made_of }, now)
  }
  return rows.length
}

/** Whether a pointer of an item about a place or topic has begun since a moment: something was published, corrected or withdrawn. */
function changedSince(subject: RawBuilder<unknown>, moment: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`exists (select from item_publications pointer join item_subjects its on its.item_id = pointer.item_id and its.subject_id = ${subject} where pointer.cancelled_at is null and pointer.from_at > ${moment} - interval '10 seconds' and pointer.from_at <= now())`
}

interface Making {
  subject: ShownSubject
  language: string
  publisher: Publisher
  origin: string
  /** What the present one is made of. */
  before: string | null
}

async function make(db: Db, { subject, language, publisher, origin, before }: Making, now: Date): Promise<void> {
  const t = publishingWords(language)
  const entries = await bulletinEntries(db, { subject, language, publisher, origin }, now)
  const url = `${homeIn(language, { publisher, origin })}/${subject.kind === 'place' ? 'places' : 'topics'}/${subject.slug}`
  const texts = publisherTexts(publisher, language)
  const name = nameIn(subject, language, publisher.defaultLanguage)
  const data = (shown: Entry[]) => ({
    language, rtl: directionOf(language) === 'rtl', fonts: pdfFonts, title: t('bulletin.title', { name }), publisher: texts.name, accent: publisher.accent, url, empty: t('bulletin.empty'), qr_alt: t('bulletin.qr'),
    // A name in another script would draw the day's number to itself.
    line: [`\u2068${texts.name}\u2069`, shown.length > 0 && sayDate(t, shown.toSorted((a, b) => b.dated.localeCompare(a.dated))[0]!.date)].filter(Boolean).join(' · '), qr: qrSvg(url, url).text.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" '), entries: shown.map(({ line, warns, title, parts, links, language: its, rtl }) => ({ line, warns, title, parts, links, language: its, rtl })),
  })
  const wordsOf = (shown: Entry[]) => [t('bulletin.title', { name }), ...shown.flatMap(({ title, warns, parts, links }) => [title, ...warns, ...parts, ...links.map(({ mark, url: to }) => `${mark} ${to}`)])].join('\n\n')
  const madeOf = createHash('sha256').update(JSON.stringify(data(entries))).update(template).digest('base64url')
  if (madeOf === before) return void await sql`
    update bulletin_sheets set looked_at = ${now}, revisions = ${used(entries, 'revisions')}::uuid[], records = ${used(entries, 'records')}::uuid[] where subject_id = ${subject.id} and language = ${language}`.execute(db)
  let shown = entries
  let made = await renderPages(template, data(shown), wordsOf(shown))
  while (made.pages > mostPages && shown.length > 1) {
    shown = shown.slice(0, -1)
    made = await renderPages(template, data(shown), wordsOf(shown))
  }
  made = await evenly(made, (setting) => renderPages(template, { ...data(shown), ...setting }, wordsOf(shown)))
  await sql`
    insert into bulletin_sheets (subject_id, language, revisions, records, made_of, looked_at, pdf)
    values (${subject.id}, ${language}, ${used(shown, 'revisions')}::uuid[], ${used(shown, 'records')}::uuid[], ${madeOf}, ${now}, ${made.bytes})
    on conflict (subject_id, language) do update set revisions = excluded.revisions, records = excluded.records, made_of = excluded.made_of, looked_at = excluded.looked_at, pdf = excluded.pdf`.execute(db)
}

/** A thread on paper: what was added last, with the versions of items and of records that it shows. */
export interface Entry {
  revisions: string[]
  records: string[]
  language: string
  rtl: boolean
  dated: string
  /** The same as exactly as it is known. */
  date: string
  /** Of what kind it is and of when, and in which language where that is not the paper's: in the paper's language. */
  line: string
  /** What it warns of, in the paper's language too. */
  warns: string[]
  title: string
  parts: string[]
  /** What its links lead to, under the numbers that stand in the parts or under their own words: paper cannot be pressed. */
  links: { mark: string, url: string }[]
}

/** Where the site begins in a language. */
const homeIn = (language: string, { publisher, origin }: { publisher: Publisher, origin: string }) => `${origin}${language === publisher.defaultLanguage ? '' : `/${language}`}`

const used = (entries: Entry[], what: 'revisions' | 'records') => [...new Set(entries.flatMap((each) => each[what]))]

/** What the bulletin of a place or topic tells at this moment. */
export function bulletinEntries(db: Db, { subject, language, publisher, origin }: Omit<Making, 'before'>, now: Date): Promise<Entry[]> {
  // One look at everything: words that are withdrawn meanwhile must not be noted as the version that came after them.
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(async (tx) => {
    const { items } = await shownItems(tx, { subjectId: subject.id, thread: true }, { most: mostLooked })
    const all: Entry[] = []
    for (const item of items) all.push(await entryOf(tx, item, shownWordsIn(item, language, publisher.defaultLanguage), { publisher, origin, paper: language }, now))
    return fitting(all, ({ title, warns, parts, links }) => ({ title: title.length, text: [...warns, ...parts, ...links.map(({ mark, url }) => mark + url)].join('').length }), roomOnPaper)
  })
}

async function entryOf(db: Db, item: ShownItem, { language, words, revisionId }: ShownWords, { publisher, origin, paper }: { publisher: Publisher, origin: string, paper: string }, now: Date): Promise<Entry> {
  const t = publishingWords(paper)
  const { records, actions, items } = await shownRecords(db, referencesIn(words))
  const localPath = (path: string) => `${homeIn(paper, { publisher, origin })}${path}`
  const rendered = renderItem(words, {
    language, around: paper, fallback: publisher.defaultLanguage, records, actions: actionsIn(actions, language, publisher.defaultLanguage, (slug) => localPath(`/actions/${slug}`)),
    items: linksIn(items, language, publisher.defaultLanguage, (its) => localPath(`/items/${its.slug}`)),
    localPath, filePath: (hash) => `${origin}/files/${hash}`, still: true, wordsOnly: true, today: dayIn(publisher.zone, now),
  })
  const [newest] = rendered.paragraphs
  const { text, links } = textOfHtml(newest?.html.text ?? '')
  const short = shortened(text, mostOfOne)
  // What the end that is not printed leads to is where the code leads.
  const told = links.filter((_, at) => short.includes(`[${at + 1}]`))
  const figures = newest && rendered.figures([newest])
  const sources = textOfHtml(figures ? figures.text : '', told.length + 1)
  const numbered = [...told, ...sources.links].map((to, at) => ({ mark: `[${at + 1}]`, url: to }))
  const named = (newest?.links ?? []).map(({ kind, url, text: says }) => ({ mark: `${says || publishingWords(language)(`link.${kind}`)}:`, url }))
  const warns = rendered.notices.map((notice) => textOfHtml(notice.text).text.replace(/ \[\d+\]/g, '').replace(/\s+/g, ' '))
  return {
    revisions: [revisionId, ...await linkedRevisions(db, [...items.keys()])], records: await recordRevisions(db, [...records.keys()]), language, rtl: directionOf(language) === 'rtl', dated: item.dated, date: item.date, line: [sayKind(t, item.kind, words.labels), sayDate(t, item.date), language !== paper && t.languageName(language)].filter(Boolean).join(' · '), warns, title: words.title,
    parts: [short, sources.text].join('\n\n').split('\n\n').map((part) => part.trim()).filter(Boolean),
    links: [...numbered, ...named].map(({ mark, url }) => ({ mark, url: url.startsWith('/') ? localPath(url) : url })),
  }
}

async function recordRevisions(db: Db, keys: string[]): Promise<string[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<{ id: string }>`select revision_id as id from public_records where kind || ' ' || handle = any (${keys}::text[])`.execute(db)
  return rows.map(({ id }) => id)
}

/** What a chronology in a text leads to is called by its own words: where those go, so does the paper. */
async function linkedRevisions(db: Db, items: string[]): Promise<string[]> {
  if (items.length === 0) return []
  return (await db.selectFrom('public_item_words').select('revision_id').where('item_id', 'in', items).execute()).map(({ revision_id }) => revision_id)
}
