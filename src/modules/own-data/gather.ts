import { sql, type Db } from '#platform/db.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { detailsPlace, messagePlace, titleIn, type Details, type MessageText } from '#modules/actions/index.ts'
import { newAddressPlace, openContact, preferencesOf, type NewAddress } from '#modules/people/index.ts'
import { lifeOf, type LifeRow } from '#modules/messages/index.ts'
import { choicesOf, saidConsents } from './consents.ts'
import { isTheirs, type Scope } from './scope.ts'
import type { OwnContactMessage, OwnData, OwnParticipation } from './shape.ts'
import { mailsOf, newsOf, ofTheMailbox } from './written.ts'

const iso = (moment: Date | null) => moment?.toISOString() ?? null

/** Gathers all that the worker can read about whoever a scope stands for, in a language; nothing if they are gone. A number of statements that does not grow with what they did. */
export async function gather(db: Db, opener: Opener, scope: Scope, language: string, now: Date): Promise<OwnData | undefined> {
  const { personId } = scope
  const { rows: [person] } = await sql<PersonRow>`
    select people.contact, people.language, people.country, coalesce(areas.names ->> ${language}, areas.name) as area, people.created_at, people.confirmed_at, people.paused_until, exists (select from erasure_requests where person_id = people.id) as erasing,
      (select count(*)::int from known_browsers where person_id = people.id and expires_at > ${now}) as browsers
    from people left join areas on areas.id = people.area_id where people.id = ${personId}`.execute(db)
  if (!person) return undefined
  const [contact, participations, consents, preferences, around] = [
    await openContact(opener, personId, person.contact), await participationsOf(db, opener, scope, language, now), await saidConsents(db, scope), await preferencesOf(db, personId), await whatElse(db, opener, scope, now),
  ]
  const [mails, news] = [await mailsOf(db, scope), await newsOf(db, scope, language, scope.alone ? contact.name : undefined)]
  const here = new Set(participations.map(({ id }) => id))
  const inPart = Map.groupBy(consents.filter(({ participationId }) => participationId !== null), ({ participationId }) => participationId)
  for (const each of participations) each.consents.push(...(inPart.get(each.id) ?? []).map(({ said }) => said))
  return {
    version: 1, writtenAt: now.toISOString(), email: contact.email, shared: !scope.alone,
    name: (scope.alone ? contact.name : undefined) ?? participations.find(({ name }) => name)?.name ?? null,
    language: person.language, country: person.country, area: person.area, since: person.created_at.toISOString(), confirmedAt: iso(person.confirmed_at), pausedUntil: iso(person.paused_until),
    erasing: person.erasing, participations,
    consents: consents.filter(({ participationId }) => participationId === null || (scope.alone && !here.has(participationId))).map(({ said }) => said),
    choices: await choicesOf(db, scope, preferences, language), browsers: person.browsers, contactMessages: scope.alone ? await contactMessagesOf(db, personId, language) : [], ...around, ...await ofTheMailbox(db, scope, language),
    mails: mails.filter((mail) => scope.alone || here.has(mail.participationId)).map(({ kind, state, at }) => ({ kind, state, at })),
    news: news.filter((each) => scope.alone || (each.participationId !== null && here.has(each.participationId))).map(({ kind, about, state, leftOut, returned, unsubscribedAt, at }) => ({ kind, about, state, leftOut, returned, unsubscribedAt, at })),
  }
}

interface PersonRow {
  contact: Buffer
  language: string
  country: string | null
  area: string | null
  created_at: Date
  confirmed_at: Date | null
  paused_until: Date | null
  erasing: boolean
  browsers: number
}

interface ParticipationRow {
  id: string
  name_index: Buffer | null
  slug: string
  title: string
  kind: 'petition' | 'message'
  public: boolean
  state: string
  language: string
  country: string | null
  area: string | null
  source: string | null
  taken_at: Date
  confirmed_at: Date | null
  ended_at: Date | null
  details: Buffer | null
  ask: string | null
  shown_name: string | null
  shown_state: string | null
  text: Buffer | null
  has_record: boolean
  has_text_record: boolean
}

async function participationsOf(db: Db, opener: Opener, scope: Scope, language: string, now: Date): Promise<OwnParticipation[]> {
  const { rows } = await sql<ParticipationRow>`
    select p.id, p.name_index, actions.slug, titles.title, actions.kind, public_actions.id is not null as public, p.state, p.language, p.country, coalesce(areas.names ->> ${language}, areas.name) as area, p.source,
      p.taken_at, p.confirmed_at, p.ended_at, p.details, asks.ask, public_names.shown_name, public_names.state as shown_state, text.contact as text, p.record is not null as has_record, coalesce(text.record is not null, false) as has_text_record
    from participations p join actions on actions.id = p.action_id
    join (select actions.id, ${titleIn(language)} as title from actions where id in (select action_id from participations where person_id = ${scope.personId})) titles on titles.id = actions.id
    left join public_actions on public_actions.id = actions.id
    left join areas on areas.id = p.area_id left join asks on asks.id = p.ask_id
    left join public_names on public_names.person_id = p.person_id and public_names.participation_id = p.id
    left join message_texts text on text.person_id = p.person_id and text.participation_id = p.id
    where p.person_id = ${scope.personId} and p.rehearsal_id is null order by p.taken_at desc, p.id`.execute(db)
  const theirs = rows.filter((row) => isTheirs(scope, row.name_index))
  const messages = await messagesOf(db, scope.personId, language, now)
  return Promise.all(theirs.map(async (row): Promise<OwnParticipation> => {
    const details = row.details ? await opener.open<Details>(detailsPlace(row.id), row.details) : {}
    const text = row.text ? await opener.open<MessageText>(messagePlace('contact', row.id), row.text) : undefined
    return {
      id: row.id, action: { slug: row.slug, title: row.title, kind: row.kind, public: row.public }, state: row.state, language: row.language, country: row.country, area: row.area, source: row.source,
      takenAt: row.taken_at.toISOString(), confirmedAt: iso(row.confirmed_at), endedAt: iso(row.ended_at), name: details.name ?? null, comment: details.comment ?? null, postcode: details.postcode ?? null,
      ask: row.ask, shown: row.shown_name === null ? null : { name: row.shown_name, state: row.shown_state! }, consents: [], messages: messages.get(row.id) ?? [],
      text: text ? [text, ...text.more ?? []].map(({ subject, body }) => ({ subject, body })) : null,
      records: { details: row.has_record, text: row.has_text_record },
    }
  }))
}

async function messagesOf(db: Db, personId: string, language: string, now: Date): Promise<Map<string, OwnParticipation['messages']>> {
  const { rows } = await sql<LifeRow & { participation_id: string, office: string, reply: string | null }>`
    select messages.participation_id, messages.office_id, coalesce(offices.labels ->> ${language}, offices.label, messages.office_id) as office, messages.state, messages.waiting_for, messages.in_digest, digests.state as digest_state,
      actions.state = 'suspended' as stopped, sending_waits.reason as wait_reason, sending_waits.until as wait_until, actions.deliver_at, messages.promised_at, messages.ended_at, messages.reply
    from messages join actions on actions.id = messages.action_id left join offices on offices.id = messages.office_id left join digests on digests.id = messages.digest_id
    left join sending_waits on sending_waits.action_id = messages.action_id and sending_waits.office_id = messages.office_id
    where messages.person_id = ${personId} order by messages.own desc, office`.execute(db)
  const of = Map.groupBy(rows, (row) => row.participation_id)
  return new Map([...of].map(([id, all]) => [id, all.map((row) => ({ ...lifeOf(row, now), office: row.office, reply: row.reply }))]))
}

/** What a mailbox wrote by the forms of places and topics: they have no name that could be told apart, so a shared one's pages have none. */
async function contactMessagesOf(db: Db, personId: string, language: string): Promise<OwnContactMessage[]> {
  const { rows } = await sql<{ id: string, about: string, state: OwnContactMessage['state'], at: Date }>`
    select message.id, message.state, message.received_at as at, coalesce((select name from subject_names where subject_id = message.subject_id and shown order by language = ${language} desc, language limit 1), '') as about
    from contact_messages message where message.person_id = ${personId} order by message.received_at desc`.execute(db)
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}

type Around = Pick<OwnData, 'newAddress' | 'suppressions' | 'requests' | 'holds'>

async function whatElse(db: Db, opener: Opener, { personId, nameIndex, alone }: Scope, now: Date): Promise<Around> {
  const { rows: suppressions } = await sql<{ scope: string, reason: string, at: Date }>`
    select distinct on (scope, reason) scope, reason, suppressions.created_at as at from suppressions join email_indexes using (email_index, key_id) where person_id = ${personId} order by scope, reason, at`.execute(db)
  const { rows: requests } = await sql<{ what: string, way: string, asked_by: string, recorded_at: Date }>`
    select what, way, asked_by, recorded_at from supporter_requests where person_id = ${personId} order by recorded_at desc`.execute(db)
  const { rows: holds } = await sql<{ placed_at: Date, lifted_at: Date | null }>`select placed_at, lifted_at from legal_holds where person_id = ${personId} order by placed_at`.execute(db)
  const { rows: [change] } = await sql<{ id: string, contact: Buffer }>`
    select id, contact from address_changes where person_id = ${personId} and expires_at > ${now} and (${alone} or name_index is not distinct from ${nameIndex})`.execute(db)
  return {
    newAddress: change ? (await opener.open<NewAddress>(newAddressPlace(change.id), change.contact)).email : null,
    suppressions: suppressions.map(({ at, ...row }) => ({ ...row, at: at.toISOString() })),
    holds: holds.map((row) => ({ since: row.placed_at.toISOString(), until: iso(row.lifted_at) })),
    requests: requests.map((row) => ({ what: row.what, way: row.way, askedBy: row.asked_by, at: row.recorded_at.toISOString() })),
  }
}
