import { existsSync, readFileSync } from 'node:fs'
import type { ErasedParticipation, Erasure, RegisteredSuppression } from '#modules/people/index.ts'

/** What a register has: people who were erased because they asked, names that were erased out of a shared mailbox, and addresses that must not be written to. */
export interface Register {
  people: Erasure[]
  participations: ErasedParticipation[]
  suppressions: RegisteredSuppression[]
}

type Line = { [Kind in keyof Register]: { kind: Kind, it: Register[Kind][number] } }[keyof Register]

/** The lines of a register; none where there is no such file. What a crash cut off in the last line is not lost: the database writes it again. */
export function readRegister(file: string): Register {
  const register: Register = { people: [], participations: [], suppressions: [] }
  if (!existsSync(file)) return register
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    const line = readLine(text)
    if (line) (register[line.kind] as unknown[]).push(line.it)
  }
  return register
}

function readLine(text: string): Line | undefined {
  try {
    const { at, key, index, person, participation, scope, subject, reason } = JSON.parse(text) as { at: string, key: number, index: string, person?: string, participation?: string, scope?: string, subject: string, reason: string }
    const since = new Date(at)
    const bytes = (base64: string) => {
      const read = Buffer.from(base64, 'base64')
      if (read.length !== 32) throw new Error('No hash')
      return read
    }
    if (Number.isNaN(since.getTime())) return undefined
    if (participation !== undefined) return { kind: 'participations', it: { participationHash: bytes(participation), erasedAt: since } }
    if (!Number.isInteger(key)) return undefined
    if (scope !== undefined) return { kind: 'suppressions', it: { index: bytes(index), keyId: key, scope, subject, reason, since } }
    return person === undefined ? undefined : { kind: 'people', it: { personHash: bytes(person), emailIndex: bytes(index), keyId: key, erasedAt: since } }
  } catch {
    return undefined
  }
}

/** Lines as they stand in the file, each with its end. Two that say the same are the same. */
export const asLine = {
  people: ({ personHash, emailIndex, keyId, erasedAt }: Erasure) => line({ at: erasedAt.toISOString(), key: keyId, index: emailIndex.toString('base64'), person: personHash.toString('base64') }),
  participations: ({ participationHash, erasedAt }: ErasedParticipation) => line({ at: erasedAt.toISOString(), participation: participationHash.toString('base64') }),
  suppressions: ({ index, keyId, scope, subject, reason, since }: RegisteredSuppression) => line({ at: since.toISOString(), key: keyId, index: index.toString('base64'), scope, subject, reason }),
}

function line(said: object): string {
  return `${JSON.stringify(said)}\n`
}
