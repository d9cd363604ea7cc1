import { sql } from '#platform/db.ts'
import { isDay } from '#platform/days.ts'
import { html } from '#platform/html/html.ts'
import { languageNamed } from '#platform/languages.ts'
import { field } from '#platform/http/server.ts'
import { isUuid } from '#platform/uuid.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { dayHere, findOfficeRecord, localLabel, localName, recordReply, repliesOf, withdrawReply } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { errorSummary, form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { choices, languageChoices } from '../publishing/choices.ts'
import { addressAsWritten } from '../pasted-address.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'

const names = ['reply_words', 'said_on', 'reply_language', 'reply_source', 'reply_url', 'reply_action'] as const

/** What an office said in public: recorded with its source, quoted on its page and the action's, and withdrawn from both at once. */
export function replyRoutes(pages: DeskPages, desk: Desk): void {
  const idFrom = (visit: Visit) => visit.params.office ?? ''
  const here = (id: string) => `/targets/offices/${encodeURIComponent(id)}/replies`

  pages.get('/targets/offices/:office/replies', (visit) => repliesPage(desk, visit, idFrom(visit), {}), 'see-targets')

  pages.post('/targets/offices/:office/replies', async (visit): Promise<Answer> => {
    const { t, body, now, staff } = visit
    const id = idFrom(visit)
    const text = (name: (typeof names)[number]) => field(body, name).trim()
    const url = addressAsWritten(text('reply_url')).slice(0, 2000)
    const language = languageNamed(text('reply_language'))
    const faults: Faults = {
      ...(!text('reply_words') && { reply_words: t('fault.reply-words') }), ...((!isDay(text('said_on')) || text('said_on') > await dayHere(desk.db, now)) && { said_on: t('fault.said-on') }),
      ...(!text('reply_source') && { reply_source: t('fault.source') }), ...(url && !/^https?:\/\/\S+$/.test(url) && { reply_url: t('fault.url') }), ...(!language && { reply_language: t('fault.language-code') }),
    }
    if (!language || Object.keys(faults).length) return { ...await repliesPage(desk, visit, id, faults), status: 422 }
    orNotFound(await findOfficeRecord(desk.db, id))
    const action = isUuid(text('reply_action')) ? text('reply_action') : null
    await pages.change(visit, { verb: 'record-reply', subjectKind: 'targets', subjectIds: [id] }, (tx) => recordReply(tx, {
      officeId: id, actionId: action, saidOn: text('said_on'), language, words: text('reply_words').replace(/\r\n?/g, '\n').slice(0, 5000), source: text('reply_source').slice(0, 300), sourceUrl: url || null, staffId: staff.id,
    }, now))
    return { to: here(id), said: 'said.reply' }
  }, 'change-targets')

  pages.post('/targets/replies/:id/withdraw', async (visit): Promise<Answer> => {
    const replyId = idOf(visit)
    const office = field(visit.body, 'office')
    const reason = field(visit.body, `decision-${replyId}`).trim().slice(0, 1000)
    if (!reason) return { ...await repliesPage(desk, visit, office, { [`decision-${replyId}`]: visit.t('fault.decision') }), status: 422 }
    await pages.change(visit, { verb: 'withdraw-reply', subjectKind: 'targets', subjectIds: [office], reason }, (tx) => withdrawReply(tx, replyId, { reason, staffId: visit.staff.id }, visit.now))
    return { to: here(office), said: 'said.reply-withdrawn' }
  }, 'change-targets')
}

async function repliesPage(desk: Desk, { t, body, now, zone }: Visit, id: string, faults: Faults): Promise<DeskPage> {
  const record = orNotFound(await findOfficeRecord(desk.db, id))
  const office = `/targets/offices/${encodeURIComponent(id)}`
  const { defaultLanguage } = await readPublisher(desk.db)
  const replies = await repliesOf(desk.db, id)
  const { rows: actions } = await sql<{ id: string, title: string }>`
    select id, coalesce((select words ->> 'title' from action_revisions where action_id = actions.id order by language = ${t.language} desc, created_at desc limit 1), slug) as title
    from actions where state <> 'draft' order by created_at desc limit 200`.execute(desk.db)
  const titles = new Map(actions.map((action) => [action.id, action.title]))
  const withdrawing = Object.keys(faults).some((name) => name.startsWith('decision-'))
  const typed = Object.keys(faults).length > 0 && !withdrawing ? Object.fromEntries(names.map((name) => [name, field(body, name)])) : { said_on: await dayHere(desk.db, now), reply_language: t.languageName(defaultLanguage) }
  return {
    title: t('replies.of', { office: localLabel(record, t.language) }), section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }, { href: office, label: localLabel(record, t.language) }],
    body: html`${withdrawing && errorSummary(t, faults)}${form(t, {
      action: `${office}/replies`, button: t('replies.record'), faults: withdrawing ? {} : faults,
      fields: html`${languageChoices(t)}<h2>${t('replies.record')}</h2><p>${t('replies.why')}</p>${formFields(t, [
        { name: 'reply_words', kind: 'text', required: true, maxLength: 5000 }, { name: 'said_on', kind: 'date', required: true, narrow: true }, { name: 'reply_language', kind: 'line', from: choices.languages, required: true, narrow: true, maxLength: 60 },
        { name: 'reply_source', kind: 'line', required: true, maxLength: 300 }, { name: 'reply_url', kind: 'url', maxLength: 2000 },
        { name: 'reply_action', kind: 'select', empty: t('f.reply_action.none'), choices: actions.map((action) => ({ value: action.id, label: action.title })) },
      ], typed, faults)}`,
    })}
<section class="card"><h2>${t('replies.title')}</h2>${replies.length === 0 ? html`<p>${t('replies.none')}</p>` : html`<ul class="todo">${replies.map((reply) => html`<li><blockquote class="words" lang="${reply.language}" dir="auto">${reply.words}</blockquote>
<small>${reply.official && html`<bdi>${localName(reply.official, t.language)}</bdi> · `}${t.day(reply.saidOn)} · ${reply.sourceUrl ? html`<a href="${reply.sourceUrl}" rel="noreferrer"><bdi>${reply.source}</bdi></a>` : html`<bdi>${reply.source}</bdi>`}${reply.actionId && html` · <bdi>${titles.get(reply.actionId) ?? ''}</bdi>`}</small>
${reply.withdrawnAt ? html`<span class="state off">${t('replies.withdrawn', { moment: t.moment(reply.withdrawnAt, zone) })}</span><small dir="auto">${reply.withdrawnReason}</small>`
    : html`<details${faults[`decision-${reply.id}`] && html` open`}><summary>${t('replies.withdraw')}</summary><form method="post" action="/targets/replies/${reply.id}/withdraw" novalidate><input type="hidden" name="office" value="${id}">${formFields(t, [{ name: 'decision', as: `decision-${reply.id}`, kind: 'text', required: true, maxLength: 1000 }], {}, faults)}<button class="plain">${t('replies.withdraw')}</button></form></details>`}</li>`)}</ul>`}</section>`,
  }
}
