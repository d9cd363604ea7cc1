import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { IntlMessageFormat } from 'intl-messageformat'
import { interfaceLanguages } from '#platform/words.ts'
import { catalogueFolders, leftOverWords, missingWords } from '../../tools/missing-words.ts'
import { keptDays } from '#modules/privacy/index.ts'

/** A piece of a message as its parser gives it (its type numbers are those of @formatjs/icu-messageformat-parser). */
interface Piece {
  type: number
  value: string
  options?: Record<string, { value: Piece[] }>
  children?: Piece[]
}
const [literal, plural, hash, tag] = [0, 6, 7, 8]

const folders = catalogueFolders
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
const piecesOf = (message: string, language: string) => new IntlMessageFormat(message, language).getAst() as unknown as Piece[]

/** All pieces of a message, those inside of tags and choices too. */
function everyPiece(pieces: Piece[]): Piece[] {
  return pieces.flatMap((piece) => [piece, ...everyPiece(piece.children ?? []), ...Object.values(piece.options ?? {}).flatMap((option) => everyPiece(option.value))])
}

/** What the code gives to a message, with what it is taken for. */
function needsOf(message: string, language: string): string[] {
  return [...new Set(everyPiece(piecesOf(message, language)).filter(({ type }) => type !== literal && type !== hash).map(({ type, value }) => `${value} as ${type}`))].toSorted()
}

test('there is a catalogue for every language wherever there is one for English', () => {
  assert.ok(folders.length >= 6)
  for (const folder of folders) assert.deepEqual(globSync(`${folder}/*.json`).toSorted(), interfaceLanguages.map((language) => `${folder}/${language}.json`).toSorted())
})

test('no language lacks a message, or has one that is not said any more: node tools/missing-words.ts', () => {
  assert.deepEqual(missingWords(), {})
  assert.deepEqual(leftOverWords(), {})
})

test('every language says the same things, in the same order of the file, with the same values', () => {
  for (const folder of folders) {
    const english = read(`${folder}/en.json`)
    for (const language of interfaceLanguages) {
      const messages = read(`${folder}/${language}.json`)
      assert.deepEqual(Object.keys(messages), Object.keys(english), folder)
      for (const [key, message] of Object.entries(messages)) assert.deepEqual(needsOf(message, language), needsOf(english[key]!, 'en'), `${folder} ${language} ${key}`)
    }
  }
})

test('a number is said in every way that its language has', () => {
  for (const folder of folders) {
    for (const language of interfaceLanguages) {
      for (const [key, message] of Object.entries(read(`${folder}/${language}.json`))) {
        for (const piece of everyPiece(piecesOf(message, language)).filter(({ type }) => type === plural)) {
          const said = Object.keys(piece.options!).filter((way) => !way.startsWith('='))
          assert.deepEqual(said.toSorted(), new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted(), `${folder} ${language} ${key}`)
        }
      }
    }
  }
})

test('a message has no markup but tags that the code gives, no loose ends, and is not English in another language', () => {
  // Names of things, addresses and examples are the same everywhere.
  const scripts: Record<string, RegExp> = { ar: /[\u0600-\u06ff]|^\{/, he: /[\u0590-\u05ff]|^\{/ }
  // Words that no sentence of English does without, and that are none in the other languages.
  const commonEnglish = /(?:^|\s)(the|and|you|your|with|this|that|from|have|has|what|which|who|it|is|of|are|not|please)(?=[\s.,:;?!]|$)/i
  const sameEverywhere = /^[\W\d]*$|^[\w.@:/ -]*\.(example|org)\S*$|^f\..*\.example$|^share\.[a-z]+$/
  for (const folder of folders) {
    const english = read(`${folder}/en.json`)
    for (const language of interfaceLanguages) {
      for (const [key, message] of Object.entries(read(`${folder}/${language}.json`))) {
        const where = `${folder} ${language} ${key}`
        assert.equal(message, message.trim().normalize('NFC'), where)
        assert.doesNotMatch(message, / {2}| \n|\n{3}|\t|&[a-z#]+\d*;|[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/, where)
        for (const { type, value } of everyPiece(piecesOf(message, language))) {
          if (type === tag) assert.ok(['strong', 'link'].includes(value), `${where}: <${value}>`)
          if (type === literal) assert.doesNotMatch(value, /[<>]/, where)
        }
        const script = scripts[language]
        if (script && !sameEverywhere.test(message) && !sameEverywhere.test(key)) assert.match(message, script, `${where} is in another script: ${message}`)
        if (language !== 'en') assert.doesNotMatch(message, commonEnglish, `${where} has English in it: ${message}`)
        if (language !== 'en' && message.length > 25 && /\p{L}/u.test(message.replaceAll(/\{\w+\}/g, '')) && !sameEverywhere.test(key)) assert.notEqual(message, english[key], where)
      }
    }
  }
})

test('the texts that a new publisher starts with are there in every language, and say the same', () => {
  const folder = 'src/modules/publisher/starting-texts'
  const western = (text: string) => text.replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
  const shape = (text: string) => ({ headings: text.match(/^#+ /gm)?.length, points: text.match(/^[-*] /gm)?.length, holes: text.match(/\{\w+\}/g)?.toSorted() })
  const policies = interfaceLanguages.map((language) => readFileSync(`${folder}/privacy.${language}.md`, 'utf8'))
  for (const policy of policies) {
    assert.deepEqual(shape(policy), shape(policies[0]!))
    for (const days of [keptDays.unconfirmed, keptDays.messageText]) assert.match(western(policy), new RegExp(`\\b${days}\\b`), 'they promise the days that the program keeps')
  }
  const statements = JSON.parse(readFileSync(`${folder}/statements.json`, 'utf8')) as Record<string, { wordings: Record<string, string> }>
  for (const { wordings } of Object.values(statements)) {
    assert.deepEqual(Object.keys(wordings), [...interfaceLanguages])
    for (const wording of Object.values(wordings)) assert.deepEqual(wording.match(/\{\w+\}/g), wordings.en!.match(/\{\w+\}/g))
  }
})
