import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import type { ConsentChannel } from './consent.ts'

/** Who is responsible for data on a form: the publisher, or a partner on a joint action. */
export interface Controller {
  id: string
  publisher: boolean
  names: Record<string, string>
  privacyUrl: string | null
}

/** A question that people answer yes or no, with its newest wording in each language. */
export interface Statement {
  id: string
  purpose: string
  channel: ConsentChannel
  /** Whether a yes holds for the action in which it was given alone, or for whatever its controller does. */
  about: 'controller' | 'action'
  controllerId: string
  wordings: Record<string, { id: string, version: number, wording: string }>
  retired: boolean
}

export async function controllers(db: Db): Promise<Controller[]> {
  const rows = await db.selectFrom('controllers').selectAll().where('retired_at', 'is', null).orderBy('publisher', 'desc').execute()
  return rows.map((row) => ({ id: row.id, publisher: row.publisher, names: row.names as Record<string, string>, privacyUrl: row.privacy_url }))
}

/** The publisher as controller; made when it is first needed, and named as the publisher is. */
export async function publisherController(tx: Tx, names: Record<string, string>): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into controllers (id, publisher, names) values (${randomUUID()}, true, ${JSON.stringify(names)})
    on conflict (publisher) where publisher do update set names = excluded.names returning id`.execute(tx)
  return rows[0]!.id
}

export async function addController(tx: Tx, controller: { names: Record<string, string>, privacyUrl: string | null }): Promise<string> {
  const id = randomUUID()
  await tx.insertInto('controllers').values({ id, names: JSON.stringify(controller.names), privacy_url: controller.privacyUrl }).execute()
  return id
}

/** Whoever has this name already, with the address of their policy if that is given; else a new controller. A partner with two questions is one, with one key and one list. */
export async function controllerNamed(tx: Tx, { name, language, privacyUrl }: { name: string, language: string, privacyUrl: string | null }): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    update controllers set privacy_url = case when publisher then privacy_url else coalesce(${privacyUrl}, privacy_url) end
    where id = (select id from controllers where retired_at is null and exists (select from jsonb_each_text(names) its where lower(its.value) = lower(${name})) order by publisher desc, id limit 1) returning id`.execute(tx)
  return rows[0]?.id ?? addController(tx, { names: { [language]: name }, privacyUrl })
}

export async function statements(db: Db): Promise<Statement[]> {
  const rows = await db.selectFrom('consent_statements').selectAll().orderBy('created_at').orderBy(sql`purpose = 'bulletin'`).execute()
  const wordings = await db.selectFrom('consent_wordings').selectAll().orderBy('version').execute()
  return rows.map((row) => ({
    id: row.id, purpose: row.purpose, channel: row.channel as ConsentChannel, about: row.about as Statement['about'], controllerId: row.controller_id, retired: row.retired_at !== null,
    wordings: Object.fromEntries(wordings.filter((each) => each.statement_id === row.id).map((each) => [each.language, { id: each.id, version: each.version, wording: each.wording }])),
  }))
}

export async function addStatement(tx: Tx, statement: { purpose: string, channel: ConsentChannel, about?: Statement['about'], controllerId: string, wordings: Record<string, string> }, now: Date): Promise<string> {
  const id = randomUUID()
  await tx.insertInto('consent_statements').values({
    id, purpose: statement.purpose, channel: statement.channel, about: statement.about ?? 'controller', controller_id: statement.controllerId, created_at: now,
  }).execute()
  await changeWordings(tx, id, statement.wordings, now)
  return id
}

/** Changes how a statement is worded: each change is a new version, and answers keep pointing at the words that were shown. */
export async function changeWordings(tx: Tx, statementId: string, wordings: Record<string, string>, now: Date): Promise<void> {
  for (const [language, wording] of Object.entries(wordings)) {
    if (!wording.trim()) continue
    await sql`
      insert into consent_wordings (id, statement_id, language, version, wording, created_at)
      select ${randomUUID()}, ${statementId}, ${language}, 1 + coalesce(max(version), 0), ${wording.trim()}, ${now}
      from consent_wordings where statement_id = ${statementId} and language = ${language}
      having (array_agg(wording order by version desc))[1] is distinct from ${wording.trim()}`.execute(tx)
  }
}

/** A controller has another name in this language: its statements that say the name say the new one, each as a new version. */
export async function renameInWordings(tx: Tx, controllerId: string, language: string, names: { from: string, to: string }, now: Date): Promise<void> {
  for (const statement of (await statements(tx)).filter((each) => each.controllerId === controllerId && !each.retired)) {
    const present = statement.wordings[language]?.wording
    if (present?.includes(names.from)) await changeWordings(tx, statement.id, { [language]: present.replaceAll(names.from, names.to) }, now)
  }
}

export async function retireStatement(tx: Tx, statementId: string, now: Date): Promise<void> {
  await tx.updateTable('consent_statements').set({ retired_at: now }).where('id', '=', statementId).where('retired_at', 'is', null).execute()
}
