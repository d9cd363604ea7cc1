import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { inTransaction, openDb, sql } from '#platform/db.ts'
import { wordsWith } from '#modules/publishing/index.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { formOn, post } from '#test/support/http.ts'
import { measuredClarion, type MeasuredClarion } from './measured-clarion.ts'
import { measure, type Measure } from './report.ts'

const pages = 1000
/** Pages that are looked at all the time: more would measure how fast this program asks. */
const watched = 8
const rounds = 5
const saves = 300

/** Somebody who may do everything, signed in at the desk. */
async function signedIn(it: MeasuredClarion) {
  const desk = openDb(it.poolOf('desk'))
  const now = new Date()
  const session = await inTransaction(desk, async (tx) => openSession(tx, await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Bench', email: 'bench@lamplight.example', role: 'administrator', language: 'en' }, now), now))
  const cookie = `clarion-desk=${session}`
  return {
    get: async (path: string) => (await fetch(`${it.clarion.desk}${path}`, { headers: { cookie } })).text(),
    send: async (path: string, fields: [string, string][]) => {
      const answer = await post(it.clarion.desk, path, fields, { cookie })
      if (answer.status !== 303) throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ').slice(0, 400)}`)
      return answer.headers.get('location')!
    },
  }
}

/** What a form sends with one of its fields typed anew. */
function typed(page: string, action: string, fields: Record<string, string>): [string, string][] {
  return [...formOn(page, action).fields.filter(([name]) => !(name in fields)), ...Object.entries(fields)]
}

/** A standing text stands on a thousand pages, all of which were just read: from the button to the new words on every one of them. */
export async function publish(): Promise<Measure[]> {
  await using it = await measuredClarion()
  const { get, send } = await signedIn(it)
  const ids = Array.from({ length: pages }, () => randomUUID())
  const words = JSON.stringify(wordsWith({ title: 'A page', body: 'Before.\n\n::text[bench-standing]' }))
  await sql`with given as (select * from unnest(${ids}::uuid[], ${ids.map((_, place) => `bench-${place}`)}::text[]) as given (id, slug)),
    made as (insert into items (id, slug, kind, created_at) select id, slug, 'news', now() from given),
    saved as (insert into item_revisions (id, item_id, language, words, created_at) select id, id, 'en', ${words}::jsonb, now() from given)
    insert into item_publications (item_id, language, from_at, revision_id, dated, moves, made_at) select id, 'en', now() - interval '1 day', id, date '2026-01-01', true, now() from given`.execute(it.db)
  const made = (await send('/records/new/text', [['handle', 'bench-standing'], ['record_text.en', 'Words 0.']])).split('?')[0]!
  const shows = async (place: number, said: string) => (await (await fetch(`${it.clarion.site}/items/bench-${place}`)).text()).includes(said)
  const readAll = async (said: string) => {
    let stale = 0
    for (let from = 0; from < pages; from += 20) stale += (await Promise.all(Array.from({ length: 20 }, (_, place) => shows(from + place, said)))).filter((each) => !each).length
    return stale
  }
  const times: number[] = []
  for (let round = 1; round <= rounds; round += 1) {
    await readAll('Words')
    const form = typed(await get(made), made, { 'record_text.en': `Words ${round}.` })
    const pressed = performance.now()
    await send(made, form)
    await Promise.all(Array.from({ length: watched }, async (_, place) => {
      while (!await shows(Math.floor(place * pages / watched), `Words ${round}.`)) await wait(5)
    }))
    times.push(performance.now() - pressed)
    await wait(Math.max(0, 1000 - (performance.now() - pressed)))
    const stale = await readAll(`Words ${round}.`)
    if (stale > 0) throw new Error(`${stale} of ${pages} pages still said what was before, a second later`)
  }
  return [measure('publish', Math.max(...times), 'ms', 1000, `slowest of ${rounds}: from the button to the new words on ${watched} of ${pages} cached pages that are looked at all the time; a second after the button all ${pages} had them; at most 1000`)]
}

/** Saving a text of some length at the desk, over and over, as whoever writes presses it. */
export async function deskSave(): Promise<Measure[]> {
  await using it = await measuredClarion()
  const { get, send } = await signedIn(it)
  const { rows: [item] } = await sql<{ id: string }>`select id from items where slug = 'assembly-must-keep-two-days'`.execute(it.db)
  const path = `/items/${item!.id}/en`
  const text = 'The guild says that no boat came back from the quays before the evening. '.repeat(60)
  const times: number[] = []
  for (let round = -10; round < saves; round += 1) {
    const fields = [...typed(await get(path), path, { summary: `Saved for the ${round + 11}th time. ${text.slice(0, 200)}` }), ['then', 'save'] as [string, string]]
    const pressed = performance.now()
    await send(path, fields)
    if (round >= 0) times.push(performance.now() - pressed)
  }
  const sorted = times.toSorted((one, other) => one - other)
  return [measure('desk-save', sorted[Math.ceil(saves * 0.99) - 1]!, 'ms', 100, `99th percentile of ${saves} saves of a text in the editor, over HTTP; median ${sorted[saves >> 1]!.toFixed(1)}; at most 100`)]
}
