import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { Opener, sealOne } from '#platform/sealing/index.ts'
import { newToken, tokenHash } from '#platform/tokens.ts'
import { recordPlace } from '#modules/actions/index.ts'
import { contactMessagePlace } from '#modules/places/index.ts'
import { keepForTheRecord, messageHooks } from '#modules/messages/index.ts'
import { addStatement, suppress } from '#modules/people/index.ts'
import { addRecords, askForCapsule, carryOutRequest, readCapsule, takeDown, writeCapsules, type TakenDown } from '#modules/own-data/index.ts'
import { ownDataStage } from '#test/support/own-data.ts'

const { it, play, sink, post, site, desk, worker, news, tokenOf, signs, open, tokensInMail, personOf } = await ownDataStage()

test('whoever asks for a link gets one by mail if the address is known, and nothing comes of an address that is not', async () => {
  await signs()
  await play.mails(post)
  sink.received.length = 0
  await play.asksForLink('stranger@example.org')
  assert.deepEqual(await tokensInMail('stranger@example.org'), [])
  await play.asksForLink('Amara@EXAMPLE.org')
  const [token, ...others] = await tokensInMail('amara@example.org')
  assert.deepEqual(others, [])
  const { own } = await open(token!)
  assert.deepEqual([own.email, own.name, own.shared, own.participations.map(({ state, name }) => [state, name])], ['amara@example.org', 'Amara', false, [['confirmed', 'Amara']]])
  assert.equal(own.participations[0]!.action.title, 'No one should vanish: ratify the convention')
  play.later({ days: 3, seconds: 1 })
  assert.equal(await askForCapsule(site, it.keys.contact, token!, 'en', play.now), false, 'the link has run out')
})

test('what somebody wrote by the form of a place stands on their page, with its words once the desk has opened them, and goes when they are erased', async () => {
  const [id, email] = [randomUUID(), 'wrote-only@example.org']
  const subject = (await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()).id
  const { table, column, row } = contactMessagePlace(id)
  const record = (await sealOne(it.keys.record, { table, column, row }, { name: 'Wren', email, text: 'Please ask about my brother.' })).toString('base64')
  await play.own({ kind: 'contact-message', id, subject, email, language: 'en', record, at: play.now.toISOString() })
  await play.asksForLink(email)
  const [token] = await tokensInMail(email)
  assert.deepEqual((await open(token!)).own.contactMessages?.map(({ about, state }) => [about, state]), [['Marovia', 'unread']])
  await addRecords(desk, play.now)
  const capsule = await readCapsule(site, token!, play.now)
  assert.ok(capsule.state === 'ready' && capsule.records?.records[id]?.text?.[0]?.body === 'Please ask about my brother.')
  assert.deepEqual((await sql<{ subject_ids: string[] }>`select subject_ids from audit_log where verb = 'open-contact-message'`.execute(it.db)).rows, [{ subject_ids: [id] }])
})

test('a mailbox gets five such mails that nobody answers, and answering opens it again', async () => {
  const signed = await signs()
  for (let n = 0; n < 7; n++) await play.asksForLink('amara@example.org')
  const count = async () => (await sql<{ count: number }>`select count(*)::int as count from mails where kind = 'data-link'`.execute(it.db)).rows[0]!.count
  assert.equal(await count(), 5)
  await open(tokenOf(signed))
  await play.asksForLink('amara@example.org')
  assert.equal(await count(), 6)
})

test('a capsule opens with its own token only, is gone after an hour, and nobody gets one by guessing', async () => {
  const [one, other] = [await signs(), await signs({ email: 'noor@example.org' })]
  await open(tokenOf(one))
  const { rows: [row] } = await sql<{ contents: Buffer }>`select contents from capsules`.execute(it.db)
  await sql`insert into capsules (token_hash, token, language, asked_at, contents, answers) values (${tokenHash(tokenOf(other))}, '', 'en', ${play.now}, ${row!.contents}, ${play.now})`.execute(it.db)
  await assert.rejects(readCapsule(site, tokenOf(other), play.now))
  assert.equal(await askForCapsule(site, it.keys.contact, newToken(), 'en', play.now), false)
  await assert.rejects(sql`select contents from capsules`.execute(site), { code: '42501' })
  play.later({ minutes: 61 })
  assert.equal((await readCapsule(site, tokenOf(one), play.now)).state, 'none')
  await writeCapsules(worker, play.now)
  assert.equal((await sql`select from capsules`.execute(it.db)).rows.length, 0)
})

test('a link that was asked for opens nothing after three days, nor one letter of it changed, nor its move to another address', async () => {
  await signs()
  await play.mails(post)
  await play.asksForLink('amara@example.org')
  const [link] = await tokensInMail('amara@example.org')
  await play.changes(link!, { what: 'address', email: 'new@example.org', language: 'en' })
  const [move] = await tokensInMail('new@example.org', '/new-address/')
  const opens = (token: string) => askForCapsule(site, it.keys.contact, token, 'en', play.now)
  const altered = `${link!.slice(0, -1)}${link!.endsWith('A') ? 'Q' : 'A'}`
  assert.deepEqual([await opens(link!), await opens(altered), await opens(move!)], [true, false, false])
  play.later({ days: 3, seconds: 1 })
  assert.equal(await opens(link!), false)
  await play.changes(link!, { what: 'erase' })
  await play.own({ kind: 'new-address', link: tokenHash(move!).toString('base64url'), at: play.now.toISOString() })
  assert.equal((await it.db.selectFrom('erasure_requests').selectAll().execute()).length, 0)
  await play.asksForLink('new@example.org')
  assert.deepEqual(await tokensInMail('new@example.org'), [], 'nobody has moved')
})

test('what only the desk opens is added by it, with a line in the log, and waits where it has no key', async () => {
  const taking = play.letter()
  const { table, column, row } = recordPlace(taking.id)
  taking.record = (await sealOne(it.keys.record, { table, column, row }, { phone: '+999 1', postalAddress: '1 Mill Lane' })).toString('base64')
  await play.takes(taking)
  await play.confirms(taking)
  const before = (await open(tokenOf(taking))).own.participations[0]!
  assert.deepEqual([before.text?.[0]?.subject, before.records, before.messages.map(({ state }) => state)], ['Please vote', { details: true, text: false }, ['queued', 'queued']])
  assert.equal(await addRecords({ db: desk.db, opener: new Opener(it.secrets.desk.contact) }, play.now), 0)
  assert.equal(await addRecords(desk, play.now), 1)
  const capsule = await readCapsule(site, tokenOf(taking), play.now)
  assert.ok(capsule.state === 'ready')
  assert.deepEqual(capsule.records?.records[taking.id], { phone: '+999 1', postalAddress: '1 Mill Lane' })
  const { rows } = await sql<{ verb: string, subject_ids: string[], staff_id: string | null }>`select verb, subject_ids, staff_id from audit_log where verb = 'show-own-data'`.execute(it.db)
  assert.deepEqual(rows, [{ verb: 'show-own-data', subject_ids: [taking.id], staff_id: null }])

  await play.messages(post)
  await play.messages(post)
  await play.mails(post)
  await keepForTheRecord({ db: it.as('worker'), opener: it.keys.opener, record: it.keys.record }, play.now)
  const sent = (await open(tokenOf(taking))).own.participations[0]!
  assert.deepEqual([sent.text, sent.records.text, sent.messages.map(({ state }) => state)], [null, true, ['accepted', 'accepted']])
  await addRecords(desk, play.now)
  const again = await readCapsule(site, tokenOf(taking), play.now)
  assert.ok(again.state === 'ready' && again.records?.records[taking.id]?.text?.[0]?.body === 'Please vote for the register.')
})

test('a new address holds once its mailbox says yes; what both had signed counts once', async () => {
  const [petition, letter] = [await signs(), await (async () => {
    const [written] = await play.takes(play.letter())
    await play.confirms(written!)
    return written!
  })()]
  const there = await signs({ email: 'new@example.org' })
  assert.equal(await play.total(), 2)
  await inTransaction(it.as('worker'), async (tx) => suppress(tx, [(await personOf(petition.id))], 'updates', 'unsubscribed', play.now))
  await play.mails(post)
  await play.changes(tokenOf(petition), { what: 'address', email: 'new@example.org', language: 'ar' })
  assert.equal((await open(tokenOf(petition))).own.newAddress, 'new@example.org')
  const [token] = await tokensInMail('new@example.org', '/new-address/')
  assert.ok((await sink.mails()).some((mail) => mail.envelopeTo === 'amara@example.org' && /تغيير عنوانك/.test(mail.subject!)), 'the old mailbox is told')
  assert.equal((await open(tokenOf(petition))).own.email, 'amara@example.org', 'nothing has changed yet')
  await play.own({ kind: 'new-address', link: tokenHash(token!).toString('base64url'), at: play.now.toISOString() })
  await play.own({ kind: 'new-address', link: tokenHash(token!).toString('base64url'), at: play.now.toISOString() })

  const { own } = await open(tokenOf(there))
  assert.deepEqual([own.email, own.language, Object.fromEntries(own.participations.map(({ id, state }) => [id, state]))], ['new@example.org', 'ar', { [petition.id]: 'repeated', [letter.id]: 'confirmed', [there.id]: 'confirmed' }])
  assert.deepEqual(own.suppressions.map(({ scope }) => scope), ['updates'], 'that no mail was wanted moves too')
  assert.equal(await play.total(), 1)
  assert.equal(await play.total(play.message), 1)
  assert.deepEqual((await open(tokenOf(letter))).own.email, 'new@example.org', 'links of older mails go on working')
  await play.asksForLink('amara@example.org')
  assert.deepEqual(await tokensInMail('amara@example.org'), [], 'the old address leads nowhere')
})

test('answers and preferences change in the words that were shown, and a yes ends "no more mail"', async () => {
  const signed = await signs()
  const token = tokenOf(signed)
  const about = await inTransaction(it.db, (tx) => addStatement(tx, { purpose: 'action-updates', channel: 'email', about: 'action', controllerId: news.controllerId, wordings: { en: 'May we write about this?' } }, play.now))
  await sql`insert into action_statements (action_id, position, statement_id) values (${play.petition}, 90, ${about})`.execute(it.db)
  const choice = async (of: string) => (await open(token)).own.choices.find(({ statement }) => statement === of)!
  await play.changes(token, { what: 'no-mail' })
  play.later({ seconds: 1 })
  for (const [statement, action] of [[news.id, null], [about, play.petition]] as const) {
    const { wording, answer, frequency } = await choice(statement)
    assert.deepEqual([answer, frequency], [null, 'at-once'])
    await play.changes(token, { what: 'consent', statement, action, wording: wording!.id, answer: 'yes' })
    await play.changes(token, { what: 'writing', language: 'he', pausedUntil: '2027-06-01T00:00:00.000Z', preferences: [{ statement, topic: '', frequency: 'monthly' }, { statement, topic: 'water', frequency: 'never' }] })
    play.later({ seconds: 1 })
  }
  const { own } = await open(token)
  assert.deepEqual([own.language, own.pausedUntil, own.suppressions], ['he', '2027-06-01T00:00:00.000Z', []])
  for (const id of [news.id, about]) assert.deepEqual((({ answer, frequency, topics }) => ({ answer, frequency, topics }))(await choice(id)), { answer: 'yes', frequency: 'monthly', topics: [{ topic: 'water', name: 'water', frequency: 'never' }] })
  assert.deepEqual(own.consents.map(({ wording, answer, way }) => [wording, answer, way]), [[news.wordings.en!.wording, 'yes', 'data-page'], ['May we write about this?', 'yes', 'data-page']])
  play.later({ seconds: 1 })
  await play.changes(token, { what: 'consent', statement: about, action: play.petition, wording: null, answer: 'no' })
  assert.deepEqual([(await choice(about)).answer, (await choice(news.id)).answer], ['no', 'yes'])
})

test('what staff take down by phone is done once, stands on the page, and a link can be sent instead', async () => {
  const signed = await signs()
  await play.mails(post)
  const asks = async (change: TakenDown) => {
    play.later({ seconds: 1 })
    const id = await inTransaction(it.as('desk'), (tx) => takeDown(tx, it.keys.contact, { ...person, staffId: randomUUID(), way: 'phone', askedBy: 'themselves', change }, play.now))
    for (let times = 0; times < 2; times++) await carryOutRequest(it.as('worker'), { keys: it.keys, hooks: messageHooks(it.keys), practice: async () => true }, id, play.now)
  }
  const person = { personId: await personOf(signed.id) }
  await asks({ what: 'link', language: 'fr' })
  const [token, ...more] = await tokensInMail('amara@example.org')
  assert.deepEqual(more, [])
  await asks({ what: 'name', name: 'Amara Lind' })
  await asks({ what: 'withdraw', participation: signed.id })
  const { own } = await open(token!)
  assert.deepEqual([own.name, own.participations.map(({ state }) => state), own.requests.map(({ what, way, askedBy }) => [what, way, askedBy])],
    ['Amara Lind', ['withdrawn'], [['withdraw', 'phone', 'themselves'], ['name', 'phone', 'themselves'], ['link', 'phone', 'themselves']]])
  assert.doesNotMatch(JSON.stringify((await sql`select what, way, asked_by from supporter_requests`.execute(it.db)).rows), /Lind/)
})

test('news and bulletins, those that were left out too, what the mailbox sent back and answers on their way stand on the page', async () => {
  const signed = await signs()
  const person = await personOf(signed.id)
  const subject = (await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()).id
  const { rows: [office] } = await sql<{ id: string, label: string }>`select id, label from offices limit 1`.execute(it.db)
  const [update, letter] = [randomUUID(), randomUUID()]
  await sql`insert into mailings (id, kind, action_id, state, statements, zone, created_at, changed_at) values (${update}, 'update', ${play.petition}, 'sent', '{}', 'UTC', now(), now()), (${letter}, 'newsletter', null, 'sent', '{}', 'UTC', now(), now())`.execute(it.db)
  await sql`insert into mailing_texts (mailing_id, language, subject, body, changed_at) values (${letter}, 'en', 'What came of it, {name|friend}', 'x', now())`.execute(it.db)
  await sql`insert into mailing_recipients (person_id, mailing_id, id, participation_id, language, state, left_out, due_at, ended_at, returned, unsubscribed_at) values
    (${person}, ${update}, gen_random_uuid(), ${signed.id}, 'en', 'accepted', null, '2027-01-01Z', '2027-01-02Z', 'bounced', '2027-01-03Z'), (${person}, ${letter}, gen_random_uuid(), null, 'en', 'left-out', 'paused', '2027-01-01Z', null, null, null)`.execute(it.db)
  await sql`insert into bulletin_requests (person_id, id, subject_id, statement_id, wording_id, frequency, language, state, asked_at, practice) values (${person}, gen_random_uuid(), ${subject}, ${news.id}, ${news.wordings.en!.id}, 'weekly', 'en', 'waiting', '2027-01-01Z', true)`.execute(it.db)
  await sql`insert into bounces (about, id, kind, person_id, practice, noticed_at) values ('mail', gen_random_uuid(), 'soft', ${person}, true, '2027-01-01Z')`.execute(it.db)
  await sql`insert into returned_letters (id, about, about_id, office_id, person_id, record, state, practice, received_at) values (gen_random_uuid(), 'message', gen_random_uuid(), ${office!.id}, ${person}, '', 'passing-on', true, '2027-01-01Z')`.execute(it.db)
  await sql`insert into handed_over (export_id, kind, controller_id, action_id, handed_at) values (${update}, 'partner', ${news.controllerId}, null, '2027-01-02Z'), (${letter}, 'participations', null, ${play.petition}, '2027-01-01Z')`.execute(it.db)
  await sql`insert into handed_over_people (person_id, export_id) values (${person}, ${update}), (${person}, ${letter})`.execute(it.db)
  const { own } = await open(tokenOf(signed))
  assert.deepEqual(own.handedOver!.map(({ kind, to, action }) => [kind, to, action]), [['partner', 'Lamplight', null], ['participations', null, 'No one should vanish: ratify the convention']])
  assert.deepEqual(own.news!.map((each) => [each.kind, each.about, each.state, each.leftOut, each.returned, each.unsubscribedAt]), [
    ['update', 'No one should vanish: ratify the convention', 'accepted', null, 'bounced', '2027-01-03T00:00:00.000Z'], ['newsletter', 'What came of it, Amara', 'left-out', 'paused', null, null]])
  assert.deepEqual(own.bulletins!.map(({ about, frequency, state }) => [about, frequency, state]), [['Marovia', 'weekly', 'waiting']])
  assert.deepEqual([own.cameBack!.map(({ kind }) => kind), own.letters!.map(({ from }) => from)], [['soft'], [office!.label]])
})

test('every table that says whose a row is is gathered, or named here with why it is not', async () => {
  const shown = ['address_changes', 'bounces', 'bulletin_requests', 'consents', 'contact_messages', 'erasure_requests', 'handed_over_people', 'known_browsers', 'legal_holds', 'mailing_recipients', 'mails', 'message_texts', 'messages', 'participations', 'preferences', 'public_names', 'returned_letters', 'supporter_requests']
  const notShown = {
    capsules: 'the page itself', data_links: 'leads to it', links: 'lead to it', email_indexes: 'the address again, and suppressions are found by it',
    export_rows: 'who is in lists of these three days: what of them was handed over is shown', person_searches: 'that staff looked for an address: a day long',
  }
  const { rows } = await sql<{ table: string }>`select table_name as table from information_schema.columns where table_schema = 'public' and column_name = 'person_id' and table_name in (select tablename from pg_tables where schemaname = 'public') order by 1`.execute(it.db)
  assert.deepEqual(rows.map(({ table }) => table).toSorted(), [...shown, ...Object.keys(notShown)].toSorted())
})

test('a rehearsal’s link opens nobody’s page', async () => {
  const signed = await signs()
  await sql`update participations set rehearsal_id = gen_random_uuid() where id = ${signed.id}`.execute(it.db)
  assert.equal(await askForCapsule(site, it.keys.contact, tokenOf(signed), 'en', play.now), false)
})
