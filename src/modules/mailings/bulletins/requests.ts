import { sql, type Tx } from '#platform/db.ts'
import { sealingContext } from '#platform/sealing/index.ts'
import { linkHash, type BulletinEntry, type Keys } from '#modules/actions/index.ts'
import { cancelMails, mailboxesAnswered, promiseOwnMails } from '#modules/mails/index.ts'
import { erasedAt, findOrAddPeople, IndexedAddresses, liftBounced, liftByConsent, normaliseAddress, openContact, recordConsents, setPreferences, strictIndex, type Frequency } from '#modules/people/index.ts'

/** Does what was handed in about the bulletin of a place or topic. What does not exist, leads nowhere or was done before changes nothing. */
export async function settleBulletins(tx: Tx, keys: Keys, entry: BulletinEntry, practice: boolean, now: Date): Promise<void> {
  return entry.kind === 'bulletin-request' ? ask(tx, keys, entry, practice, now) : use(tx, keys, entry, now)
}

/** Nothing comes of it but one mail to that mailbox, whoever's it is and whatever we know of it. */
async function ask(tx: Tx, keys: Keys, entry: Extract<BulletinEntry, { kind: 'bulletin-request' }>, practice: boolean, now: Date): Promise<void> {
  const { rows: [real] } = await sql`
    select from subjects join consent_wordings wording on wording.id = ${entry.wording} and wording.statement_id = ${entry.statement}
    join consent_statements statement on statement.id = wording.statement_id and statement.purpose = 'bulletin' and statement.channel = 'email' where subjects.id = ${entry.subject}`.execute(tx)
  if (!real) return
  const addresses = new IndexedAddresses(keys.indexKeys, [entry.email])
  const erased = (await erasedAt(tx, addresses)).get(normaliseAddress(entry.email))
  if (erased && erased > new Date(entry.at)) return
  const people = await findOrAddPeople(tx, addresses, await sealingContext(keys.contact), [entry], now)
  const personId = people.get(normaliseAddress(entry.email))!
  const { rows: [added] } = await sql`
    insert into bulletin_requests (person_id, id, subject_id, statement_id, wording_id, frequency, language, state, asked_at, practice)
    values (${personId}, ${entry.id}, ${entry.subject}, ${entry.statement}, ${entry.wording}, ${entry.frequency}, ${entry.language}, 'waiting', ${entry.at}, ${practice}) on conflict do nothing returning 1`.execute(tx)
  if (!added) return
  await sql`insert into links (token_hash, person_id, participation_id, created_at) values (${linkHash(keys.linkKey, entry.id)}, ${personId}, ${entry.id}, ${now}) on conflict do nothing`.execute(tx)
  await promiseOwnMails(tx, [{ personId, participationId: entry.id, kind: 'bulletin', strictIndex: strictIndex(keys.indexKeys, entry.email) }], practice, now)
}

interface Asked {
  person_id: string
  id: string
  subject_id: string
  statement_id: string
  wording_id: string
  frequency: Frequency
  language: string
  state: 'waiting' | 'confirmed' | 'refused'
  asked_at: Date
  contact: Buffer
}

async function use(tx: Tx, keys: Keys, { link, what, wording }: Extract<BulletinEntry, { kind: 'bulletin-use' }>, now: Date): Promise<void> {
  const { rows: [asked] } = await sql<Asked>`
    select request.person_id, request.id, request.subject_id, request.statement_id, request.wording_id, request.frequency, request.language, request.state, request.asked_at, people.contact
    from links join bulletin_requests request on request.person_id = links.person_id and request.id = links.participation_id join people on people.id = request.person_id
    where links.token_hash = ${Buffer.from(link, 'base64url')} for update of request, people`.execute(tx)
  if (!asked || asked.state === 'refused') return
  if (what === 'not-me') {
    if (asked.state !== 'waiting') return
    await sql`update bulletin_requests set state = 'refused' where person_id = ${asked.person_id} and id = ${asked.id}`.execute(tx)
    return cancelMails(tx, [asked.id], now)
  }
  if ((what === 'yes') !== (asked.state === 'waiting')) return
  if (what === 'never') return setPreferences(tx, asked.person_id, [wanted(asked, what)], now)
  // Whoever chooses how often it comes has the question before them, and says yes to it again.
  const words = what === 'yes' ? { id: asked.wording_id, at: asked.asked_at } : await ofStatement(tx, asked.statement_id, wording) ? { id: wording!, at: now } : undefined
  if (what === 'yes') await confirm(tx, asked, now)
  if (words) await recordConsents(tx, [{ personId: asked.person_id, participationId: asked.id, actionId: null, given: { statement: asked.statement_id, wording: words.id, answer: 'yes' }, presentedAt: words.at }], now)
  await sql`delete from preferences where person_id = ${asked.person_id} and statement_id = ${asked.statement_id} and topic = '' and frequency = 'never'`.execute(tx)
  await setPreferences(tx, asked.person_id, [wanted(asked, what === 'yes' ? asked.frequency : what)], now)
  await liftByConsent(tx, [asked.person_id])
  await liftBounced(tx, [asked.person_id])
  await mailboxesAnswered(tx, [strictIndex(keys.indexKeys, (await openContact(keys.opener, asked.person_id, asked.contact)).email)])
}

function wanted({ statement_id, subject_id }: Asked, frequency: Frequency) {
  return { statementId: statement_id, topic: subject_id, frequency }
}

async function confirm(tx: Tx, asked: Asked, now: Date): Promise<void> {
  await sql`update bulletin_requests set state = 'confirmed', confirmed_at = ${now} where person_id = ${asked.person_id} and id = ${asked.id}`.execute(tx)
  await sql`update people set language = ${asked.language}, confirmed_at = coalesce(confirmed_at, ${now}) where id = ${asked.person_id}`.execute(tx)
  // Whoever is the first gets what is published from now on.
  await sql`insert into bulletins (subject_id, at_once_until, weekly_until) values (${asked.subject_id}, ${now}, ${now}) on conflict do nothing`.execute(tx)
}

async function ofStatement(tx: Tx, statementId: string, wordingId: string | undefined): Promise<boolean> {
  return wordingId !== undefined && (await sql`select from consent_wordings where id = ${wordingId} and statement_id = ${statementId}`.execute(tx)).rows.length > 0
}
