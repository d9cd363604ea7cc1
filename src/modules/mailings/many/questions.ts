import { sql, type Db, type RawBuilder } from '#platform/db.ts'
import { statementIds } from '#modules/actions/index.ts'
import { statements, type Statement } from '#modules/people/index.ts'
import type { Mailing, MailingKind } from './mailing.ts'

/**
 * The questions of which a yes can allow a mailing that is written: ours, by e-mail; about everything, and for an update about an action too. A yes that was said
 * to a partner allows nothing here. Questions that are not asked any more are there if they are among `chosen`.
 */
export async function possibleQuestions(db: Db, { kind, statements: chosen }: Pick<Mailing, 'kind' | 'statements'>): Promise<Statement[]> {
  const { id: ours } = await db.selectFrom('controllers').select('id').where('publisher', '=', true).executeTakeFirstOrThrow()
  return (await statements(db)).filter((each) => each.controllerId === ours && each.channel === 'email' && each.purpose !== 'bulletin' && (!each.retired || chosen.includes(each.id)) && (kind === 'update' || each.about === 'controller'))
}

/** Which questions a new mailing begins with: those that its action asks about itself, or else about everything. */
export async function firstQuestions(db: Db, kind: MailingKind, actionId: string | null): Promise<string[]> {
  const possible = await possibleQuestions(db, { kind, statements: [] })
  const about = (what: 'action' | 'controller', among?: string[]) => possible.filter((each) => each.about === what && (!among || among.includes(each.id))).map(({ id }) => id)
  if (kind === 'newsletter' || !actionId) return about('controller').slice(0, 1)
  const asked = await statementIds(db, actionId)
  return about('action', asked).length > 0 ? about('action', asked) : about('controller', asked)
}

/** Of some questions those that can allow a mailing, whoever chose them. */
export function ours(chosen: string[]): RawBuilder<string[]> {
  return sql`array(select statement.id from consent_statements statement join controllers on controllers.id = statement.controller_id
    where controllers.publisher and statement.channel = 'email' and statement.id = any (${chosen}::uuid[]))`
}
