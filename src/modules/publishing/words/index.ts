import { catalogue, type Words } from '#platform/words.ts'
import ar from './ar.json' with { type: 'json' }
import en from './en.json' with { type: 'json' }
import es from './es.json' with { type: 'json' }
import fr from './fr.json' with { type: 'json' }
import he from './he.json' with { type: 'json' }

export type PublishingWord = keyof typeof en
export type PublishingWords = Words<PublishingWord>

/** What published texts are given besides their own words: kinds, labels, dates, the parts of a figure. For pages, feeds, mails and the desk alike. */
export const publishingWords = catalogue<PublishingWord>({ en, ar, es, fr, he })
