import { catalogue, type Words } from '#platform/words.ts'
import ar from './ar.json' with { type: 'json' }
import en from './en.json' with { type: 'json' }
import es from './es.json' with { type: 'json' }
import fr from './fr.json' with { type: 'json' }
import he from './he.json' with { type: 'json' }

export type InboxWords = Words<keyof typeof en>
export const inboxWords = catalogue<keyof typeof en>({ en, ar, es, fr, he })
