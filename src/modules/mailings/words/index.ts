import { catalogue, type Words } from '#platform/words.ts'
import ar from './ar.json' with { type: 'json' }
import en from './en.json' with { type: 'json' }
import es from './es.json' with { type: 'json' }
import fr from './fr.json' with { type: 'json' }
import he from './he.json' with { type: 'json' }

export type MailWord = keyof typeof en
export type MailWords = Words<MailWord>
export const mailWords = catalogue<MailWord>({ en, ar, es, fr, he }, { quotes: 'nested' })
