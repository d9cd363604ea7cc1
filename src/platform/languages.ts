import { languageNameIn } from './formats.ts'
import { interfaceLanguages } from './words.ts'

/** Languages that organisations like this one write, hear and publish in; any other is known by its code. */
const usual = 'am ar az bn ckb cs da de dv el en es et eu fa fi fil fr ha he hi hr ht hu hy id ig it ja ka kk km ko ku ky lo mg mk mn ms my ne nl no om pl ps pt qu rn ro ru rw si sk sn so sq sr sv sw ta te tg th ti tk tpi tr uk ur uz vi wo xh yo zh zu'.split(' ')

export function languageCodes(): string[] {
  return usual
}

let byName: Map<string, string> | undefined

/** The code of a language that somebody named: by its code, by what it is called in one of ours, or as those who speak it say; nothing where it is none. */
export function languageNamed(text: string): string | undefined {
  const typed = text.trim().toLowerCase()
  if (/^[a-z]{2,3}$/.test(typed) && languageNameIn('en', typed) !== typed) return typed
  byName ??= new Map(usual.flatMap((code) => [...interfaceLanguages, code].map((language): [string, string] => [languageNameIn(language, code).toLowerCase(), code])))
  return byName.get(typed)
}
