import type { Letter } from '#platform/mail/letter.ts'
import type { Opener } from '#platform/sealing/index.ts'
import { detailsPlace, type Details } from '#modules/actions/index.ts'
import type { DueMail, MailKind, OwnMailKind, Post } from '#modules/mails/index.ts'
import { newAddressPlace, openContact, ownToken, type NewAddress, type OwnMail } from '#modules/people/index.ts'
import { publisherTexts, type Publisher } from '#modules/publisher/index.ts'
import { footer, wholeMail, type Block, type Content } from './letters.ts'
import { mailWords, type MailWords } from './words/index.ts'

const ownKinds: readonly MailKind[] = ['data-link', 'new-address', 'address-notice'] satisfies Exclude<OwnMailKind, 'bulletin'>[]

/** Whether a mail is about somebody's own data and not about an action. */
export function isOwnMail(kind: MailKind): boolean {
  return ownKinds.includes(kind)
}

interface Tools {
  opener: Opener
  linkKey: string
  publisher: Publisher
  post: Post
}

/** A mail about somebody's own data. Names stand in it only where they tell apart who shares a mailbox, and never in one to a mailbox that has not said yes. */
export async function ownLetter(mail: DueMail, facts: OwnMail, { opener, linkKey, publisher, post }: Tools, now: Date): Promise<Letter> {
  const t = mailWords(facts.language)
  const url = (path: string) => `${post.origin}${facts.language === publisher.defaultLanguage ? '' : `/${facts.language}`}${path}`
  const present = (await openContact(opener, facts.personId, facts.contact)).email
  const to = mail.kind === 'new-address' ? (await opener.open<NewAddress>(newAddressPlace(facts.change!.id), facts.change!.sealed)).email : present
  const content = mail.kind === 'data-link' ? await links(t, opener, facts, (id) => url(`/my-data/${ownToken(linkKey, 'data', id)}`))
    : mail.kind === 'new-address' ? newAddress(t, url(`/new-address/${ownToken(linkKey, 'address', facts.change!.id)}`))
      : { subject: t('own.notice.subject'), blocks: [{ words: t('own.notice.opening') }, { words: t('own.notice.not-me') }] }
  const { name } = publisherTexts(publisher, t.language)
  return {
    from: { name, address: post.from }, to: { address: to }, replyTo: { name, address: post.replyTo },
    // What a new address sends back says nothing about the present one.
    returnPath: mail.kind === 'new-address' ? post.from : post.back('bounce', 'mail', mail.id), messageId: `${mail.id}@${post.domain}`,
    subject: content.subject, ...wholeMail(t, content, footer(t, url, [], publisher, post)), language: t.language, date: now,
    headers: { 'Auto-Submitted': 'auto-generated' },
  }
}

async function links(t: MailWords, opener: Opener, facts: OwnMail, href: (id: string) => string): Promise<Content> {
  const several = facts.links.length > 1
  const blocks = await Promise.all(facts.links.map(async (link): Promise<Block> => {
    const { name } = link.namedIn && link.details ? await opener.open<Details>(detailsPlace(link.namedIn), link.details) : {} as Details
    const label = !several ? t('own.link.one') : name ? t('own.link.named', { name }) : t('own.link.nameless')
    return { label, href: href(link.id), button: t('own.link.button') }
  }))
  return { subject: t('own.link.subject'), blocks: [{ words: t('own.link.opening') }, ...(several ? [{ words: t('own.link.several') }] : []), ...blocks, { words: t('own.link.not-me') }] }
}

function newAddress(t: MailWords, href: string): Content {
  return { subject: t('own.new.subject'), blocks: [{ words: t('own.new.opening') }, { label: t('own.new.how'), href, button: t('own.new.button') }, { words: t('own.new.not-me') }] }
}
