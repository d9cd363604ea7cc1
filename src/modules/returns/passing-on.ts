import { randomUUID } from 'node:crypto'
import { sql, type Db } from '#platform/db.ts'
import type { Letter } from '#platform/mail/letter.ts'
import type { Log } from '#platform/log.ts'
import type { Opener } from '#platform/sealing/index.ts'
import type { Post } from '#modules/mails/index.ts'
import { openContact, readAddress, suppressed } from '#modules/people/index.ts'
import { publisherTexts, type Publisher } from '#modules/publisher/index.ts'
import { letterPlace, type ReturnedLetter } from './letters.ts'
import { returnWords } from './words/index.ts'

interface Due {
  id: string
  person_id: string
  contact: Buffer
  language: string
  address: Buffer
  office: string | null
}

/**
 * Passes answers on to the supporters whose own representatives wrote them to the wrong address, each at most once: that it goes is committed first.
 * What could not be handed over stays for staff to see. Returns how many were tried.
 */
export async function passLettersOn({ db, opener, post, publisher, log }: { db: Db, opener: Opener, post: Post, publisher: Publisher, log: Log }, now: Date): Promise<number> {
  const { rows } = await sql<Due>`
    with due as (select id, person_id, contact from returned_letters where state = 'passing-on' and practice = ${post.practice} order by received_at limit 20 for update)
    update returned_letters letter set state = 'passed-on', contact = null, person_id = null from due
    left join people on people.id = due.person_id and not ${suppressed(sql`people.id`, 'part')} and not exists (select from erasure_requests where person_id = people.id)
    where letter.id = due.id and letter.state = 'passing-on'
    returning letter.id, due.person_id, due.contact, people.language, people.contact as address,
      (select coalesce(offices.labels ->> people.language, offices.label) from offices where offices.id = letter.office_id) as office`.execute(db)
  for (const due of rows) {
    // Erased since, or about to be, or wants no mail at all: there is nobody to pass it on to, and nobody else is to read it.
    if (!due.address) continue
    const delivery = await passOn(due, { opener, post, publisher }, now).catch((error: unknown) => log.error('letter not passed on', { error }))
    if (delivery?.outcome !== 'accepted') await sql`update returned_letters set state = 'unread' where id = ${due.id} and state = 'passed-on'`.execute(db)
  }
  return rows.length
}

async function passOn(due: Due, { opener, post, publisher }: { opener: Opener, post: Post, publisher: Publisher }, now: Date) {
  const letter = await opener.open<ReturnedLetter>(letterPlace('contact', due.id), due.contact)
  return post.deliver(letterFor(letter, due, (await openContact(opener, due.person_id, due.address)).email, { post, publisher }, now))
}

/** From us, because it is us who send it; answered to whoever wrote it. */
function letterFor(letter: ReturnedLetter, { office, language }: Due, to: string, { post, publisher }: { post: Post, publisher: Publisher }, now: Date): Letter {
  const t = returnWords(language)
  const { name } = publisherTexts(publisher, t.language)
  const address = readAddress(letter.from!.address)!
  const from = office ?? address
  const plain = (text: string) => text.replace(/[\u2068\u2069]/g, '')
  const id = randomUUID()
  return {
    from: { name, address: post.from }, to: { address: to }, replyTo: { address }, returnPath: post.back('bounce', 'mail', id), messageId: `${id}@${post.domain}`,
    // oxlint-disable-next-line no-control-regex
    subject: plain(t('passed-on.subject', { office: from, subject: letter.subject.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, 200) })),
    text: `${[plain(t('passed-on.opening', { office: from, publisher: name })), t('passed-on.how', { address }), letter.text.split(/\r?\n/).map((line) => `> ${line}`.trimEnd()).join('\n'), ...(letter.cut ? [t('passed-on.cut')] : [])].join('\n\n')}\n`,
    language: t.language, date: now, headers: { 'Auto-Submitted': 'auto-generated' },
  }
}
