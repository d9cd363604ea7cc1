import { sql, type Tx } from '#platform/db.ts'
import { field } from '#platform/http/server.ts'
import {
  actionWords, changeAction, copyTargets, createAction, findAction, newestRevisions, saveWords, setStatements, statementIds, titleIn, type Action, type ActionKind,
} from '#modules/actions/index.ts'
import { possibleQuestions } from '#modules/mailings/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { addressOf } from '#platform/slug.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { deskWords } from '../words/index.ts'

/** What a new action can begin as, besides a copy of another one. */
const templates = { petition: 'petition', representative: 'message', office: 'message' } as const satisfies Record<string, ActionKind>
type Template = keyof typeof templates

export function newRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/new', (visit) => newPage(desk, visit, { template: 'petition' }, {}), 'campaign')

  pages.post('/actions/new', async (visit): Promise<Answer> => {
    const { t, body, now } = visit
    const title = field(body, 'title').trim().slice(0, 200)
    const template = field(body, 'template')
    if (!title) return { ...await newPage(desk, visit, { title, template }, { title: t('fault.title') }), status: 422 }
    const copied = template.startsWith('copy:') ? await findAction(desk.db, { id: template.slice(5) }) : undefined
    const publisher = await readPublisher(desk.db)
    const id = await pages.change(visit, { verb: 'create-action', subjectKind: 'action', subjectIds: [] }, async (tx) => {
      const free = await freeSlug(tx, title)
      if (copied) return copyAction(tx, copied, free, { language: publisher.defaultLanguage, title }, visit.staff.id, now)
      return fromTemplate(tx, template in templates ? template as Template : 'petition', { slug: free, title, zone: publisher.zone, language: publisher.defaultLanguage, staffId: visit.staff.id }, now)
    })
    return { to: `/actions/${id}/words/${publisher.defaultLanguage}`, said: 'said.created' }
  }, 'campaign')

  pages.post('/actions/:id/duplicate', async (visit) => {
    const action = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
    const { defaultLanguage } = await readPublisher(desk.db)
    const id = await pages.change(visit, { verb: 'duplicate-action', subjectKind: 'action', subjectIds: [action.id] },
      async (tx) => copyAction(tx, action, await freeSlug(tx, action.slug), { language: defaultLanguage }, visit.staff.id, visit.now))
    return { to: `/actions/${id}`, said: 'said.duplicated' }
  }, 'campaign')
}

async function newPage(desk: Desk, { t }: Visit, typed: Typed, faults: Faults): Promise<DeskPage> {
  const { rows } = await sql<{ id: string, title: string }>`
    select id, ${titleIn(t.language)} as title from actions order by created_at desc limit 20`.execute(desk.db)
  return {
    title: t('actions.new'), section: 'actions', crumbs: [{ href: '/actions', label: t('nav.actions') }],
    body: form(t, {
      action: '/actions/new', button: t('actions.new.button'), faults,
      fields: formFields(t, [
        { name: 'title', kind: 'line', required: true, maxLength: 200 },
        {
          name: 'template', kind: 'choice', choices: [
            ...Object.keys(templates).map((value) => ({ value, label: t(`template.${value as Template}`), help: t(`template.${value as Template}.help`) })),
            ...rows.map((row) => ({ value: `copy:${row.id}`, label: t('template.copy', { title: row.title }) })),
          ],
        }], typed, faults),
    }),
  }
}

async function freeSlug(tx: Tx, wanted: string): Promise<string> {
  const start = addressOf(wanted)
  const { rows } = await sql<{ slug: string }>`select slug from actions where slug = ${start} or slug like ${`${start}-%`}`.execute(tx)
  const taken = new Set(rows.map((row) => row.slug))
  for (let number = 1; ; number++) {
    const slug = number === 1 ? start : `${start}-${number}`
    if (!taken.has(slug)) return slug
  }
}

/** An action with words to start from, in the publisher's default language. */
async function fromTemplate(tx: Tx, template: Template, given: { slug: string, title: string, zone: string, language: string, staffId: string }, now: Date): Promise<string> {
  const t = deskWords(given.language)
  const kind = templates[template]
  const id = await createAction(tx, { slug: given.slug, kind, zone: given.zone }, now)
  const message = kind === 'message' && { subject: t('start.subject'), greeting: '{salutation}', body: t(template === 'representative' ? 'start.body.own' : 'start.body'), closing: t('start.closing'), prompts: [t('start.prompt.1'), t('start.prompt.2'), t('start.prompt.3')] }
  await saveWords(tx, {
    actionId: id, language: given.language, ask: kind === 'petition' ? t('start.ask') : undefined, staffId: given.staffId,
    words: actionWords.parse({ title: given.title, summary: t('start.summary'), story: t('start.story'), ...message }),
  }, now)
  // News of this action and the newsletter are two questions: a yes to one is none to the other.
  const ours = await possibleQuestions(tx, { kind: 'update', statements: [] })
  await setStatements(tx, id, (['action', 'controller'] as const).flatMap((about) => ours.find((each) => each.about === about)?.id ?? []))
  return id
}

/** A draft with everything of another action but its supporters, its times and its history. */
async function copyAction(tx: Tx, action: Action, slug: string, renamed: { language: string, title?: string }, staffId: string, now: Date): Promise<string> {
  const id = await createAction(tx, { ...action, slug, opensAt: null, closesAt: null, demo: false }, now)
  const variants = await copyTargets(tx, action.id, id)
  await setStatements(tx, id, await statementIds(tx, action.id))
  await changeAction(tx, id, { nextActionId: action.nextActionId })
  for (const revision of await newestRevisions(tx, action.id)) {
    const same = { ...revision.words, variants: revision.words.variants.flatMap((each) => (variants.has(each.id) ? [{ ...each, id: variants.get(each.id)! }] : [])) }
    const words = renamed.title && revision.language === renamed.language ? { ...same, title: renamed.title } : same
    await saveWords(tx, { actionId: id, language: revision.language, words, ask: revision.askId ? revision.ask : undefined, staffId }, now)
  }
  return id
}
