import assert from 'node:assert/strict'
import { afterEach, beforeEach } from 'node:test'
import { sql } from '#platform/db.ts'
import { Opener } from '#platform/sealing/index.ts'
import { linkToken, type Taking } from '#modules/actions/index.ts'
import { askForCapsule, readCapsule, writeCapsules, type Capsule } from '#modules/own-data/index.ts'
import { statements } from '#modules/people/index.ts'
import { acting, mailFor } from './acting.ts'
import { stage } from './stage.ts'

/** A stage on which people look at what is known about them: what they sign, the links that come by mail, and what each opens. */
export async function ownDataStage() {
  const it = await stage()
  const play = await acting(it)
  const { sink, post } = await mailFor(play)
  const site = it.as('site')
  const worker = { db: it.as('worker'), opener: it.keys.opener, indexKeys: it.keys.indexKeys, log: it.log }
  const desk = { db: it.as('desk'), opener: new Opener([...it.secrets.desk.contact, ...it.secrets.desk.record]) }
  const news = (await statements(it.db)).find((each) => each.channel === 'email' && each.about === 'controller')!

  afterEach(() => assert.deepEqual(it.logged.splice(0), []))
  beforeEach(async () => {
    await sql`truncate legal_holds, erasure_requests, participations, people, email_indexes, mails, messages, message_texts, links, data_links, address_changes, capsules, supporter_requests, known_browsers, unanswered_mails, consents, preferences, suppressions, public_names, tallies, count_entries, count_arrivals, intake_batches, intake, duplicate_salts, erased_duplicates`.execute(it.db)
    sink.received.length = 0
  })

  const tokenOf = (taking: Taking) => linkToken(it.keys.linkKey, taking.id)
  const signs = async (changes: Partial<Taking> = {}) => {
    const [signed] = await play.takes(play.signature(changes))
    await play.confirms(signed!)
    play.later({ seconds: 5 })
    return signed!
  }

  async function open(token: string, language = 'en'): Promise<Ready> {
    assert.equal(await askForCapsule(site, it.keys.contact, token, language, play.now), true)
    assert.equal((await readCapsule(site, token, play.now)).state, 'asked')
    assert.equal(await writeCapsules(worker, play.now), 1)
    const capsule = await readCapsule(site, token, play.now)
    assert.ok(capsule.state === 'ready')
    return capsule
  }

  async function tokensInMail(to: string, path = '/my-data/'): Promise<string[]> {
    sink.received.length = 0
    await play.mails(post)
    const mail = (await sink.mails()).find((each) => each.envelopeTo === to)
    return [...new Set([...mail?.text?.matchAll(new RegExp(`${path}([\\w-]{22})`, 'g')) ?? []].map(([, token]) => token!))]
  }

  async function personOf(participation: string): Promise<string> {
    return (await it.db.selectFrom('participations').select('person_id').where('id', '=', participation).executeTakeFirstOrThrow()).person_id
  }
  return { it, play, sink, post, site, desk, worker, news, tokenOf, signs, open, tokensInMail, personOf }
}

type Ready = Extract<Capsule, { state: 'ready' }>
