import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { acting } from '#test/support/acting.ts'
import { openDeskPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const { origin } = await openDeskPages(it, () => act.now)
const sessionIn = async (language: string) => inTransaction(it.as('desk'), async (tx) => {
  const id = await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: `${language}@lamplight.example`, role: 'campaigner', language }, act.now)
  return { cookie: `clarion-desk=${await openSession(tx, id, act.now)}` }
})

test('wherever the desk lists what people did, it names the action by its title, in the language of whoever reads', async () => {
  const [signature, letter] = await act.takes(act.signature(), act.letter())
  await act.confirms(signature!)
  await act.confirms(letter!)
  const { person_id: person } = await it.db.selectFrom('participations').select('person_id').where('id', '=', signature!.id).executeTakeFirstOrThrow()
  await it.db.insertInto('public_names').values({ participation_id: signature!.id, person_id: person, action_id: act.petition, shown_name: 'Amara', comment: '', state: 'waiting', asked_at: act.now }).execute()
  await it.db.updateTable('actions').set({ closes_at: new Date(act.now.getTime() + 86_400_000) }).where('id', '=', act.petition).execute()
  for (const [language, title] of [['en', 'No one should vanish: ratify the convention'], ['ar', 'لا ينبغي أن يختفي أحد']] as const) {
    const headers = await sessionIn(language)
    for (const path of ['/', '/actions', '/participations', '/names', '/outbox/mails', `/supporters/${person}`]) {
      const { text, status } = await rawRequest(origin, path, { headers })
      assert.equal(status, 200, path)
      assert.ok(text.includes(title), `${path} in ${language}`)
      assert.doesNotMatch(text.replaceAll(/<[^>]*>/g, ' '), /no-one-should-vanish|write-to-your-representative/, `${path} in ${language}`)
    }
    assert.match((await rawRequest(origin, '/outbox/messages', { headers })).text, language === 'en' ? /Ask your representative/ : /<td><bdi>[^<]*[\u0600-\u06ff]/)
  }
  await it.db.updateTable('publisher').set({ zone: 'Asia/Kolkata' }).execute()
  const { text: outbox } = await rawRequest(origin, '/outbox/messages', { headers: await sessionIn('en') })
  assert.match(outbox, /\(GMT\+5:30\)/)
  assert.doesNotMatch(outbox, /\(UTC\)/, 'one page has one clock, that of the organisation')
})

test('people are listed page by page in the order of their time, whichever action they took part in, and each once', async () => {
  const headers = await sessionIn('fr')
  const { rows } = await sql<{ id: string }>`
    insert into participations (person_id, id, action_id, language, state, held_reason, taken_at, practice, form_hash)
    select gen_random_uuid(), gen_random_uuid(), case when n % 3 = 0 then ${act.petition}::uuid else ${act.message}::uuid end, 'en', 'held', case when n % 2 = 0 then 'staff' else 'surge' end,
      ${act.now}::timestamptz - n * interval '1 minute', true, decode(md5(n::text) || md5(n::text), 'hex') from generate_series(1, 120) n returning id`.execute(it.db)
  const listed = async (query: string) => {
    const pages: string[][] = []
    for (let page = 0; page === 0 || pages.at(-1)!.length > 0; page++) {
      const { text } = await rawRequest(origin, `/participations?state=held&page=${page}${query}`, { headers })
      pages.push([...text.matchAll(/participations\/([0-9a-f-]{36})\/release/g)].map(([, id]) => id!))
      assert.equal(/rel="next"/.test(text), page < Math.ceil((query.includes('reason') ? 60 : 120) / 50) - 1, `${query} page ${page}`)
    }
    return pages
  }
  const inserted = rows.map(({ id }) => id)
  const newest = await listed('')
  assert.deepEqual(newest.map(({ length }) => length), [50, 50, 20, 0])
  assert.deepEqual(newest.flat(), inserted)
  assert.deepEqual((await listed('&order=oldest')).flat(), inserted.toReversed())
  assert.deepEqual((await listed('&reason=surge')).flat(), inserted.filter((_, n) => n % 2 === 0))
  await sql`delete from participations where state = 'held'`.execute(it.db)
})
