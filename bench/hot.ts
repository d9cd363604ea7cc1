import { sql } from '#platform/db.ts'
import { settleAll } from './crowd.ts'
import { runLoad } from './load.ts'
import { measuredClarion, type MeasuredClarion } from './measured-clarion.ts'
import { measure, median, type Measure } from './report.ts'
import { anotherPetition } from './settling.ts'
import { signRequest } from './signing.ts'

const participations = 1_000_000
const pairs = 7

/** An action with a million confirmed participations of as many people, counted. */
async function fill(it: MeasuredClarion, slug: string): Promise<void> {
  await sql`set synchronous_commit = off`.execute(it.db)
  await sql`
    insert into participations (person_id, id, action_id, ask_id, language, country, area_id, source, state, taken_at, confirmed_at, counted, practice, form_hash)
    select gen_random_uuid(), gen_random_uuid(), words.action_id, words.ask_id, 'en', 'MV', null, null, 'confirmed', now() - number * interval '1 second', now() - number * interval '1 second', true, true, decode(md5(number::text), 'hex')
    from generate_series(1, ${participations}::int) number cross join (select action_id, ask_id from public_action_words join actions on actions.id = action_id where slug = ${slug} and language = 'en') words`.execute(it.db)
  await sql`
    insert into tallies (action_id, dimension, value, total) select actions.id, dimension, value, ${participations} from actions cross join (values ('all', ''), ('country', 'MV'), ('language', 'en')) cut (dimension, value) where slug = ${slug}
    on conflict (action_id, dimension, value) do update set total = excluded.total`.execute(it.db)
  await sql`vacuum analyze`.execute(it.db)
}

/** Signing and settling on an action that holds a million participations beside one that holds none, in turns. */
export async function signHot(): Promise<Measure[]> {
  await using it = await measuredClarion()
  it.hold('worker')
  const full = 'no-one-should-vanish'
  const empty = await anotherPetition(it)
  await fill(it, full)
  const requests = { full: await signRequest(it, `/actions/${full}`), empty: await signRequest(it, `/actions/${empty}`) }
  let firstNumber = 0
  async function one(which: 'full' | 'empty'): Promise<{ sign: number, settle: number }> {
    const result = await runLoad({ port: it.port, connections: 128, seconds: 1, request: requests[which], firstNumber })
    if (result.failed || result.busy) throw new Error(`${result.failed + result.busy} requests failed`)
    firstNumber += 1_000_000
    const { settled, seconds } = await settleAll(it)
    return { sign: result.perSecond, settle: settled / seconds }
  }
  await one('full')
  await one('empty')
  const ratios: { sign: number[], settle: number[] } = { sign: [], settle: [] }
  const rates: { sign: number[], settle: number[] } = { sign: [], settle: [] }
  for (let pair = 0; pair < pairs; pair++) {
    // Whoever comes second finds fuller tables: each comes second as often as first.
    const first = pair % 2 ? 'full' : 'empty'
    const found = { [first]: await one(first), ...await one(first === 'full' ? 'empty' : 'full').then((other) => ({ [first === 'full' ? 'empty' : 'full']: other })) } as Record<'full' | 'empty', { sign: number, settle: number }>
    for (const what of ['sign', 'settle'] as const) {
      ratios[what].push(found.full[what] / found.empty[what])
      rates[what].push(found.full[what])
    }
  }
  it.release('worker')
  return (['sign', 'settle'] as const).map((what) => measure(`sign-hot ${what}`, median(ratios[what]), 'ratio', 1,
    `${participations.toLocaleString('en')} participations beside none, median of ${pairs} pairs in turns; ${median(rates[what]).toFixed(0)} a second on the full one; pairs from ${Math.min(...ratios[what]).toFixed(2)} to ${Math.max(...ratios[what]).toFixed(2)}; at least 0.95`))
}
