import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#platform/db.ts'
import { siteWords } from '#site/words/index.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()

/** What the database allows in a column, and which words the page of one's own data has for it. */
const said = {
  'consents.way': 'my.said-by', 'consents.answer': 'my.answer', 'consent_statements.channel': 'my.channel', 'participations.state': 'my.state', 'public_names.state': 'my.shown',
  'preferences.frequency': 'my.often', 'suppressions.scope': 'my.suppression', 'suppressions.reason': 'my.because', 'supporter_requests.way': 'my.way', 'actions.kind': 'kind',
  'bulletin_requests.state': 'my.bulletins', 'contact_messages.state': 'my.wrote', 'mails.state': 'my.mail-state', 'mailing_recipients.returned': 'my.news-returned', 'bounces.kind': 'my.return',
}

test('the page of one’s own data has a word for everything that the database can say of somebody', async () => {
  const t = siteWords('en')
  const missing: string[] = []
  for (const [place, group] of Object.entries(said)) {
    const [table, column] = place.split('.') as [string, string]
    const { rows } = await sql<{ allowed: string }>`
      select pg_get_constraintdef(oid) as allowed from pg_constraint where conrelid = ${table}::regclass and contype = 'c' and pg_get_constraintdef(oid) ~ ${`\\(\\(${column} = ANY`}`.execute(it.db)
    const values = rows.flatMap(({ allowed }) => [...allowed.matchAll(/'([\w-]+)'::text/g)].map(([, value]) => value!))
    assert.notDeepEqual(values, [], place)
    missing.push(...values.map((value) => `${group}.${value}`).filter((key) => !t.has(key)))
  }
  assert.deepEqual(missing, [])
})
