import type { Letter } from '#platform/mail/letter.ts'
import type { Post } from '#modules/mails/index.ts'
import { publisherTexts, type Publisher } from '#modules/publisher/index.ts'
import { localLabel, type OfficeFacts } from '#modules/targets/index.ts'
import { addresseeName } from '../wording.ts'
import { messageWords } from '../words/index.ts'
import type { Gathered } from './gather.ts'

/**
 * One mail with everybody's words, as plain text: the same words once, with all who wrote them beneath. From us and answered to us,
 * because no single supporter wrote it.
 */
export function digestLetter(gathered: Gathered, digest: { id: string, token: string }, office: OfficeFacts, { post, publisher }: { post: Post, publisher: Publisher }, now: Date): Letter {
  const language = publisher.defaultLanguage
  const t = messageWords(language)
  const { name } = publisherTexts(publisher, language)
  const count = gathered.actions.reduce((sum, { people }) => sum + people, 0)
  const text = [
    t('digest.opening', { count: gathered.people, office: localLabel(office, language) }),
    `${t('digest.confirmed')}\n${post.origin}/digests/${digest.token}`,
    t('digest.answers', { publisher: name }),
    ...gathered.actions.flatMap(({ title, people, words }) => [
      `${'*'.repeat(60)}\n${t('digest.action', { title, count: people })}`,
      words.map(({ subject, body, writers }) => [
        t('digest.same', { count: writers.length }), t('digest.written-in', { subject }), body, `${t('digest.names-of', { count: writers.length })}\n${writers.map((writer) => `- ${writer}`).join('\n')}`,
      ].join('\n\n')).join(`\n\n${'-'.repeat(60)}\n\n`),
    ]),
  ].join('\n\n')
  return {
    from: { name, address: post.from }, to: { name: addresseeName(office, language), address: office.email! }, replyTo: { name, address: post.readsReturns ? post.back('reply', 'digest', digest.id) : post.replyTo },
    returnPath: post.back('bounce', 'digest', digest.id), messageId: `${digest.id}@${post.domain}`,
    // Marks that keep two directions apart are for pages, not for what any mail program shows.
    subject: plain(t('digest.subject', { count, day: t.day(now, publisher.zone) })), text: `${plain(text)}\n`, language, date: now,
  }
}

function plain(text: string): string {
  return text.replace(/[\u2068\u2069]/g, '')
}
