import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
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
})
