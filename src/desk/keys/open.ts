import { html } from '#platform/html/html.ts'
import { form, formFields, type Faults, type Field } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Visit } from '../pages.ts'
import { openMinutes } from '../record-lock.ts'

/** What brings a key: its file, and the passphrase. */
export const fileFields: Field[] = [{ name: 'record_file', kind: 'file', accept: '.age', required: true }, { name: 'passphrase', kind: 'password', required: true, autocomplete: 'off' }]

/** Asks for the file, because what somebody wants to see lies under a key that is kept elsewhere. */
export function openPage(visit: Visit, faults: Faults = {}): DeskPage {
  const { t } = visit
  return {
    title: t('keys.open.title'), section: 'settings', crumbs: visit.may('keys') ? [{ href: '/keys', label: t('settings.keys') }] : undefined,
    body: html`<p>${t('keys.open.what', { minutes: openMinutes })}</p>${form(t, { action: '/keys/open', files: true, button: t('keys.record.open'), faults, fields: formFields(t, fileFields, {}, faults) })}`,
  }
}
