import { escapeHtml, html, raw } from '#platform/html/html.ts'
import { renderForMail, textForMail, type Leads } from '#platform/html/markdown-mail.ts'
import { mailFrame } from '#platform/mail/frame.ts'
import type { Letter } from '#platform/mail/letter.ts'
import { directionOf, isolate } from '#platform/words.ts'
import { leavingToken, linkToken } from '#modules/actions/index.ts'
import type { Post } from '#modules/mails/index.ts'
import { merge } from '#modules/messages/index.ts'
import { publisherTexts, type Publisher } from '#modules/publisher/index.ts'
import { asText, footer, smallPrint, unsubscribing } from '../letters.ts'
import { mailWords } from '../words/index.ts'
import type { MailingText } from './mailing.ts'
import type { Topic } from './topics.ts'

/** Merge fields that the words of a mailing may use. */
export const mailingFields = ['name'] as const

/** Stands where a name goes, until somebody's is put there: a character that nobody's words have. */
const nameHere = '\uE000'
const encodedName = encodeURIComponent(nameHere)

/** A mailing in one language, rendered once, and then for each person with or without a name. */
export interface Mould {
  language: string
  fromName: string
  of(name: string | undefined): { subject: string, text: string, html: string }
  /** Whether it is a bulletin, whose reader can change how often it comes. */
  bulletin?: true
  /** What it is about, where it goes to those who chose that: they can leave it and keep the rest. */
  topic?: Topic
}

export function mouldOf(text: MailingText, language: string, origin: string, topic?: Topic): Mould {
  const direction = directionOf(language)
  // No name ever stands in an address, where logs would keep it.
  const leads: Leads = (href) => (href.startsWith('/') ? `${origin}${href}` : href).replaceAll(encodedName, '')
  const render = (name: string | undefined) => {
    const [subject, body] = [text.subject, text.body].map((words) => merge(words.replaceAll(nameHere, ''), { name }))
    return { subject: subject!, text: textForMail(body!, leads), html: renderForMail(body!, leads, direction).text }
  }
  const [nameless, named] = [render(undefined), render(nameHere)]
  return {
    language, fromName: text.fromName, topic,
    of(name) {
      // eslint-disable-next-line no-control-regex
      const clean = name?.replace(/[\p{Cc}\p{Cs}]/gu, ' ').trim()
      if (!clean) return nameless
      const isolated = isolate(clean, direction)
      return { subject: named.subject.replaceAll(nameHere, isolated), text: named.text.replaceAll(nameHere, isolated), html: named.html.replaceAll(nameHere, `<bdi>${escapeHtml(clean)}</bdi>`) }
    },
  }
}

/** Whom one mail of a mailing is for, and why they get it. */
export interface MailingFacts {
  /** Names this mail, in bounces and in its Message-ID. */
  id: string
  to: { name?: string, address: string }
  /** Whose link lets them out. */
  participationId: string
  /** When they said yes, to which words. */
  consent: { since: Date, wording: string } | undefined
}

/** One mail of a mailing, ready to be sent: its words, why they came, and every way out. Nothing in it says whether it was opened. */
export function mailingLetter(mould: Mould, facts: MailingFacts, { publisher, post, linkKey, listId }: { publisher: Publisher, post: Pick<Post, 'origin' | 'domain' | 'from' | 'replyTo' | 'practice' | 'readsReturns' | 'back'>, linkKey: string, listId: string }, now: Date): Letter {
  const { language } = mould
  const t = mailWords(language)
  const { subject, text, html: body } = mould.of(facts.to.name)
  const token = linkToken(linkKey, facts.participationId)
  const leaving = leavingToken(linkKey, facts.participationId)
  const url = (path: string) => `${post.origin}${language === publisher.defaultLanguage ? '' : `/${language}`}${path}`
  const under = footer(t, url, [
    ...(facts.consent ? [{ words: t('many.why', { day: t.day(facts.consent.since, publisher.zone), wording: facts.consent.wording }) }] : []),
    ...(mould.topic ? [{ words: t('many.topic.why', { topic: mould.topic.name }) }, { label: t('many.topic.leave', { topic: mould.topic.name }), href: url(`/unsubscribe/${leaving}/${mould.topic.id}`) }] : []),
    ...(mould.bulletin ? [{ label: t('bulletin.change'), href: url(`/bulletin/${token}`) }] : []),
    { label: t('many.unsubscribe'), href: url(`/unsubscribe/${leaving}`) }, { label: t('footer.data'), href: url(`/my-data/${token}`) },
  ], publisher, post)
  const fromName = mould.fromName || publisherTexts(publisher, language).name
  return {
    from: { name: fromName, address: post.from }, to: facts.to, replyTo: { name: fromName, address: post.replyTo },
    returnPath: post.back('bounce', 'mailing', facts.id), messageId: `${facts.id}@${post.domain}`,
    subject, text: `${text}\n\n-- \n${asText(under)}`, language, date: now,
    html: mailFrame({ language, direction: directionOf(language) }, subject, html`${raw(body)}${smallPrint(t, under)}`).text,
    headers: {
      'List-Id': `<${listId}.${post.domain}>`, 'Precedence': 'bulk',
      'List-Unsubscribe': unsubscribing(url(`/unsubscribe/${leaving}`), post, facts.participationId), 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  }
}
