import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { tokenHash } from '#platform/tokens.ts'
import { applyRegister, carryOutErasures, ErasureRegister, holds, liftHold, placeHold, readRegister } from '#modules/privacy/index.ts'
import { askForCapsule } from '#modules/own-data/index.ts'
import { ownDataStage } from '#test/support/own-data.ts'

const { it, play, post, site, news, tokenOf, signs, open, tokensInMail, personOf } = await ownDataStage()

test('two people who share a mailbox see and erase their own, and a link for each says whose it is', async () => {
  const amara = await signs({ comment: 'hers' })
  const tarek = await signs({ name: 'Tarek', comment: 'his' })
  const seen = async (token: string) => {
    const { own } = await open(token)
    return [own.name, own.shared, own.participations.map(({ comment }) => comment)]
  }
  assert.deepEqual(await seen(tokenOf(amara)), ['Amara', true, ['hers']])
  assert.deepEqual(await seen(tokenOf(tarek)), ['Tarek', true, ['his']])
  await play.mails(post)
  await play.asksForLink('amara@example.org')
  const [first, second] = await tokensInMail('amara@example.org')
  assert.deepEqual([await seen(first!), await seen(second!)], [['Amara', true, ['hers']], ['Tarek', true, ['his']]])
  await play.changes(first!, { what: 'withdraw', participation: tarek.id })
  await play.changes(first!, { what: 'name', name: 'Amara Lind' })
  assert.deepEqual([await seen(first!), await seen(second!)], [['Amara Lind', true, ['hers']], ['Tarek', true, ['his']]])
  assert.equal(await play.total(), 2)

  await play.changes(first!, { what: 'erase' })
  await play.changes(first!, { what: 'erase' })
  assert.equal(await carryOutErasures(it.as('worker'), it.keys, play.now), 1)
  assert.equal(await askForCapsule(site, it.keys.contact, tokenOf(amara), 'en', play.now), false)
  assert.equal(await askForCapsule(site, it.keys.contact, first!, 'en', play.now), false)
  assert.deepEqual(await seen(tokenOf(tarek)), ['Tarek', false, ['his']])
  assert.equal(await play.total(), 2, 'what was counted stays counted')
})

test('a link that was asked for while a mailbox had one name stays that name’s, whoever takes part from it later', async () => {
  const amara = await signs({ comment: 'hers' })
  await play.mails(post)
  await play.asksForLink('amara@example.org')
  const [link] = await tokensInMail('amara@example.org')
  await play.changes(link!, { what: 'name', name: 'Amara Lind' })
  await play.changes(link!, { what: 'address', email: 'new@example.org', language: 'en' })
  const [move] = await tokensInMail('new@example.org', '/new-address/')
  const tarek = await signs({ name: 'Tarek', comment: 'his' })
  const seen = async (token: string) => (await open(token)).own.participations.map(({ comment }) => comment)
  assert.deepEqual([await seen(link!), await seen(tokenOf(tarek))], [['hers'], ['his']])
  await play.changes(link!, { what: 'withdraw', participation: tarek.id })
  await play.own({ kind: 'new-address', link: tokenHash(move!).toString('base64url'), at: play.now.toISOString() })
  assert.deepEqual([(await open(tokenOf(amara))).own.email, (await open(tokenOf(tarek))).own.email], ['new@example.org', 'amara@example.org'])
  assert.equal(await play.total(), 2)
})

test('whoever takes one of two things back still opens, changes and erases everything by the link that they came with', async () => {
  const amara = await signs({ comment: 'first' })
  const [again] = await play.takes(play.letter())
  await play.confirms(again!)
  const tarek = await signs({ name: 'Tarek', comment: 'his' })
  const link = tokenOf(amara)
  await play.changes(link, { what: 'withdraw', participation: amara.id })
  const states = async () => Object.fromEntries((await open(link)).own.participations.map(({ id, state }) => [id, state]))
  assert.deepEqual(Object.keys(await states()).toSorted(), [amara.id, again!.id].toSorted())
  await play.changes(link, { what: 'name', name: 'Amara Lind' })
  assert.deepEqual([(await open(link)).own.name, (await states())[amara.id]], ['Amara Lind', 'withdrawn'])
  await play.changes(link, { what: 'erase' })
  assert.equal(await carryOutErasures(it.as('worker'), it.keys, play.now), 1)
  assert.equal(await askForCapsule(site, it.keys.contact, link, 'en', play.now), false)
  assert.deepEqual((await open(tokenOf(tarek))).own.participations.map(({ comment }) => comment), ['his'])
})

test('the index of a name goes with the last thing that stood under it', async () => {
  const amara = await signs()
  const again = await signs()
  const indexes = async () => (await it.db.selectFrom('participations').select('name_index').where('id', 'in', [amara.id, again.id]).execute()).filter(({ name_index: index }) => index).length
  await play.changes(tokenOf(amara), { what: 'withdraw', participation: amara.id })
  assert.equal(await indexes(), 2)
  await play.changes(tokenOf(amara), { what: 'withdraw', participation: again.id })
  assert.equal(await indexes(), 0)
})

test('whoever took back what carried their name opens, moves and erases nothing of the other one who uses the mailbox', async () => {
  const amara = await signs()
  await play.changes(tokenOf(amara), { what: 'withdraw', participation: amara.id })
  const tarek = await signs({ name: 'Tarek', comment: 'his' })
  await play.mails(post)
  const { own } = await open(tokenOf(amara))
  assert.deepEqual([own.name, own.participations, own.choices.filter(({ action }) => action !== null)], [null, [], []])
  await play.changes(tokenOf(amara), { what: 'address', email: 'new@example.org', language: 'en' })
  assert.deepEqual(await tokensInMail('new@example.org', '/new-address/'), [])
  await play.changes(tokenOf(amara), { what: 'erase' })
  assert.equal(await carryOutErasures(it.as('worker'), it.keys, play.now), 0)
  // Where Tarek moves, her old link does not follow.
  await play.changes(tokenOf(tarek), { what: 'address', email: 'his@example.org', language: 'en' })
  const [move] = await tokensInMail('his@example.org', '/new-address/')
  await play.own({ kind: 'new-address', link: tokenHash(move!).toString('base64url'), at: play.now.toISOString() })
  assert.equal((await open(tokenOf(tarek))).own.email, 'his@example.org')
  assert.equal(await askForCapsule(site, it.keys.contact, tokenOf(amara), 'en', play.now), false)
})

test('a no goes with whoever moves out of a mailbox that others use, and so does a legal hold', async () => {
  const amara = await signs({ answers: [{ statement: news.id, wording: news.wordings.en!.id, answer: 'yes' }] })
  await signs({ name: 'Tarek' })
  await play.mails(post)
  await play.changes(tokenOf(amara), { what: 'no-mail' })
  await inTransaction(it.as('desk'), async (tx) => placeHold(tx, { personId: await personOf(amara.id) }, { reason: 'A court.', staffId: randomUUID() }, play.now))
  await play.changes(tokenOf(amara), { what: 'address', email: 'new@example.org', language: 'en' })
  const [move] = await tokensInMail('new@example.org', '/new-address/')
  await play.own({ kind: 'new-address', link: tokenHash(move!).toString('base64url'), at: play.now.toISOString() })
  const { own } = await open(tokenOf(amara))
  assert.deepEqual([own.email, own.suppressions.map(({ scope }) => scope), own.choices.find(({ statement }) => statement === news.id)!.answer === 'yes'], ['new@example.org', ['updates'], false])
  await play.changes(tokenOf(amara), { what: 'erase' })
  assert.equal(await carryOutErasures(it.as('worker'), it.keys, play.now), 0, 'the hold stands')
  for (const { id, lifted } of await holds(it.db)) if (!lifted) await inTransaction(it.as('desk'), (tx) => liftHold(tx, id, { reason: 'It is over.', staffId: randomUUID() }, play.now))
  assert.equal(await carryOutErasures(it.as('worker'), it.keys, play.now), 1)
})

test('a name that was erased out of a shared mailbox is in the register: a copy from before loses that name again and nothing of the other', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'clarion-register-')), 'erasures.jsonl')
  await sql`truncate erasures, erased_participations`.execute(it.db)
  const amara = await signs({ comment: 'hers' })
  const tables = ['people', 'email_indexes', 'participations', 'consents', 'links', 'tallies'] as const
  const keep = async (name: string) => { for (const table of tables) await sql`create table ${sql.table(`${name}_${table}`)} as select * from ${sql.table(table)}`.execute(it.db) }
  const putBack = async (name: string) => {
    await sql`truncate erased_participations, erasures, erased_duplicates, duplicate_salts, erasure_requests, suppressions`.execute(it.db)
    for (const table of tables) {
      await sql`truncate ${sql.table(table)}`.execute(it.db)
      await sql`insert into ${sql.table(table)} select * from ${sql.table(`${name}_${table}`)}`.execute(it.db)
    }
  }
  await keep('alone')
  const tarek = await signs({ name: 'Tarek', comment: 'his' })
  await keep('both')
  const onItsWay = play.letter({ name: 'Amara' })
  await play.takes(onItsWay)
  await play.changes(tokenOf(amara), { what: 'erase' })
  assert.equal(await carryOutErasures(it.as('worker'), it.keys, play.now), 1)
  assert.equal(await new ErasureRegister(file).write(it.as('worker')), 2)
  assert.equal(await new ErasureRegister(file).write(it.as('worker')), 0)
  assert.doesNotMatch(readFileSync(file, 'utf8'), new RegExp(`amara|index|${amara.id}`, 'i'), 'no address, not even as an index: it is the other one’s too')

  await putBack('both')
  const again = () => applyRegister(it.as('worker'), it.keys, readRegister(file), play.now, play.now)
  assert.deepEqual([await again(), await again()], [{ erased: 1, suppressed: 0 }, { erased: 0, suppressed: 0 }])
  assert.equal(await askForCapsule(site, it.keys.contact, tokenOf(amara), 'en', play.now), false)
  const { own } = await open(tokenOf(tarek))
  assert.deepEqual([own.name, own.shared, own.participations.map(({ comment }) => comment), await play.total()], ['Tarek', false, ['his'], 2])
  await play.takes(onItsWay)
  assert.equal((await open(tokenOf(tarek))).own.participations.length, 1, 'what she had handed in before is dropped when it is settled')

  await putBack('alone')
  assert.deepEqual(await again(), { erased: 1, suppressed: 0 })
  assert.deepEqual(await it.db.selectFrom('people').selectAll().execute(), [], 'a copy in which nobody else used the mailbox has nobody left')
})
