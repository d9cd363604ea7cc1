import { html } from '#platform/html/html.ts'
import { readAddress } from '#modules/people/index.ts'
import { emailFault, formFields, type Faults } from '../../forms.ts'
import { emptyTexts, line, perLanguage, type Step } from './step.ts'

/** Who is responsible for the data, and how they are reached. */
export const contact: Step = {
  typed: (publisher) => ({
    org_email: publisher.email ?? '', org_phone: publisher.phone ?? '', org_address: publisher.postalAddress ?? '', mail_from: publisher.mailFrom ?? '',
    ...Object.fromEntries(publisher.languages.map((language) => [`responsible-${language}`, publisher.texts[language]?.responsible])),
  }),
  fields: (t, publisher, typed, faults) => html`${perLanguage(t, publisher, (language) => formFields(t, [{ name: 'responsible', as: `responsible-${language}`, kind: 'line', required: true, maxLength: 300 }], typed, faults))}
${formFields(t, [{ name: 'org_email', kind: 'email', required: true }, { name: 'org_phone', kind: 'tel' }, { name: 'org_address', kind: 'text', maxLength: 500 }, { name: 'mail_from', kind: 'email', required: true }], typed, faults)}`,
  async read(t, publisher, body) {
    const faults: Faults = {}
    const texts = { ...publisher.texts }
    for (const language of publisher.languages) {
      const responsible = line(body, `responsible-${language}`)
      if (!responsible) faults[`responsible-${language}`] = t('fault.responsible')
      texts[language] = { ...emptyTexts(publisher, language), responsible }
    }
    const address = (name: string) => {
      const typed = line(body, name)
      const read = readAddress(typed)
      if (!read) faults[name] = emailFault(t, typed)
      return read ?? null
    }
    return { publisher: { ...publisher, texts, email: address('org_email'), mailFrom: address('mail_from'), phone: line(body, 'org_phone', 60) || null, postalAddress: line(body, 'org_address', 500) || null }, faults }
  },
}
