import { countryCodes, countryNamed } from '#platform/countries.ts'
import { html, type Html } from '#platform/html/html.ts'
import { renderMarkdown } from '#platform/html/markdown.ts'
import { field, fields } from '#platform/http/server.ts'
import { encodeLogo, ImageFault } from '#platform/images.ts'
import { interfaceLanguages } from '#platform/words.ts'
import { storeFile } from '#modules/files/index.ts'
import { readAddress } from '#modules/people/index.ts'
import { changePublisher, contrast, palette, papers, privacyPolicy, reach, readColour, readPublisher, withoutSample, type Publisher } from '#modules/publisher/index.ts'
import { isNumberScheme } from '#modules/publishing/index.ts'
import type { Tx } from '#platform/db.ts'
import { isZone } from '#platform/local-time.ts'
import type { Desk } from '../context.ts'
import { zones } from '../actions/times.ts'
import { emailFault, form, formFields, type Faults, type Typed } from '../forms.ts'
import { nativeName, type DeskPage } from '../look/layout.ts'
import { notFoundUnless, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { addressAsWritten } from '../pasted-address.ts'
import { upload } from '../upload.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'

/** The pages on which the publisher says who it is; one after the other they are the first run. The languages come first: the others ask for each of them. */
export const setUpSteps = ['languages', 'organisation', 'contact', 'privacy', 'look', 'links'] as const
export type SetUpStep = (typeof setUpSteps)[number]

interface Step {
  typed(publisher: Publisher, t: DeskWords): Typed
  fields(t: DeskWords, publisher: Publisher, typed: Typed, faults: Faults): Html
  /** Reads the form into a changed publisher, or says what is wrong. */
  read(t: DeskWords, publisher: Publisher, body: unknown): Promise<{ publisher: Publisher, faults: Faults, keep?: (tx: Tx) => Promise<void> }>
}

const line = (body: unknown, name: string, longest = 300) => field(body, name).trim().slice(0, longest)

const linesOf = (links: { label: string, url: string }[]) => links.map(({ label, url }) => `${label} ${url}`).join('\n')

/** Names with addresses, one a line; nothing where a line is something else. */
function readLines(text: string, kind: RegExp): { label: string, url: string }[] | undefined {
  const rows = text.split('\n').map((row) => row.trim()).filter(Boolean).map((row) => kind.exec(row))
  return rows.some((row) => !row) ? undefined : rows.map((row) => ({ label: row![1]!.slice(0, 60), url: row![2]!.slice(0, 300) }))
}

const steps: Record<SetUpStep, Step> = {
  organisation: {
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
  },
  contact: {
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
  },
  languages: {
    typed: (publisher) => ({ languages: publisher.languages, default_language: publisher.defaultLanguage, zone: publisher.zone, org_country: publisher.country ?? '' }),
    fields: (t, _, typed, faults) => formFields(t, [
      { name: 'languages', kind: 'ticks', choices: interfaceLanguages.map((value) => ({ value, label: nativeName(value) })) }, { name: 'default_language', kind: 'choice', choices: interfaceLanguages.map((value) => ({ value, label: nativeName(value) })) },
      { name: 'zone', kind: 'line', list: zones(), direction: 'ltr' }, { name: 'org_country', kind: 'line', list: countryCodes().map((code) => t.countryName(code)), maxLength: 100 },
    ], { ...typed, org_country: /^[A-Z]{2}$/.test(String(typed.org_country)) ? t.countryName(String(typed.org_country)) : typed.org_country }, faults),
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
  },
  privacy: {
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
  },
  look: {
    typed: (publisher) => ({ accent: publisher.accent }),
    fields: (t, publisher, typed, faults) => html`${publisher.logo && html`<p><img src="/files/${publisher.logo}" alt="${t('look.logo')}" height="60"></p>`}
${formFields(t, [{ name: 'logo', kind: 'file', accept: 'image/png,image/jpeg,image/webp' }, { name: 'accent', kind: 'colour' }], typed, faults)}${contrastNotes(t, publisher.accent)}`,
    async read(t, publisher, body) {
      const accent = readColour(field(body, 'accent'))
      const file = await upload(body, 'logo')
      const image = file && await encodeLogo(file.bytes).catch((error: unknown) => {
        if (error instanceof ImageFault) return undefined
        throw error
      })
      const faults: Faults = { ...(!accent && { accent: t('fault.colour') }), ...(file && !image && { logo: t('fault.picture-unreadable') }) }
      const changed = { ...publisher, accent: accent ?? publisher.accent }
      return { publisher: changed, faults, keep: image && (async (tx) => { changed.logo = (await storeFile(tx, image.bytes, image.mediaType)).toString('hex') }) }
    },
  },
  links: {
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
  },
}

function emptyTexts(publisher: Publisher, language: string) {
  return publisher.texts[language] ?? { name: publisher.texts[publisher.defaultLanguage]?.name ?? '', responsible: publisher.texts[publisher.defaultLanguage]?.responsible ?? '', about: '', privacyPolicy: '' }
}

function perLanguage(t: DeskWords, publisher: Publisher, make: (language: string) => Html): Html {
  return html`${publisher.languages.map((language) => html`${publisher.languages.length > 1 && html`<h2>${t.languageName(language)}</h2>`}${make(language)}`)}`
}

/** What becomes of the colour: as it is behind buttons, darker or lighter where it stands on paper. */
function contrastNotes(t: DeskWords, accent: string): Html {
  const made = palette(accent)
  return html`<ul class="todo"><li>${t('look.button', { ratio: contrast(made.accent, made.onAccent).toFixed(1) })}</li><li>${t('look.light', { colour: made.light, ratio: contrast(made.light, papers.light).toFixed(1) })}</li><li>${t('look.dark', { colour: made.dark, ratio: contrast(made.dark, papers.dark).toFixed(1) })}</li></ul>`
}

export function publisherRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/set-up', async ({ t }) => ({
    title: t('set-up.title'), section: 'settings',
    body: html`<div class="card"><p>${t('set-up.why')}</p><ol class="steps">${setUpSteps.map((step) => html`<li>${t(`settings.${step}`)}</li>`)}<li>${t('settings.keys')}</li></ol><a class="btn" href="/settings/${setUpSteps[0]}?setup=1">${t('set-up.begin')}</a></div>`,
  }), 'settings')
  pages.post('/set-up/done', async (visit) => {
    await pages.change(visit, { verb: 'finish-set-up', subjectKind: 'settings', subjectIds: [] }, (tx) => reach(tx, 'set-up', visit.staff.id, visit.now))
    return { to: '/', said: 'said.set-up' }
  }, 'settings')

  pages.get('/settings/:step', async (visit) => {
    const step = stepOf(visit)
    const publisher = await readPublisher(desk.db)
    return stepPage(visit, step, publisher, steps[step].typed(publisher.demo && step === 'organisation' ? blank(publisher) : publisher, visit.t), {})
  }, 'settings')

  pages.post('/settings/:step', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const step = stepOf(visit)
    const present = await readPublisher(desk.db)
    const { publisher, faults, keep } = await steps[step].read(t, present, body)
    if (Object.keys(faults).length) return { ...stepPage(visit, step, present, typedIn(body), faults), status: 422 }
    await pages.change(visit, { verb: 'change-publisher', subjectKind: 'settings', subjectIds: [step] }, async (tx) => {
      await keep?.(tx)
      await changePublisher(tx, present, publisher, visit.now)
    })
    if (!inSetUp(visit)) return { to: `/settings/${step}`, said: 'said.saved' }
    const next = setUpSteps[setUpSteps.indexOf(step) + 1]
    return { to: next ? `/settings/${next}?setup=1` : '/keys?setup=1' }
  }, 'settings')
}

function stepOf({ params }: Visit): SetUpStep {
  return notFoundUnless(params.step as SetUpStep, (step) => setUpSteps.includes(step))
}

function inSetUp(visit: Visit): boolean {
  return visit.query('setup') === '1'
}

/** The sample organisation's name is not a suggestion. */
function blank(publisher: Publisher): Publisher {
  return { ...publisher, texts: Object.fromEntries(Object.entries(publisher.texts).map(([language, texts]) => [language, { ...texts, name: '', about: '' }])) }
}

function typedIn(body: unknown): Typed {
  return Object.fromEntries(Object.keys((body ?? {})).map((name) => [name, fields(body, name).length > 1 ? fields(body, name) : field(body, name)]))
}

function stepPage(visit: Visit, step: SetUpStep, publisher: Publisher, typed: Typed, faults: Faults): DeskPage {
  const { t } = visit
  const setUp = inSetUp(visit)
  return {
    title: t(`settings.${step}`), section: 'settings', crumbs: setUp ? [{ href: '/set-up', label: t('set-up.title') }] : [{ href: '/settings', label: t('nav.settings') }],
    body: html`${setUp && stepList(t, step)}${form(t, { action: `/settings/${step}${setUp ? '?setup=1' : ''}`, button: t(setUp ? 'set-up.next' : 'save'), faults, files: step === 'look', fields: steps[step].fields(t, publisher, typed, faults) })}`,
  }
}

export function stepList(t: DeskWords, current: SetUpStep | 'keys'): Html {
  const all = [...setUpSteps, 'keys'] as const
  return html`<ol class="steps">${all.map((step, place) => html`<li${step === current && html` aria-current="step"`} class="${place < all.indexOf(current) ? 'done' : ''}">${t(`settings.${step}` as DeskWord)}</li>`)}</ol>`
}

