import { countryNamed } from '#platform/countries.ts'
import { nativeName } from '#platform/formats.ts'
import { fields } from '#platform/http/server.ts'
import { isZone } from '#platform/local-time.ts'
import { interfaceLanguages } from '#platform/words.ts'
import { zones } from '../../actions/times.ts'
import { countryNames, countrySaid } from '../../countries.ts'
import { formFields, type Faults } from '../../forms.ts'
import { emptyTexts, line, type Step } from './step.ts'

/** The languages of the site, the zone of its times and the country it is in. */
export const languages: Step = {
  typed: (publisher) => ({ languages: publisher.languages, default_language: publisher.defaultLanguage, zone: publisher.zone, org_country: publisher.country ?? '' }),
  fields: (t, _, typed, faults) => formFields(t, [
    { name: 'languages', kind: 'ticks', choices: interfaceLanguages.map((value) => ({ value, label: nativeName(value) })) }, { name: 'default_language', kind: 'choice', choices: interfaceLanguages.map((value) => ({ value, label: nativeName(value) })) },
    { name: 'zone', kind: 'line', list: zones(), direction: 'ltr' }, { name: 'org_country', kind: 'line', list: countryNames(t), maxLength: 100 },
  ], { ...typed, org_country: countrySaid(t, String(typed.org_country)) }, faults),
  async read(t, publisher, body) {
    const languages = interfaceLanguages.filter((each) => fields(body, 'languages').includes(each))
    const defaultLanguage = line(body, 'default_language')
    const zone = line(body, 'zone')
    const named = line(body, 'org_country', 100)
    const country = named ? countryNamed(named) : ''
    const faults: Faults = {
      ...(languages.length === 0 && { languages: t('fault.choose') }), ...(!(languages as string[]).includes(defaultLanguage) && { default_language: t('fault.default-language') }),
      ...(!isZone(zone) && { zone: t('fault.zone') }), ...(country === undefined && { org_country: t('fault.country') }),
    }
    const texts = Object.fromEntries(languages.map((language) => [language, publisher.texts[language] ?? emptyTexts(publisher, language)]))
    return { publisher: { ...publisher, languages, defaultLanguage, zone, country: country || null, texts }, faults }
  },
}
