import { sql } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { edgeOfPeriod, toLocal } from '#platform/local-time.ts'
import { isUuid } from '#platform/uuid.ts'
import { titleIn } from '#modules/actions/index.ts'
import { findMailing, newsletterTopics, possibleQuestions, saveAudience, textsOf, type Mailing, type MailingFilter } from '#modules/mailings/index.ts'
import { controllers, statements, type Statement } from '#modules/people/index.ts'
import { nameIn } from '#modules/places/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { controllerName } from '../actions/questions.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Choice, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { mailingCrumbs } from './page.ts'

const names = ['mailing_fallback', 'mailing_topic', 'mailing_about', 'mailing_country', 'mailing_area', 'mailing_from_day', 'mailing_until_day', 'mailing_question', 'mailing_answer'] as const

/** Whom a mailing goes to. */
export function audienceRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/mailings/:id/audience', async (visit): Promise<Answer> => {
    const mailing = orNotFound(await findMailing(desk.db, idOf(visit)))
    return mailing.state === 'draft' ? audiencePage(desk, visit, mailing, typedFrom(mailing), {}) : { to: `/mailings/${mailing.id}` }
  }, 'mail-supporters')

  pages.post('/mailings/:id/audience', async (visit): Promise<Answer> => {
    const mailing = orNotFound(await findMailing(desk.db, idOf(visit)))
    if (mailing.state !== 'draft') return { to: `/mailings/${mailing.id}`, said: 'said.mailing-moved' }
    const read = await readAudience(desk, visit, mailing)
    if (!read.audience) return { ...await audiencePage(desk, visit, mailing, read.typed, read.faults), status: 422 }
    const { audience } = read
    const saved = await pages.change(visit, { verb: 'choose-recipients', subjectKind: 'mailing', subjectIds: [mailing.id] }, (tx) => saveAudience(tx, mailing.id, audience, visit.now), Boolean)
    return { to: `/mailings/${mailing.id}`, said: saved ? 'said.saved' : 'said.mailing-moved' }
  }, 'mail-supporters')
}

function typedFrom({ statements: chosen, filter, fallbackLanguage, zone }: Mailing): Typed {
  return {
    mailing_statements: chosen, mailing_fallback: fallbackLanguage ?? '', mailing_topic: filter.topic, mailing_about: filter.action, mailing_country: filter.country, mailing_area: filter.area,
    mailing_from_day: filter.from && toLocal(new Date(filter.from), zone), mailing_until_day: filter.until && toLocal(new Date(filter.until), zone), mailing_question: filter.question, mailing_answer: filter.answer,
  }
}

async function readAudience(desk: Desk, { t, body }: Visit, mailing: Mailing): Promise<{ audience?: Pick<Mailing, 'statements' | 'filter' | 'fallbackLanguage'>, typed: Typed, faults: Faults }> {
  const text: Record<string, string> = Object.fromEntries(names.map((name) => [name, field(body, name).trim()]))
  const possible = (await possibleQuestions(desk.db, mailing)).map(({ id }) => id)
  const chosen = fields(body, 'mailing_statements').filter((id) => possible.includes(id))
  const edge = (name: 'mailing_from_day' | 'mailing_until_day', side: 'from' | 'until') => (text[name] ? edgeOfPeriod(text[name], mailing.zone, side) : undefined)
  const [from, until] = [edge('mailing_from_day', 'from'), edge('mailing_until_day', 'until')]
  const faults: Faults = {
    ...(chosen.length === 0 && { mailing_statements: t('fault.mailing-question') }),
    ...(text.mailing_from_day && !from && { mailing_from_day: t('fault.moment') }), ...(text.mailing_until_day && !until && { mailing_until_day: t('fault.moment') }),
    ...(from && until && until <= from && { mailing_until_day: t('fault.until-before-from') }),
  }
  const typed: Typed = { ...text, mailing_statements: chosen }
  if (Object.keys(faults).length > 0) return { typed, faults }
  const texts = await textsOf(desk.db, mailing.id)
  const question = isUuid(text.mailing_question!) ? text.mailing_question : undefined
  const topics = mailing.kind === 'newsletter' ? await newsletterTopics(desk.db, mailing.filter.topic ? [mailing.filter.topic] : []) : []
  const filter: MailingFilter = {
    ...(topics.some(({ id }) => id === text.mailing_topic) && { topic: text.mailing_topic }),
    ...(mailing.kind === 'newsletter' && isUuid(text.mailing_about!) && { action: text.mailing_about }), ...(/^[A-Z]{2}$/.test(text.mailing_country!) && { country: text.mailing_country }),
    ...(text.mailing_area && { area: text.mailing_area.slice(0, 200) }), ...(from && { from: from.toISOString() }), ...(until && { until: until.toISOString() }),
    ...(question && { question, answer: text.mailing_answer === 'no' ? 'no' as const : 'yes' as const }),
  }
  return { typed, faults, audience: { statements: chosen, filter, fallbackLanguage: texts.has(text.mailing_fallback!) ? text.mailing_fallback! : null } }
}

async function audiencePage(desk: Desk, { t }: Visit, mailing: Mailing, typed: Typed, faults: Faults): Promise<DeskPage> {
  const known = await controllers(desk.db)
  const inWords = (statement: Statement): Choice => ({
    value: statement.id, label: (statement.wordings[t.language] ?? Object.values(statement.wordings)[0])?.wording ?? '',
    help: t('statement.line', { channel: t(`channel.${statement.channel}`), controller: controllerName(known, statement.controllerId, t.language) }),
  })
  const others = (await statements(desk.db)).filter(({ retired }) => !retired)
  const { rows: actions } = await sql<{ id: string, title: string }>`select id, ${titleIn(t.language)} as title from actions where state <> 'draft' order by created_at desc limit 200`.execute(desk.db)
  const select = (name: Field['name'], choices: Choice[]): Field => ({ name, kind: 'select', empty: t('removals.any'), choices })
  const texts = [...(await textsOf(desk.db, mailing.id)).keys()]
  const topics = mailing.kind === 'newsletter' ? await newsletterTopics(desk.db, mailing.filter.topic ? [mailing.filter.topic] : []) : []
  const { defaultLanguage } = await readPublisher(desk.db)
  return {
    title: t('mailing.audience'), section: 'mailings', crumbs: mailingCrumbs(t, mailing),
    body: form(t, {
      action: `/mailings/${mailing.id}/audience`, button: t('save'), faults,
      fields: html`${formFields(t, [
        { name: 'mailing_statements', kind: 'ticks', choices: (await possibleQuestions(desk.db, mailing)).map(inWords) },
        topics.length > 0 && { name: 'mailing_topic', kind: 'select', empty: t('mailing.no-topic'), choices: topics.map((each) => ({ value: each.id, label: nameIn(each, t.language, defaultLanguage) })) },
        { name: 'mailing_fallback', kind: 'select', empty: t('mailing.no-fallback'), choices: texts.map((value) => ({ value, label: t.languageName(value) })) },
      ], typed, faults)}<h2>${t('mailing.only')}</h2><p class="soft">${t('mailing.only.why')}</p>${formFields(t, [
        mailing.kind === 'newsletter' && select('mailing_about', actions.map((row) => ({ value: row.id, label: row.title }))),
        select('mailing_country', (await valuesOf(desk, mailing, 'country')).map((value) => ({ value, label: t.countryName(value) }))),
        select('mailing_area', await areasOf(desk, mailing)),
        { name: 'mailing_from_day', kind: 'datetime-local', narrow: true }, { name: 'mailing_until_day', kind: 'datetime-local', narrow: true },
        select('mailing_question', others.map(inWords)), { name: 'mailing_answer', kind: 'choice', choices: (['yes', 'no'] as const).map((value) => ({ value, label: t(`mailing.answer.${value}`) })) },
      ], typed, faults)}`,
    }),
  }
}

/** Countries or areas that occur among those who took part. */
async function valuesOf(desk: Desk, { actionId }: Mailing, dimension: 'country' | 'area'): Promise<string[]> {
  const { rows } = await sql<{ value: string }>`
    select value from tallies where dimension = ${dimension} and (${actionId}::uuid is null or action_id = ${actionId}) group by value order by sum(total) desc limit 300`.execute(desk.db)
  return rows.map((row) => row.value)
}

async function areasOf(desk: Desk, mailing: Mailing): Promise<Choice[]> {
  const ids = await valuesOf(desk, mailing, 'area')
  const { rows } = await sql<{ id: string, name: string }>`select id, name from areas where id = any (${ids}::text[]) order by name`.execute(desk.db)
  return rows.map((row) => ({ value: row.id, label: row.name }))
}
