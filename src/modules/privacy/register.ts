import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { sql, type Db } from '#platform/db.ts'
import { registeredSuppressions, type ErasedParticipation, type Erasure, type RegisteredSuppression } from '#modules/people/index.ts'
import { asLine, readRegister } from './register-lines.ts'

/** Where a data folder keeps its register of erasures: beside the database, and in none of its backups. */
export const registerFile = (dataFolder: string) => join(dataFolder, 'erasures.jsonl')

/** Transactions that began earlier may end later: what is that young is read again. */
const marginMs = 10 * 60_000

/**
 * The register of erasures as a file that outlives the database: one line for each person who was erased because they asked, for each participation of a
 * name that was erased out of a shared mailbox, and for each address that must not be written to, as its keyed hash. It is
 * appended to and flushed before the next thing happens, and read when a worker starts or a backup is restored. A database that
 * has no such line is older than the erasure, and erases again.
 */
export class ErasureRegister {
  readonly #file: string
  readonly #known: Set<string>
  readonly #writtenUntil = { people: new Date(0), participations: new Date(0), suppressions: new Date(0) }

  constructor(file: string) {
    this.#file = file
    const { people, participations, suppressions } = readRegister(file)
    this.#known = new Set([...people.map(nameOf.people), ...participations.map(nameOf.participations), ...suppressions.map(nameOf.suppressions)])
  }

  /** Appends what the database has and the file has not: by any worker, on whichever machine. Returns how many erasures. */
  async write(db: Db): Promise<number> {
    const since = (kind: keyof typeof nameOf) => new Date(this.#writtenUntil[kind].getTime() - marginMs)
    const { rows: people } = await sql<Erasure>`
      select person_hash as "personHash", email_index as "emailIndex", key_id as "keyId", erased_at as "erasedAt" from erasures where erased_at > ${since('people')} order by erased_at`.execute(db)
    const { rows: participations } = await sql<ErasedParticipation>`
      select participation_hash as "participationHash", erased_at as "erasedAt" from erased_participations where erased_at > ${since('participations')} order by erased_at`.execute(db)
    // Whoever is erased again is suppressed again by that; what is practised is forgotten.
    const suppressions = await registeredSuppressions(db, since('suppressions'))
    const written = await this.#add(people, nameOf.people, asLine.people) + await this.#add(participations, nameOf.participations, asLine.participations)
    await this.#add(suppressions, nameOf.suppressions, asLine.suppressions)
    this.#writtenUntil.people = people.at(-1)?.erasedAt ?? this.#writtenUntil.people
    this.#writtenUntil.participations = participations.at(-1)?.erasedAt ?? this.#writtenUntil.participations
    this.#writtenUntil.suppressions = suppressions.at(-1)?.since ?? this.#writtenUntil.suppressions
    return written
  }

  async #add<Line>(lines: Line[], name: (line: Line) => string, text: (line: Line) => string): Promise<number> {
    const fresh = lines.filter((line) => !this.#known.has(name(line)))
    if (fresh.length > 0) await append(this.#file, fresh.map(text).join(''))
    for (const line of fresh) this.#known.add(name(line))
    return fresh.length
  }
}

/** By what a line is known again. */
const nameOf = {
  people: ({ keyId, personHash }: Erasure) => `${keyId} ${personHash.toString('base64')}`,
  participations: ({ participationHash }: ErasedParticipation) => participationHash.toString('base64'),
  suppressions: (line: RegisteredSuppression) => asLine.suppressions(line),
}

async function append(file: string, text: string): Promise<void> {
  const handle = await open(file, 'a+', 0o600)
  try {
    const { size } = await handle.stat()
    const last = Buffer.from('\n')
    if (size > 0) await handle.read(last, 0, 1, size - 1)
    // A line that a crash cut short must not swallow the next one.
    await handle.appendFile(`${last.toString() === '\n' ? '' : '\n'}${text}`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
