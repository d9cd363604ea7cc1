import { recordKeys } from '#platform/secrets.ts'
import { beginRotation, keyNames, resealStep } from '#modules/keys/index.ts'
import type { Desk } from './context.ts'

/** The desk's part in moving what lies under older keys: staff members' own, and what the record key covers, as long as that can be opened. Returns how many rows were looked at. */
export async function moveKeys(desk: Desk, now: Date): Promise<number> {
  const { db, opener, contactKey, secrets, recordLock } = desk
  const record = recordKeys(secrets)
  await beginRotation(db, { kind: 'contact', process: 'desk', names: keyNames(secrets.contact) }, now)
  await beginRotation(db, { kind: 'record', process: 'desk', names: keyNames(record) }, now)
  const own = await resealStep({ db, opener, newest: contactKey, process: 'desk' }, now)
  return own + (recordLock.opensAll() ? await resealStep({ db, opener, newest: record.at(-1)!, process: 'desk' }, now) : 0)
}
