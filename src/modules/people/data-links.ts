import { createHmac, randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '#platform/db.ts'
import type { Place } from '#platform/sealing/index.ts'
import { tokenHash } from '#platform/tokens.ts'

/** How long a link stands that somebody asked for by their address, and one that moves an address, in days. */
export const dataLinkDays = 3

/** The token of a link in a mail about somebody's own data, made from the worker's link key so that a mail that is written again has the same one. */
export function ownToken(linkKey: string, kind: 'data' | 'address', id: string): string {
  return createHmac('sha256', Buffer.from(linkKey, 'base64url')).update(`${kind}\n${id}`).digest().toString('base64url', 0, 16)
}

/** One page that a mailbox may open: of all that it did, or of one name where several share it. */
export interface DataPage {
  personId: string
  language: string
  /** Nothing: the whole mailbox. */
  nameIndex: Buffer | null
  /** A participation that has the name. */
  namedIn: string | null
}

const until = (now: Date) => new Date(now.getTime() + dataLinkDays * 86_400_000)

/** Makes links to data pages, all of them for the mail of one request. */
export async function addDataLinks(tx: Tx, linkKey: string, requestId: string, pages: DataPage[], now: Date): Promise<void> {
  const links = pages.map((page) => ({ ...page, id: randomUUID() }))
  await sql`
    insert into data_links (token_hash, id, request_id, person_id, name_index, named_in, language, created_at, expires_at)
    select token_hash, id, ${requestId}, person_id, name_index, named_in, language, ${now}, ${until(now)} from unnest(
      ${links.map(({ id }) => tokenHash(ownToken(linkKey, 'data', id)))}::bytea[], ${links.map(({ id }) => id)}::uuid[], ${links.map(({ personId }) => personId)}::uuid[],
      ${links.map(({ nameIndex }) => nameIndex)}::bytea[], ${links.map(({ namedIn }) => namedIn)}::uuid[], ${links.map(({ language }) => language)}::text[]) as link (token_hash, id, person_id, name_index, named_in, language)`.execute(tx)
}

/** What a change of address is sealed as. */
export interface NewAddress {
  email: string
}

export function newAddressPlace(id: string): Place {
  return { purpose: 'contact', table: 'address_changes', column: 'contact', row: id }
}

/** Keeps a change of address until the new mailbox says yes to it, by the link of the mail with this id. A later one of the same person takes its place. */
export async function addAddressChange(tx: Tx, linkKey: string, change: { id: string, personId: string, nameIndex: Buffer | null, whole: boolean, sealed: Buffer, language: string }, now: Date): Promise<void> {
  await sql`delete from address_changes where person_id = ${change.personId} and name_index is not distinct from ${change.nameIndex}`.execute(tx)
  await sql`
    insert into address_changes (id, token_hash, person_id, name_index, whole, contact, language, asked_at, expires_at)
    values (${change.id}, ${tokenHash(ownToken(linkKey, 'address', change.id))}, ${change.personId}, ${change.nameIndex}, ${change.whole}, ${change.sealed}, ${change.language}, ${now}, ${until(now)})`.execute(tx)
}

/** What a mail about somebody's own data is written from: links with the sealed name that each is for, or the address that is to be new. */
export interface OwnMail {
  mailId: string
  personId: string
  contact: Buffer
  language: string
  links: { id: string, namedIn: string | null, details: Buffer | null }[]
  change: { id: string, sealed: Buffer } | undefined
}

/** The facts of mails about somebody's own data, by the mail's id; those whose person or request is gone are missing. */
export async function ownMails(db: Db, mails: { id: string, personId: string, requestId: string }[]): Promise<Map<string, OwnMail>> {
  if (mails.length === 0) return new Map()
  const { rows } = await sql<{ id: string, person_id: string, contact: Buffer, language: string, links: { id: string, namedIn: string | null, details: string | null }[] | null, change_id: string | null, sealed: Buffer | null }>`
    select wanted.id, people.id as person_id, people.contact, coalesce(change.language, first.language, people.language) as language, change.id as change_id, change.contact as sealed,
      (select jsonb_agg(jsonb_build_object('id', link.id, 'namedIn', link.named_in, 'details', encode(p.details, 'base64')) order by p.taken_at, link.id)
        from data_links link left join participations p on p.person_id = link.person_id and p.id = link.named_in where link.request_id = wanted.request_id and link.person_id = people.id) as links
    from unnest(${mails.map(({ id }) => id)}::uuid[], ${mails.map(({ personId }) => personId)}::uuid[], ${mails.map(({ requestId }) => requestId)}::uuid[]) as wanted (id, person_id, request_id)
    join people on people.id = wanted.person_id
    left join address_changes change on change.id = wanted.request_id and change.person_id = people.id
    left join lateral (select language from data_links where request_id = wanted.request_id limit 1) first on true`.execute(db)
  return new Map(rows.map((row) => [row.id, {
    mailId: row.id, personId: row.person_id, contact: row.contact, language: row.language,
    links: (row.links ?? []).map((link) => ({ ...link, details: link.details ? Buffer.from(link.details, 'base64') : null })),
    change: row.change_id && row.sealed ? { id: row.change_id, sealed: row.sealed } : undefined,
  }]))
}

/** Links that were asked for, and moves that wait for a new mailbox, stay the same name's when indexes of names are made again. */
export async function reindexLinks(tx: Tx, names: { personId: string, old: Buffer, fresh: Buffer }[]): Promise<void> {
  for (const table of ['data_links', 'address_changes'] as const) {
    await sql`
      update ${sql.table(table)} link set name_index = renamed.fresh
      from unnest(${names.map(({ personId }) => personId)}::uuid[], ${names.map(({ old }) => old)}::bytea[], ${names.map(({ fresh }) => fresh)}::bytea[]) as renamed (person_id, old, fresh)
      where link.person_id = renamed.person_id and link.name_index = renamed.old`.execute(tx)
  }
}
