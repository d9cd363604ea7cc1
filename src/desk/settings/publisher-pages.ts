import { html, type Html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { changePublisher, reach, readPublisher, type Publisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { form, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { notFoundUnless, type Answer, type DeskPages, type Visit } from '../pages.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'
import { contact } from './publisher/contact.ts'
import { languages } from './publisher/languages.ts'
import { links } from './publisher/links.ts'
import { look } from './publisher/look.ts'
import { organisation } from './publisher/organisation.ts'
import { privacy } from './publisher/privacy.ts'
import type { Step } from './publisher/step.ts'

/** The pages on which the publisher says who it is; one after the other they are the first run. The languages come first: the others ask for each of them. */
export const setUpSteps = ['languages', 'organisation', 'contact', 'privacy', 'look', 'links'] as const
export type SetUpStep = (typeof setUpSteps)[number]

const steps: Record<SetUpStep, Step> = { organisation, contact, languages, privacy, look, links }

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

