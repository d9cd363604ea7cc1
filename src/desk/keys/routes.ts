import { field } from '#platform/http/server.ts'
import type { KeyChange } from '#platform/key-changes.ts'
import { keyId } from '#platform/sealing/index.ts'
import { recordKeys } from '#platform/secrets.ts'
import { reach } from '#modules/publisher/index.ts'
import { auditFirst, type AuditLine } from '#modules/staff/index.ts'
import type { Desk, KeyChangeAnswer } from '../context.ts'
import { notFoundUnless, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { beforeDestroying, beforeRotating, keysPage, refusedPage } from './page.ts'
import { recoverySheet } from './sheet.ts'

export const rotatable = ['contact', 'record', 'index', 'dkim'] as const
export type Rotatable = (typeof rotatable)[number]

/** Keys: what there are, how far a change of them is, the recovery sheet, and changing them. */
export function keyRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/keys', (visit) => keysPage(desk, visit), 'keys')
  // A POST, because it opens what nobody should see by accident and is in the log.
  pages.post('/keys/sheet', (visit) => pages.change(visit, { verb: 'print-recovery-sheet', subjectKind: 'settings', subjectIds: ['keys'] }, async (tx) => {
    await reach(tx, 'recovery-sheet', visit.staff.id, visit.now)
    return recoverySheet(desk, tx, visit)
  }), 'keys')

  pages.get('/keys/rotate/:kind', async (visit) => beforeRotating(desk, visit, kindOf(visit)), 'keys')
  pages.post('/keys/rotate/:kind', async (visit): Promise<Answer> => {
    const kind = kindOf(visit)
    return after(visit, await change(desk, visit, { do: 'rotate', kind }, { verb: 'rotate-key', subjectIds: [kind] }))
  }, 'keys')

  pages.get('/keys/destroy/:kind/:key', async (visit) => beforeDestroying(visit, oldKeyOf(desk, visit)), 'keys')
  pages.post('/keys/destroy/:kind/:key', async (visit): Promise<Answer> => {
    const { kind, key } = oldKeyOf(desk, visit)
    if (field(visit.body, 'sure') !== 'yes') return { ...beforeDestroying(visit, { kind, key }, { sure: visit.t('fault.sure') }), status: 422 }
    return after(visit, await change(desk, visit, { do: 'destroy', kind, key }, { verb: 'destroy-key', subjectIds: [key] }))
  }, 'keys')

  for (const verb of ['switch-dkim', 'forget-dkim'] as const) {
    pages.post(`/keys/${verb}`, async (visit): Promise<Answer> => after(visit, await change(desk, visit, { do: verb }, { verb, subjectIds: ['dkim'] })), 'keys')
  }
}

/** Writes the line first, then asks whoever has the files. */
export async function change(desk: Desk, { staff, behalfOf }: Pick<Visit, 'staff' | 'behalfOf'>, wanted: KeyChange, line: Pick<AuditLine, 'verb' | 'subjectIds'>): Promise<KeyChangeAnswer> {
  await auditFirst(desk.db, { verb: line.verb, subjectKind: 'settings', subjectIds: line.subjectIds, staffId: staff.id, behalfOf })
  return desk.changeKeys(wanted)
}

export function after(visit: Visit, answer: KeyChangeAnswer, said: 'said.keys' | 'said.key-outside' | 'said.key-back' = 'said.keys'): Answer {
  return answer.outcome === 'done' ? { to: '/keys', said } : refusedPage(visit, answer)
}

function kindOf({ params }: Visit): Rotatable {
  return notFoundUnless(params.kind as Rotatable, (kind) => rotatable.includes(kind))
}

/** An old key that is there: never the one in use. */
function oldKeyOf({ secrets }: Desk, { params }: Visit): { kind: 'contact' | 'record', key: string } {
  const kind = notFoundUnless(params.kind as 'contact' | 'record', (each) => ['contact', 'record'].includes(each))
  const ring = (kind === 'contact' ? secrets.contact : recordKeys(secrets)).map(keyId)
  return { kind, key: notFoundUnless(params.key!, (key) => ring.slice(0, -1).includes(key)) }
}

