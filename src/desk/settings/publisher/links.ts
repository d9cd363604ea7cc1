import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { isNumberScheme } from '#modules/publishing/index.ts'
import { formFields, type Faults } from '../../forms.ts'
import { addressAsWritten } from '../../pasted-address.ts'
import { line, perLanguage, type Step } from './step.ts'

const linesOf = (links: { label: string, url: string }[]) => links.map(({ label, url }) => `${label} ${url}`).join('\n')

/** Names with addresses, one a line; nothing where a line is something else. */
function readLines(text: string, kind: RegExp): { label: string, url: string }[] | undefined {
  const rows = text.split('\n').map((row) => row.trim()).filter(Boolean).map((row) => kind.exec(row))
  return rows.some((row) => !row) ? undefined : rows.map((row) => ({ label: row![1]!.slice(0, 60), url: row![2]!.slice(0, 300) }))
}

/** Where to donate, follow and leave quickly; menus and index numbers. */
export const links: Step = {
  typed: (publisher) => ({
    donate: publisher.donateUrl ?? '', follow: linesOf(publisher.followLinks), exit_url: publisher.exitUrl ?? '', exit_everywhere: publisher.exitEverywhere ? 'yes' : '', index_scheme: publisher.indexScheme ?? '',
    ...Object.fromEntries(publisher.languages.map((language) => [`menu-${language}`, linesOf(publisher.menus[language] ?? [])])),
  }),
  fields: (t, publisher, typed, faults) => html`${formFields(t, [{ name: 'donate', kind: 'url' }, { name: 'follow', kind: 'text', maxLength: 3000 }], typed, faults)}
${perLanguage(t, publisher, (language) => formFields(t, [{ name: 'menu', as: `menu-${language}`, kind: 'text', maxLength: 1500 }], typed, faults))}
${formFields(t, [{ name: 'exit_url', kind: 'url' }, { name: 'exit_everywhere', kind: 'tick' }, { name: 'index_scheme', kind: 'line', direction: 'ltr', maxLength: 60 }], typed, faults)}`,
  async read(t, publisher, body) {
    const donate = addressAsWritten(line(body, 'donate'))
    const follow = readLines(field(body, 'follow'), /^(.+?)\s+(https?:\/\/\S+)$/)
    const menus = Object.fromEntries(publisher.languages.map((language) => [language, readLines(field(body, `menu-${language}`), /^(.+?)\s+(https?:\/\/\S+|\/(?!\/)\S*)$/)]))
    const exitUrl = addressAsWritten(line(body, 'exit_url'))
    const scheme = line(body, 'index_scheme', 60)
    const faults: Faults = {
      ...(donate && !/^https?:\/\//.test(donate) && { donate: t('fault.url') }), ...(!follow && { follow: t('fault.follow') }), ...(exitUrl && !/^https:\/\/[^\s/]/.test(exitUrl) && { exit_url: t('fault.exit-url') }),
      ...(scheme && !isNumberScheme(scheme) && { index_scheme: t('fault.index-scheme') }), ...Object.fromEntries(Object.entries(menus).flatMap(([language, links]) => (links ? [] : [[`menu-${language}`, t('fault.menu')]]))),
    }
    return {
      publisher: {
        ...publisher, donateUrl: donate || null, followLinks: (follow ?? []).slice(0, 12), exitUrl: exitUrl || null, exitEverywhere: field(body, 'exit_everywhere') === 'yes', indexScheme: scheme || null,
        menus: Object.fromEntries(Object.entries(menus).map(([language, links]) => [language, (links ?? []).slice(0, 4)])),
      }, faults,
    }
  },
}
