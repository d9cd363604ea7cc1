import { html, type Html } from '#platform/html/html.ts'
import { mailFrame } from '#platform/mail/frame.ts'
import type { Letter } from '#platform/mail/letter.ts'
import { isolate } from '#platform/words.ts'
import { leavingToken, linkToken, shortCode } from '#modules/actions/index.ts'
import type { MailKind, Post } from '#modules/mails/index.ts'
import { publisherTexts, type Publisher } from '#modules/publisher/index.ts'
import type { MailFacts } from './facts.ts'
import { replyQuestion } from './reply-question.ts'
import { mailWords, type MailWord, type MailWords } from './words/index.ts'

/** One part of a mail, the same in its text and in its HTML. */
export type Block = { words: string } | { label: string, href: string, button?: string } | { quote: string } | { list: string[] }

export interface Content {
  subject: string
  blocks: Block[]
}

/** Whether a mail still has a point by the time it is written. */
export function stillTrue(kind: MailKind, state: string): boolean {
  if (kind === 'did-they-reply') return state === 'confirmed' || state === 'repeated'
  return kind === 'receipt' ? state === 'confirmed' : state === 'waiting'
}

/** A mail to a supporter. Before its owner has confirmed the address, nothing that anybody typed stands in it, not even a name. */
export function supporterLetter(facts: MailFacts, { publisher, post, linkKey }: { publisher: Publisher, post: Post, linkKey: string }, now: Date): Letter {
  const t = mailWords(facts.language)
  const token = linkToken(linkKey, facts.mail.participationId)
  const leaving = leavingToken(linkKey, facts.mail.participationId)
  const url = (path: string) => `${post.origin}${facts.language === publisher.defaultLanguage ? '' : `/${facts.language}`}${path}`
  const content = facts.mail.kind === 'receipt' ? receipt(facts, t, url, token) : facts.mail.kind === 'did-they-reply' ? replyQuestion(facts, t, url(`/replied/${token}`)) : request(facts, t, url, token, shortCode(linkKey, facts.mail.participationId))
  const links: Block[] = [
    { label: t('footer.withdraw'), href: url(`/withdraw/${token}`) },
    { label: t('footer.unsubscribe'), href: url(`/unsubscribe/${leaving}`) },
    // In a rehearsal the mail goes to a staff member, who sees nobody's data.
    ...(facts.rehearsal ? [] : [{ label: t('footer.data'), href: url(`/my-data/${token}`) }]),
  ]
  const known = facts.mail.kind === 'receipt' || facts.mail.kind === 'did-they-reply'
  const { name } = publisherTexts(publisher, t.language)
  return {
    from: { name, address: post.from }, to: known ? facts.to : { address: facts.to.address }, replyTo: { name, address: post.replyTo },
    returnPath: post.back('bounce', 'mail', facts.mail.id), messageId: `${facts.mail.id}@${post.domain}`,
    subject: content.subject, ...wholeMail(t, content, footer(t, url, links, publisher, post)), language: t.language, date: now,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'List-Unsubscribe': unsubscribing(url(`/unsubscribe/${leaving}`), post, facts.mail.participationId),
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  }
}

/** RFC 2369 and 8058: the link first, which mail programs post to; by mail as well where somebody reads that. */
export function unsubscribing(link: string, post: Pick<Post, 'readsReturns' | 'back'>, participationId: string): string {
  return [`<${link}>`, ...(post.readsReturns ? [`<mailto:${post.back('unsubscribe', 'participation', participationId)}?subject=unsubscribe>`] : [])].join(', ')
}

function request({ mail, action }: MailFacts, t: MailWords, url: (path: string) => string, token: string, code: string): Content {
  const name = (part: string): MailWord => {
    const key = mail.kind === 'reminder' ? `reminder.${part}` : `${mail.kind}.${action.kind}.${part}`
    if (!t.has(key)) throw new Error(`No words for ${key}`)
    return key
  }
  return {
    subject: t(name('subject'), { title: action.title }),
    blocks: [
      { words: t(name('opening'), { title: action.title }) },
      { label: t('confirm.how'), href: url(`/confirm/${token}`), button: t(name('button')) },
      ...(mail.kind === 'reminder' ? [] : [{ words: t('confirm.code', { code: `${code.slice(0, 3)} ${code.slice(3)}` }) }]),
      { words: t('confirm.not-me') }, { label: t('confirm.not-me.link'), href: url(`/not-me/${token}`) },
    ],
  }
}

function receipt({ action, offices, copy, keptUntil, heldFor, heldUntil, dropped, inHours }: MailFacts, t: MailWords, url: (path: string) => string, token: string): Content {
  const message = action.kind === 'message'
  const allHeld = heldFor.length > 0 && heldFor.length === offices.length
  return {
    subject: t(!message ? 'receipt.petition.subject' : dropped ? 'receipt.message.dropped.subject' : keptUntil || allHeld ? 'receipt.message.kept.subject' : 'receipt.message.subject', { title: action.title }),
    blocks: [
      { words: t(message ? 'receipt.message.opening' : 'receipt.petition.opening', { title: action.title }) },
      ...(dropped ? [{ words: t('receipt.message.dropped') }] : message ? [
        { words: t('receipt.message.to', { count: offices.length }) }, { list: offices },
        ...(keptUntil ? [{ words: t('receipt.message.from', { moment: t.moment(keptUntil, action.zone) }) }] : allHeld ? [] : [{ words: t('receipt.message.pace') }]),
        ...(inHours && !allHeld ? [{ words: t('receipt.message.hours') }] : []),
        ...(heldFor.length > 0 ? [{ words: heldWords(t, allHeld ? undefined : heldFor, heldUntil) }] : []),
      ] : []),
      ...(copy ? [{ words: t('receipt.copy') }, { quote: `${copy.subject}\n\n${copy.body}` }] : []),
      ...(message ? [{ label: t('receipt.life'), href: url(`/receipt/${token}`) }] : []),
      { label: t('receipt.page'), href: url(`/actions/${action.slug}`) },
    ],
  }
}

/** What waits for a body to sit, and until when where somebody has said that: all of it, or what is for these offices. */
function heldWords(t: MailWords, offices: string[] | undefined, until: string | undefined): string {
  const day = until && t.day(until)
  if (!offices) return day ? t('receipt.message.held-until', { day }) : t('receipt.message.held')
  return day ? t('receipt.message.some-held-until', { offices: t.list(offices), day }) : t('receipt.message.some-held', { offices: t.list(offices) })
}

/** What stands under every mail: what its reader can do, who it comes from, and how to reach them. */
export function footer(t: MailWords, url: (path: string) => string, links: Block[], publisher: Publisher, post: Pick<Post, 'practice'>): Block[] {
  const texts = publisherTexts(publisher, t.language)
  // Each by itself, so that they stand in the order of the mail's language whatever they are made of.
  const contact = [publisher.email, publisher.phone?.replaceAll(' ', '\u00a0'), publisher.postalAddress].flatMap((each) => each || []).map((each) => isolate(each, t.direction)).join(' · ')
  return [
    ...links,
    { label: t('footer.device'), href: url('/forget-me') },
    { words: t('footer.from', { name: texts.name, responsible: texts.responsible }) },
    ...(contact ? [{ words: t('footer.contact', { contact }) }] : []),
    ...(post.practice ? [{ words: t('footer.practice') }] : []),
  ]
}

/** The blocks of a mail as plain text. */
export function asText(blocks: Block[]): string {
  return `${blocks.map((block) => {
    if ('words' in block) return block.words
    if ('href' in block) return `${block.label}\n${block.href}`
    return 'quote' in block ? block.quote.split('\n').map((line) => `> ${line}`.trimEnd()).join('\n') : block.list.map((each) => `– ${each}`).join('\n')
  }).join('\n\n')}\n`
}

/** What a mail says, and what stands under it in small print, as text and as a page. */
export function wholeMail(t: MailWords, { subject, blocks }: Content, under: Block[]): { text: string, html: string } {
  return { text: asText([...blocks, ...under]), html: mailFrame(t, subject, html`${asBlocks(blocks)}${smallPrint(t, under)}`).text }
}

/** What stands under a mail, apart from what it says. */
export function smallPrint({ language, direction }: Pick<MailWords, 'language' | 'direction'>, under: Block[]): Html {
  return html`<hr style="border:0;border-top:1px solid #dedbd2;margin:32px 0 16px"><div lang="${language}" dir="${direction}" style="font-size:14px;color:#5b5850">${asBlocks(under)}</div>`
}

/** The blocks of a mail in HTML. */
export function asBlocks(blocks: Block[]): Html {
  return html`${blocks.map((block) => {
    if ('words' in block) return html`<p>${block.words}</p>`
    if ('quote' in block) return html`<blockquote dir="auto" style="margin:0;padding:12px 16px;border:1px solid #dedbd2;border-radius:6px;white-space:pre-wrap">${block.quote}</blockquote>`
    if ('list' in block) return html`<ul>${block.list.map((each) => html`<li>${each}</li>`)}</ul>`
    return block.button
      ? html`<p>${block.label}</p><p><a href="${block.href}" style="display:inline-block;padding:14px 22px;border-radius:8px;background:#1b1a17;color:#fff;text-decoration:none;font-weight:600">${block.button}</a></p>`
      // In text an address follows the words; here the words lead there.
      : html`<p><a href="${block.href}" style="color:#2b3a8f">${block.label.replace(/\s*:$/, '')}</a></p>`
  })}`
}
