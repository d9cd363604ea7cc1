import { withoutSample } from '#modules/publisher/index.ts'
import { formFields, type Faults } from '../../forms.ts'
import { emptyTexts, line, perLanguage, type Step } from './step.ts'

/** Who publishes: its name and what it does, in each language. */
export const organisation: Step = {
  typed: (publisher) => Object.fromEntries(publisher.languages.flatMap((language) => [[`org_name-${language}`, publisher.texts[language]?.name], [`about-${language}`, publisher.texts[language]?.about]])),
  fields: (t, publisher, typed, faults) => perLanguage(t, publisher, (language) => formFields(t, [{ name: 'org_name', as: `org_name-${language}`, kind: 'line', required: true, maxLength: 120 }, { name: 'about', as: `about-${language}`, kind: 'text', maxLength: 1000 }], typed, faults)),
  async read(t, publisher, body) {
    const faults: Faults = {}
    const own = publisher.demo ? withoutSample(publisher) : publisher
    const texts = { ...own.texts }
    for (const language of publisher.languages) {
      const name = line(body, `org_name-${language}`, 120)
      if (!name) faults[`org_name-${language}`] = publisher.languages.length > 1 ? t('fault.name-in', { language: t.languageName(language), languages: t('settings.languages') }) : t('fault.name')
      texts[language] = { ...emptyTexts(own, language), name, about: line(body, `about-${language}`, 1000) }
    }
    return { publisher: { ...own, texts }, faults }
  },
}
