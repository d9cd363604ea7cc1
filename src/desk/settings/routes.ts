import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { addStatement, changeWordings, consentChannels, controllerNamed, controllers, publisherController, retireStatement, statements, type ConsentChannel } from '#modules/people/index.ts'
import { publisherNames, readPublisher, type Publisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults, type Typed } from '../forms.ts'
import type { Ability } from '#modules/staff/index.ts'
import { sectionAsks, type DeskPage } from '../look/layout.ts'
import type { DeskWord } from '../words/index.ts'
import { idOf, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { controllerName } from '../actions/questions.ts'
import { addressAsWritten } from '../pasted-address.ts'
import { setUpSteps } from './publisher-pages.ts'

/** What stands under the settings, in the order in which somebody who begins needs it. */
const groups: { title: DeskWord, entries: { href: string, ability: Ability, title: DeskWord, help: DeskWord }[] }[] = [
  {
    title: 'settings.group.site', entries: [
      ...setUpSteps.map((step) => ({ href: `/settings/${step}`, ability: 'settings' as const, title: `settings.${step}` as const, help: `settings.${step}.help` as const })),
      { href: '/settings/house-style', ability: 'settings', title: 'settings.house-style', help: 'settings.house-style.help' },
    ],
  },
  {
    title: 'settings.group.data', entries: [
      { href: '/settings/statements', ability: 'keep-data', title: 'settings.statements', help: 'settings.statements.help' },
      { href: '/settings/mailings', ability: 'settings', title: 'settings.mailings', help: 'settings.mailings.help' },
      { href: '/retention', ability: 'keep-data', title: 'retention.title', help: 'retention.help' },
      { href: '/holds', ability: 'keep-data', title: 'holds.title', help: 'holds.help' },
    ],
  },
  {
    title: 'settings.group.people', entries: [
      { href: '/settings/staff', ability: 'staff', title: 'settings.staff', help: 'settings.staff.help' },
      { href: '/sessions', ability: 'sessions', title: 'sessions.all', help: 'sessions.help' },
      { href: '/settings/approvals', ability: 'staff', title: 'settings.approvals', help: 'settings.approvals.help' },
      { href: '/keys', ability: 'keys', title: 'settings.keys', help: 'settings.keys.help' },
      { href: '/lock', ability: 'lock-everything', title: 'lock.title', help: 'lock.help' },
      { href: '/audit', ability: 'audit', title: 'audit.title', help: 'audit.help' },
    ],
  },
  {
    title: 'settings.group.running', entries: [
      { href: '/going-live', ability: 'go-live', title: 'live.title', help: 'live.help' },
      { href: '/settings/limits', ability: 'guard-counts', title: 'settings.limits', help: 'settings.limits.help' },
      { href: '/switches', ability: 'switches', title: 'switches.title', help: 'switches.help' },
      { href: '/health', ability: 'health', title: 'health.title', help: 'health.help' },
    ],
  },
]

export function settingRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/settings', async ({ t, may }) => ({
    title: t('nav.settings'), section: 'settings',
    body: html`<div class="grid">${groups.map(({ title, entries }) => {
      const own = entries.filter(({ ability }) => may(ability))
      return own.length > 0 && html`<section class="card"><h2>${t(title)}</h2><ul class="todo">${own.map((each) => html`<li><a href="${each.href}">${t(each.title)}</a><small>${t(each.help)}</small></li>`)}</ul></section>`
    })}</div>`,
  }), sectionAsks.settings)

  pages.get('/settings/statements', (visit) => statementsPage(desk, visit, {}, {}), 'keep-data')
  pages.post('/settings/statements', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const publisher = await readPublisher(desk.db)
    const wordings = wordingsOf(publisher, body)
    const channel = consentChannels.find((each) => each === field(body, 'channel'))
    const partner = field(body, 'partner').trim().slice(0, 200)
    const privacyUrl = addressAsWritten(field(body, 'partner_url').trim())
    const faults: Faults = {
      ...(!wordings[publisher.defaultLanguage] && { [`wording-${publisher.defaultLanguage}`]: t('fault.wording') }), ...(!channel && { channel: t('fault.choose') }), ...(privacyUrl && !/^https?:\/\//.test(privacyUrl) && { partner_url: t('fault.url') }),
      ...(privacyUrl && !partner && { partner: t('fault.needed') }),
    }
    if (Object.keys(faults).length) return { ...await statementsPage(desk, visit, Object.fromEntries(Object.keys(body as object).map((name) => [name, field(body, name)])), faults), status: 422 }
    await pages.change(visit, { verb: 'add-statement', subjectKind: 'statement', subjectIds: [] }, async (tx) => {
      const controllerId = partner ? await controllerNamed(tx, { name: partner, language: publisher.defaultLanguage, privacyUrl: privacyUrl || null }) : await publisherController(tx, publisherNames(publisher))
      await addStatement(tx, { purpose: field(body, 'purpose').trim().slice(0, 100) || 'updates', channel: channel as ConsentChannel, about: field(body, 'about') === 'action' ? 'action' : 'controller', controllerId, wordings }, now)
    })
    return { to: '/settings/statements', said: 'said.saved' }
  }, 'keep-data')
  pages.post('/settings/statements/:id', async (visit) => {
    const id = idOf(visit)
    const wordings = wordingsOf(await readPublisher(desk.db), visit.body, `-${id}`)
    await pages.change(visit, { verb: 'change-wording', subjectKind: 'statement', subjectIds: [id] }, (tx) => changeWordings(tx, id, wordings, visit.now))
    return { to: '/settings/statements', said: 'said.saved' }
  }, 'keep-data')
  pages.post('/settings/statements/:id/retire', async (visit) => {
    const id = idOf(visit)
    await pages.change(visit, { verb: 'retire-statement', subjectKind: 'statement', subjectIds: [id] }, (tx) => retireStatement(tx, id, visit.now))
    return { to: '/settings/statements', said: 'said.saved' }
  }, 'keep-data')
}

/** The wordings in a form; `of` sets the fields of one question apart from those of the others on the page. */
function wordingsOf(publisher: Publisher, body: unknown, of = ''): Record<string, string> {
  return Object.fromEntries(publisher.languages.map((language) => [language, field(body, `wording-${language}${of}`).trim().slice(0, 1000)]).filter(([, wording]) => wording))
}

async function statementsPage(desk: Desk, { t }: Visit, typed: Typed, faults: Faults): Promise<DeskPage> {
  const publisher = await readPublisher(desk.db)
  const known = await controllers(desk.db)
  const all = (await statements(desk.db)).filter((statement) => !statement.retired)
  const wordingFields = (values: Typed, wrong: Faults, of = '') => publisher.languages.map((language) => html`<h3>${t.languageName(language)}</h3>${formFields(t, [{ name: 'wording', as: `wording-${language}${of}`, kind: 'text', maxLength: 1000 }], values, wrong)}`)
  return {
    title: t('settings.statements'), section: 'settings', crumbs: [{ href: '/settings', label: t('nav.settings') }],
    body: html`<p>${t('statements.why')}</p>${all.map((statement) => html`<section class="card"><p class="soft">${t('statement.line', { channel: t(`channel.${statement.channel}`), controller: controllerName(known, statement.controllerId, t.language) })} · ${t(`about.${statement.about}`)}</p>
<form method="post" action="/settings/statements/${statement.id}">${wordingFields(Object.fromEntries(Object.entries(statement.wordings).map(([language, { wording }]) => [`wording-${language}-${statement.id}`, wording])), {}, `-${statement.id}`)}<div class="row"><button>${t('statements.change')}</button></div></form>${button(`/settings/statements/${statement.id}/retire`, t('statements.retire'))}</section>`)}
${form(t, {
      action: '/settings/statements', button: t('statements.add'), faults,
      fields: html`<h2>${t('statements.add')}</h2>${wordingFields(typed, faults)}${formFields(t, [{ name: 'channel', kind: 'choice', choices: consentChannels.map((value) => ({ value, label: t(`channel.${value}`) })) }, { name: 'yes_about', as: 'about', kind: 'choice', choices: (['controller', 'action'] as const).map((value) => ({ value, label: t(`about.${value}`) })) }, { name: 'purpose', kind: 'line', maxLength: 100 }, { name: 'partner', kind: 'line', maxLength: 200, list: known.filter((each) => !each.publisher).map(({ id }) => controllerName(known, id, t.language)) }, { name: 'partner_url', kind: 'url' }], typed, faults)}`,
    })}`,
  }
}
