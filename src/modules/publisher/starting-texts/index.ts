import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { isInterfaceLanguage } from '#platform/words.ts'
import { consentChannels } from '#modules/people/index.ts'
import statements from './statements.json' with { type: 'json' }

/** A privacy policy to start from, as Markdown, with the publisher's name and contact put in. It says what the program does. */
export function startingPrivacyPolicy(language: string, { name, contact }: { name: string, contact: string }): string {
  const known = isInterfaceLanguage(language) ? language : 'en'
  return readFileSync(new URL(`privacy.${known}.md`, import.meta.url), 'utf8').replaceAll('{name}', name).replaceAll('{contact}', contact)
}

const starting = z.record(z.string(), z.object({ purpose: z.string(), channel: z.enum(consentChannels), about: z.enum(['controller', 'action']).optional(), wordings: z.record(z.string(), z.string()) })).parse(statements)

/** Questions to start from, by a name of their own, with the publisher's name in each language put in. */
export function startingStatements(names: Record<string, string>): typeof starting {
  return Object.fromEntries(Object.entries(starting).map(([key, statement]) => [key, {
    ...statement, wordings: Object.fromEntries(Object.entries(statement.wordings).flatMap(([language, wording]) => (names[language] ? [[language, wording.replaceAll('{name}', names[language])]] : []))),
  }]))
}
