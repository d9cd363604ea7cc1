import { randomUUID } from 'node:crypto'
import { sql, type Tx } from '#platform/db.ts'
import { mailboxesAnswered, promiseOwnMails } from '#modules/mails/index.ts'
import { addDataLinks, findPeople, IndexedAddresses, newAddressPlace, normaliseAddress, openContact, strictIndex, type DataPage, type NewAddress } from '#modules/people/index.ts'
import { settleBulletins } from '#modules/mailings/index.ts'
import type { KindHooks, Keys, OwnEntry } from '#modules/actions/index.ts'
import { changeOwnData } from './changes.ts'
import { moveTo } from './moving.ts'
import { followToken, namesOf, scopeOf } from './scope.ts'

/** Does what was handed in about people's own data. What leads nowhere, or was used before, changes nothing. */
export async function settleOwnData(tx: Tx, keys: Keys, hooks: KindHooks, entries: OwnEntry[], practice: boolean, now: Date): Promise<void> {
  await sendLinks(tx, keys, entries.filter((each) => each.kind === 'data-request'), practice, now)
  for (const each of entries) {
    if (each.kind === 'data-change') {
      const scope = await followToken(tx, Buffer.from(each.link, 'base64url'), now)
      if (!scope) continue
      await changeOwnData(tx, { keys, hooks, way: 'data-page', practice }, scope, each.change, now)
      await answered(tx, keys, scope.personId)
    }
    if (each.kind === 'bulletin-request' || each.kind === 'bulletin-use') await settleBulletins(tx, keys, each, practice, now)
    if (each.kind === 'new-address') await confirmAddress(tx, keys, hooks, Buffer.from(each.link, 'base64url'), now)
  }
}

/** Names that share one mailbox and get a link each; beyond that it is no mailbox of a household. */
const mostNames = 10

/** Promises the mail with links to whoever has taken part with an address, as far as the mailbox has room for another one. Nobody else gets anything. */
async function sendLinks(tx: Tx, keys: Keys, requests: Extract<OwnEntry, { kind: 'data-request' }>[], practice: boolean, now: Date): Promise<void> {
  if (requests.length === 0) return
  const people = await findPeople(tx, new IndexedAddresses(keys.indexKeys, requests.map(({ email }) => email)))
  // Two clicks are one request.
  const asking = new Map(requests.flatMap((request) => {
    const personId = people.get(normaliseAddress(request.email))
    return personId ? [[personId, { ...request, requestId: randomUUID() }] as const] : []
  }))
  await promiseLinks(tx, keys, asking, practice, now)
}

/** The same for somebody whom staff have before them, by the address that is known. */
export async function sendLinkTo(tx: Tx, keys: Keys, personId: string, language: string, practice: boolean, now: Date): Promise<void> {
  const { rows: [person] } = await sql<{ contact: Buffer }>`select contact from people where id = ${personId}`.execute(tx)
  if (!person) return
  const { email } = await openContact(keys.opener, personId, person.contact)
  await promiseLinks(tx, keys, new Map([[personId, { email, language, requestId: randomUUID() }]]), practice, now)
}

async function promiseLinks(tx: Tx, keys: Keys, asking: Map<string, { email: string, language: string, requestId: string }>, practice: boolean, now: Date): Promise<void> {
  const granted = await promiseOwnMails(tx, [...asking].map(([personId, { requestId, email }]) => ({ personId, participationId: requestId, kind: 'data-link' as const, strictIndex: strictIndex(keys.indexKeys, email) })), practice, now)
  for (const [personId, { requestId, language }] of asking) {
    if (!granted.has(requestId)) continue
    const names = await namesOf(tx, personId)
    // The only name is kept with its link: somebody else may take part from this mailbox while the link still works.
    const pages: DataPage[] = names.length > 1 ? names.slice(0, mostNames).map((name) => ({ personId, language, ...name })) : [{ personId, language, nameIndex: names[0]?.nameIndex ?? null, namedIn: null }]
    await addDataLinks(tx, keys.linkKey, requestId, pages, now)
  }
}

/** Whoever uses a link of a mail has the mailbox: counting its unanswered mails starts again. */
async function answered(tx: Tx, keys: Keys, personId: string): Promise<void> {
  const { rows: [person] } = await sql<{ contact: Buffer }>`select contact from people where id = ${personId}`.execute(tx)
  if (person) await mailboxesAnswered(tx, [strictIndex(keys.indexKeys, (await openContact(keys.opener, personId, person.contact)).email)])
}

/** The new mailbox says yes: what was this name's becomes that mailbox's, also where it was in use already. */
async function confirmAddress(tx: Tx, keys: Keys, hooks: KindHooks, token: Buffer, now: Date): Promise<void> {
  const { rows: [change] } = await sql<{ id: string, person_id: string, name_index: Buffer | null, whole: boolean, contact: Buffer, language: string }>`
    delete from address_changes where token_hash = ${token} and expires_at > ${now} returning id, person_id, name_index, whole, contact, language`.execute(tx)
  if (!change) return
  const { email } = await keys.opener.open<NewAddress>(newAddressPlace(change.id), change.contact)
  const scope = await scopeOf(tx, change.person_id, change.whole ? undefined : change.name_index)
  await moveTo(tx, { keys, hooks }, scope, { email, language: change.language }, now)
  await mailboxesAnswered(tx, [strictIndex(keys.indexKeys, email)])
}
