import { randomUUID } from 'node:crypto'
import { inTransaction, sql } from '#platform/db.ts'
import { addSubject } from '#modules/places/index.ts'
import { aboutItem, publishItem, saveItem, wordsWith } from '#modules/publishing/index.ts'
import { measuredClarion, type MeasuredClarion } from './measured-clarion.ts'
import { measure, type Measure } from './report.ts'

const items = Number(process.env.BENCH_ITEMS ?? 100_000)
const places = 50
const asked = 400
const words = 'the families went to the court again and asked for a list of all who are held there and when they were taken and by whom '

/** Places with pages, and as many items about them as a large organisation has in thirty years: threads and texts, a third of them in two languages. */
async function write({ db }: MeasuredClarion): Promise<void> {
  const subjects: string[] = []
  for (let place = 0; place < places; place += 1) {
    subjects.push(await inTransaction(db, async (tx) => {
      const id = await addSubject(tx, { kind: 'place', language: 'en', name: `Bench ${place}`, slug: `bench-${place}` }, new Date())
      const itemId = await aboutItem(tx, { id, slug: `bench-${place}` }, new Date())
      const saved = await saveItem(tx, { itemId, language: 'en', words: wordsWith({ title: `Bench ${place}`, summary: words, body: words.repeat(5) }), staffId: null }, new Date())
      if (saved.outcome === 'saved') await publishItem(tx, { revisionId: saved.revisionId, staffId: null, zone: 'UTC' }, new Date())
      return id
    }))
  }
  for (let from = 0; from < items; from += 1000) {
    const all = Array.from({ length: Math.min(1000, items - from) }, (_, place) => ({ id: randomUUID(), number: from + place, thread: Math.floor((from + place) / places) % 5 < 3 }))
    const said = all.map(({ number, thread }) => JSON.stringify(wordsWith({ title: `Item ${number}`, summary: words, ...(thread ? { paragraphs: [1, 2, 3].map((n) => ({ id: `p${n}`, day: `2024-0${n}-01`, happened: '', text: words.repeat(4), links: [] })) } : { body: words.repeat(12) }) })))
    await sql`with given as (select * from unnest(${all.map(({ id }) => id)}::uuid[], ${all.map(({ number }) => number)}::int[], ${said}::jsonb[], ${all.map(({ thread }) => thread)}::boolean[], ${all.map(({ number }) => subjects[number % places])}::uuid[]) as given (id, number, words, thread, place)),
      made as (insert into items (id, slug, kind, thread, created_at) select id, 'bench-' || number, (array['news', 'report', 'press-release'])[number % 3 + 1], thread, now() from given),
      about as (insert into item_subjects (item_id, subject_id) select id, place from given),
      saved as (insert into item_revisions (id, item_id, language, words, created_at) select id, id, 'en', words, now() from given),
      translated as (insert into item_revisions (id, item_id, language, words, source_id, created_at) select gen_random_uuid(), id, 'ar', words, id, now() from given where number % 3 = 0 returning id, item_id),
      also as (insert into item_publications (item_id, language, from_at, revision_id, dated, moves, made_at) select item_id, 'ar', now() - random() * interval '3000 days', id, current_date - (random() * 3000)::int, true, now() from translated)
      insert into item_publications (item_id, language, from_at, revision_id, dated, moves, made_at) select id, 'en', now() - random() * interval '3000 days', id, current_date - (random() * 3000)::int, true, now() from given`.execute(db)
  }
  await sql`vacuum analyze`.execute(db)
}

/** Pages that nobody has asked for lately, one after the other: each is made anew. */
async function eachOnce(site: string, paths: string[]): Promise<number[]> {
  const times: number[] = []
  for (const [place, path] of paths.entries()) {
    const before = performance.now()
    const answer = await fetch(`${site}${path}`)
    await answer.arrayBuffer()
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`)
    // The first ones find nothing in any memory.
    if (place >= 20) times.push(performance.now() - before)
  }
  return times.toSorted((one, other) => one - other)
}

/** What pages and lists cost that are in no cache, among many items. */
export async function uncached(): Promise<Measure[]> {
  await using it = await measuredClarion()
  await it.holdAtRest('worker')
  await write(it)
  const { site } = it.clarion
  const said = (name: string, times: number[], most: number) => measure(name, times[Math.ceil(times.length * 0.99) - 1]!, 'ms', most, `99th percentile, in no cache, ${items} items in ${places} places, one after the other; median ${times[times.length >> 1]!.toFixed(1)}; at most ${most}`)
  const some = (count: number, of: (place: number) => string) => Array.from({ length: count }, (_, place) => of(place))
  const found = [
    said('item-page-uncached', await eachOnce(site, some(asked, (place) => `/items/bench-${place * 211 % items}`)), 20),
    said('place-page-uncached', await eachOnce(site, some(asked, (place) => `/places/bench-${place % places}?n=${place}`)), 20),
    said('archive-uncached', await eachOnce(site, some(asked, (place) => `/places/bench-${place % places}/archive/${2018 + Math.floor(place / places) % 8}`)), 20),
    said('feed-uncached', await eachOnce(site, some(asked, (place) => `/places/bench-${place % places}/feed.${['atom', 'rss', 'json'][Math.floor(place / places) % 3]}?n=${place}`)), 50),
    said('site-feed-uncached', await eachOnce(site, some(asked / 4, (place) => `/feed.atom?n=${place}`)), 50),
    said('sitemap-uncached', await eachOnce(site, some(40, (place) => `/sitemap.xml?n=${place}`)), 500),
  ]
  it.release('worker')
  return found
}
