import { randomUUID } from 'node:crypto'
import { inTransaction, sql, type Db, type Tx } from '#platform/db.ts'

/** What somebody should look at: people wait, mail is refused or comes back, the disk is nearly full, the backup is old, no worker is at work, the audit log is another than it was. */
export const incidentKinds = ['lag', 'mail', 'returned', 'disk', 'backup', 'worker', 'audit'] as const
export type IncidentKind = (typeof incidentKinds)[number]

export interface Incident {
  id: string
  kind: IncidentKind
  beganAt: Date
}

/** How long all must have looked well before it is over: what comes and goes is one incident. */
const calmMinutes = 5

// One process at a time. The number is arbitrary and used for nothing else.
const incidentLock = 740160

/**
 * Notes what is wrong now of the kinds that the caller can see. What is new begins; what has been well for five minutes ends. With both
 * goes the promise of one mail to each who asked to be told. Returns how many began or ended.
 */
export async function noteIncidents(db: Db, seen: readonly IncidentKind[], wrong: ReadonlySet<IncidentKind>, now: Date): Promise<number> {
  return inTransaction(db, async (tx) => {
    await sql`select pg_advisory_xact_lock(${incidentLock})`.execute(tx)
    const open = new Map((await openIncidents(tx)).map((incident) => [incident.kind, incident]))
    const begun = seen.flatMap((kind) => (wrong.has(kind) && !open.has(kind) ? [{ id: randomUUID(), kind, began_at: now }] : []))
    if (begun.length) await tx.insertInto('incidents').values(begun).execute()
    const still = [...open.values()].filter(({ kind }) => seen.includes(kind))
    const ids = (which: (kind: IncidentKind) => boolean) => still.filter(({ kind }) => which(kind)).map(({ id }) => id)
    await sql`update incidents set calm_since = null where id = any (${ids((kind) => wrong.has(kind))}::uuid[]) and calm_since is not null`.execute(tx)
    await sql`update incidents set calm_since = ${now} where id = any (${ids((kind) => !wrong.has(kind))}::uuid[]) and calm_since is null`.execute(tx)
    const { rows: ended } = await sql<{ id: string }>`update incidents set ended_at = ${now} where ended_at is null and calm_since <= ${new Date(now.getTime() - calmMinutes * 60_000)} and id = any (${ids(() => true)}::uuid[]) returning id`.execute(tx)
    await promise(tx, begun.map(({ id }) => id), 'began', now)
    await promise(tx, ended.map(({ id }) => id), 'ended', now)
    return begun.length + ended.length
  })
}

/** Incidents that are not over. */
export async function openIncidents(db: Db): Promise<Incident[]> {
  const rows = await db.selectFrom('incidents').select(['id', 'kind', 'began_at']).where('ended_at', 'is', null).orderBy('began_at').execute()
  return rows.map((row) => ({ id: row.id, kind: row.kind as IncidentKind, beganAt: row.began_at }))
}

/** Who was told that it began is told that it is over, whether or not they still want to be; others only if they asked. */
async function promise(tx: Tx, incidentIds: string[], part: 'began' | 'ended', now: Date): Promise<void> {
  await sql`
    insert into incident_mails (incident_id, staff_id, part, due_at)
    select incident, told.staff_id, ${part}, ${now} from unnest(${incidentIds}::uuid[]) as incident
    cross join lateral (
      select staff_id from alert_requests where ${part} = 'began' and about = 'machine'
      union select staff_id from incident_mails where incident_id = incident and ${part} = 'ended') told
    join staff on staff.id = told.staff_id and staff.left_at is null`.execute(tx)
}
