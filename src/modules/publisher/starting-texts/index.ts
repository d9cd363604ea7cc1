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

const wordings = z.record(z.string(), z.string())
const starting = z.record(z.string(), z.object({ purpose: z.string(), channel: z.enum(consentChannels), about: z.enum(['controller', 'action']).optional(), wordings, earlier: z.array(wordings).default([]) })).parse(statements)

/** Questions to start from, by a name of their own, with the publisher's name in each language put in. `earlier`: how those were worded who began with an earlier version. */
export function startingStatements(names: Record<string, string>): typeof starting {
  const named = (said: Record<string, string>) => Object.fromEntries(Object.entries(said).flatMap(([language, wording]) => (names[language] ? [[language, wording.replaceAll('{name}', names[language])]] : [])))
  return Object.fromEntries(Object.entries(starting).map(([key, statement]) => [key, { ...statement, wordings: named(statement.wordings), earlier: statement.earlier.map(named) }]))
}
