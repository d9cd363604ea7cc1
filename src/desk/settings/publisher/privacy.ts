import { html } from '#platform/html/html.ts'
import { renderMarkdown } from '#platform/html/markdown.ts'
import { privacyPolicy } from '#modules/publisher/index.ts'
import { formFields, type Faults } from '../../forms.ts'
import { emptyTexts, line, perLanguage, type Step } from './step.ts'

/** The privacy policy, from a starting text. */
export const privacy: Step = {
  typed: (publisher) => Object.fromEntries(publisher.languages.map((language) => [`privacy-${language}`, privacyPolicy(publisher, language)])),
  fields: (t, publisher, typed, faults) => html`<p>${t('privacy.start')}</p>${perLanguage(t, publisher, (language) => html`${formFields(t, [{ name: 'privacy', as: `privacy-${language}`, kind: 'text', required: true, tall: true, maxLength: 40_000 }], typed, faults)}<details><summary>${t('preview')}</summary><div dir="auto" lang="${language}">${renderMarkdown(String(typed[`privacy-${language}`] ?? ''))}</div></details>`)}`,
  async read(t, publisher, body) {
    const faults: Faults = {}
    const texts = { ...publisher.texts }
    for (const language of publisher.languages) {
      const privacyPolicy = line(body, `privacy-${language}`, 40_000)
      if (!privacyPolicy) faults[`privacy-${language}`] = t('fault.privacy')
      texts[language] = { ...emptyTexts(publisher, language), privacyPolicy }
    }
    return { publisher: { ...publisher, texts }, faults }
  },
}
