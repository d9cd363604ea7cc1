import { catalogue, type Words } from '#platform/words.ts'
import ar from './ar.json' with { type: 'json' }
import en from './en.json' with { type: 'json' }

export type AlertWord = keyof typeof en
export type AlertWords = Words<AlertWord>
export const alertWords = catalogue<AlertWord>({ en, ar })
