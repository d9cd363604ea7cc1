import { openDb, sql } from '#platform/db.ts'
import { changed } from '#platform/key-changes.ts'
import { Opener } from '#platform/sealing/index.ts'
import { beginRotation, keyNames, reindexStep, resealStep } from '#modules/keys/index.ts'
import { openContact } from '#modules/people/index.ts'
import { handIn, settleAll } from './crowd.ts'
import { measuredClarion } from './measured-clarion.ts'
import { measure, type Measure } from './report.ts'

const people = 20_000

/** How many rows a second move to a new contact key, and how many people to a new index key, beside opening the same values without a database. */
export async function rotateRate(): Promise<Measure[]> {
  await using it = await measuredClarion()
  it.hold('worker')
  await handIn(it, people)
  await settleAll(it)
  const worker = openDb(it.poolOf('worker'))
  const opening = await openingRate(it.keys.opener, (await sql<{ id: string, contact: Buffer }>`select id, contact from people order by id`.execute(it.db)).rows)

  const { worker: fresh } = changed(changed(it.secrets, { do: 'rotate', kind: 'contact' }, new Date()), { do: 'rotate', kind: 'index' }, new Date())
  const opener = new Opener(fresh.contact)
  const began = new Date()
  await beginRotation(worker, { kind: 'contact', process: 'worker', names: keyNames(fresh.contact) }, began)
  const moved = await rate(() => resealStep({ db: worker, opener, newest: fresh.contact.at(-1)!, process: 'worker' }, began))
  await beginRotation(worker, { kind: 'index', process: 'worker', names: fresh.indexKeys.map(({ id }) => String(id)) }, began)
  const indexed = await rate(() => reindexStep({ db: worker, opener, indexKeys: fresh.indexKeys }, began))
  it.release('worker')
  return [
    measure('rotate', moved, 'rows/s', opening, `one worker, ${people} people and their participations moved to a new contact key; beside opening the same contacts without a database`),
    measure('rotate-index', indexed, 'people/s', opening, 'the same people indexed under a new index key, with all that is remembered of their addresses'),
  ]
}

async function rate(step: () => Promise<number>): Promise<number> {
  const startedAt = performance.now()
  let rows = 0
  for (let done = -1; done !== 0;) {
    done = await step()
    // The last step of a column looks at nothing and counts as one.
    rows += done > 1 ? done : 0
  }
  return rows / ((performance.now() - startedAt) / 1000)
}

async function openingRate(opener: Opener, rows: { id: string, contact: Buffer }[]): Promise<number> {
  const startedAt = performance.now()
  for (let from = 0; from < rows.length; from += 1000) await Promise.all(rows.slice(from, from + 1000).map(({ id, contact }) => openContact(opener, id, contact)))
  return rows.length / ((performance.now() - startedAt) / 1000)
}
