import { catalogue, type Words } from '#platform/words.ts'
import ar from './ar.json' with { type: 'json' }
import en from './en.json' with { type: 'json' }
import es from './es.json' with { type: 'json' }
import fr from './fr.json' with { type: 'json' }
import he from './he.json' with { type: 'json' }

export type DeskWord = keyof typeof en
export type DeskWords = Words<DeskWord>
export const deskWords = catalogue<DeskWord>({ en, ar, es, fr, he })

/** Fields of the desk's forms: each has a label, a sentence of help and an example in the catalogue. */
export type FieldName = DeskWord extends infer Word ? Word extends `f.${infer Name}.help` ? Name : never : never
export { foundSaid } from './found.ts'
