import type { MailFacts } from './facts.ts'
import type { Content } from './letters.ts'
import type { MailWords } from './words/index.ts'

/** The one mail that asks whether the offices answered, two weeks after the message was accepted. */
export function replyQuestion({ action, offices }: MailFacts, t: MailWords, page: string): Content {
  return {
    subject: t('question.subject', { title: action.title }),
    blocks: [
      { words: t('question.opening', { title: action.title }) }, { list: offices }, { words: t('question.how') },
      { label: t('question.page'), href: page, button: t('question.button') }, { words: t('question.counted') },
    ],
  }
}
