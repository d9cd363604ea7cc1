import { sql, type Db, type Tx } from '#platform/db.ts'

/** How fast and how much; null where a wider rule decides. */
export interface SendingRule {
  perMinute: number | null
  dailyCap: number | null
  /** For one office: its messages in one mail, or never so; null: as each action has it. */
  digest: boolean | null
  /** For offices: from which hour of the publisher's day on the mail with many messages goes. */
  digestHour: number | null
}

export type RuleScope = 'offices' | 'domains' | 'domain' | 'office'

const none: SendingRule = { perMinute: null, dailyCap: null, digest: null, digestHour: null }

/** The rules that hold: the widest ones, and those of the domains and offices that were asked for. */
export interface SendingRules {
  offices: SendingRule
  domains: SendingRule
  office(id: string): SendingRule
  domain(name: string): SendingRule
}

export async function sendingRules(db: Db, subjects: { offices: string[], domains: string[] }): Promise<SendingRules> {
  const { rows } = await sql<{ scope: RuleScope, subject: string, per_minute: string | null, daily_cap: number | null, digest: boolean | null, digest_hour: number | null }>`
    select scope, subject, per_minute, daily_cap, digest, digest_hour from sending_rules
    where subject = '' or (scope = 'office' and subject = any (${subjects.offices}::text[])) or (scope = 'domain' and subject = any (${subjects.domains}::text[]))`.execute(db)
  const rules = new Map(rows.map((row) => [`${row.scope} ${row.subject}`, {
    perMinute: row.per_minute === null ? null : Number(row.per_minute), dailyCap: row.daily_cap, digest: row.digest, digestHour: row.digest_hour,
  } satisfies SendingRule]))
  const of = (scope: RuleScope, subject: string) => rules.get(`${scope} ${subject}`) ?? none
  return { offices: of('offices', ''), domains: of('domains', ''), office: (id) => of('office', id), domain: (name) => of('domain', name) }
}

/** Sets a rule, or takes it away where it says nothing. */
export async function setSendingRule(tx: Tx, scope: RuleScope, subject: string, rule: SendingRule): Promise<void> {
  await tx.deleteFrom('sending_rules').where('scope', '=', scope).where('subject', '=', subject).execute()
  if (Object.values(rule).every((value) => value === null)) return
  await tx.insertInto('sending_rules').values({ scope, subject, per_minute: rule.perMinute?.toString() ?? null, daily_cap: rule.dailyCap, digest: rule.digest, digest_hour: rule.digestHour }).execute()
}
