import { readFileSync } from 'node:fs'

/** A privacy policy to start from, as Markdown, with the publisher's name and contact put in. It says what the program does. */
export function startingPrivacyPolicy(language: string, { name, contact }: { name: string, contact: string }): string {
  const known = language === 'ar' ? 'ar' : 'en'
  return readFileSync(new URL(`privacy.${known}.md`, import.meta.url), 'utf8').replaceAll('{name}', name).replaceAll('{contact}', contact)
}
