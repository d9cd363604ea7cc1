import { html, type Html } from '#platform/html/html.ts'
import { dayIn } from '#platform/days.ts'
import { field } from '#platform/http/server.ts'
import { actionWithin, findAction, findPublicAction, wordsIn } from '#modules/actions/index.ts'
import { allSubjects } from '#modules/places/index.ts'
import { findRevision, itemList, tellInDigest, type Told } from '#modules/publishing/index.ts'
import { readPublisher, type Publisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, notFoundUnless, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { codesWithin, itemPath, openItem, publicPath, stateOf, within } from './parts.ts'

const newest = 12

/** What can be told of in a digest, where its own page at the desk is, and in which language. */
interface Teller {
  told: Told
  path: string
  language: string
  publisher: Publisher
}

/** An item or action is told of in the digest: as an entry of its own, or as a paragraph of one that is there. It becomes a draft, and goes on to the editor. */
export function tellingRoutes(pages: DeskPages, desk: Desk): void {
  for (const [kind, load] of [['items', ofItem], ['actions', ofAction]] as const) {
    pages.get(`/${kind}/:id/digest`, async (visit) => tellingPage(desk, visit, await load(desk, visit)), 'publish-pages', { limited: true })

    pages.post(`/${kind}/:id/digest`, async (visit): Promise<Answer> => {
      const { told, language, publisher } = await load(desk, visit)
      const { body, staff, now } = visit
      const wanted = field(body, 'thread')
      const threads = await threadsFor(desk, visit, told)
      const threadId = wanted ? orNotFound(threads.find(({ id }) => id === wanted)).id : undefined
      const id = await pages.change(visit, { verb: 'tell-in-digest', subjectKind: 'item', subjectIds: [idOf(visit)] }, (tx) => tellInDigest(tx, { told, threadId, language, day: dayIn(publisher.zone, now), staffId: staff.id }, now))
      return { to: itemPath(id, `/${language}`), said: 'said.told' }
    }, 'publish-pages', { limited: true })
  }
}

async function ofItem(desk: Desk, visit: Visit): Promise<Teller> {
  const opened = await openItem(desk, visit)
  const { item, standings, original, publisher } = opened
  notFoundUnless(item, ({ thread, kind }) => !thread && kind !== 'about')
  // What is not public is told nowhere: the words are those that readers see.
  const shown = orNotFound(standings.filter(({ shownId }) => shownId !== null).toSorted((a, b) => Number(b.language === original) - Number(a.language === original))[0])
  const { title, summary, body, labels, happened } = orNotFound(await findRevision(desk.db, shown.shownId!)).words
  // A path without a language leads readers of each language to theirs.
  const url = publicPath(opened, publisher.defaultLanguage)
  return { told: { title, summary, body, labels, happened, kind: item.kind, link: { kind: 'read-more', url }, subjects: reached(opened.its, visit) }, path: itemPath(item.id), language: shown.language, publisher }
}

/** An action is told of in the words that readers see; one that is over with what came of it. */
async function ofAction(desk: Desk, visit: Visit): Promise<Teller> {
  const { slug } = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
  const action = orNotFound(await findPublicAction(desk.db, slug, visit.now))
  notFoundUnless(await actionWithin(desk.db, visit.reach, action.id), Boolean)
  const publisher = await readPublisher(desk.db)
  const leading = await desk.db.selectFrom('subject_actions').select('subject_id').where('action_id', '=', action.id).execute()
  const all = await allSubjects(desk.db)
  const its = reached(all.filter(({ id }) => leading.some((row) => row.subject_id === id)), visit)
  const { words, language } = wordsIn(action, publisher.defaultLanguage, publisher.defaultLanguage)
  const over = action.state === 'closed'
  const won = action.stop?.outcome === 'won' || action.stop?.outcome === 'partly-won'
  return {
    told: {
      title: words.title, summary: (over && action.stop?.reason) || words.summary, kind: 'news', labels: over ? [...(won ? ['good-news' as const] : []), 'outcome'] : [], happened: '',
      link: { kind: over ? 'read-more' : 'take-action', url: `/actions/${slug}` },
      // Where no page leads to it, it is told on all that somebody looks after.
      subjects: its.length > 0 || visit.reach === 'everywhere' ? its : reached(all, visit),
    },
    path: `/actions/${action.id}`, language, publisher,
  }
}

/** Of what something is about, only what somebody looks after: they put nothing on others' pages. */
function reached(its: Awaited<ReturnType<typeof allSubjects>>, { reach }: Visit): string[] {
  return its.filter((each) => within(reach, [each])).map(({ id }) => id)
}

async function threadsFor(desk: Desk, { t, reach, now }: Visit, { subjects }: Told) {
  return (await itemList(desk.db, { thread: true, subjects, within: codesWithin(reach) }, { language: t.language, order: 'day', most: newest, after: 0, now })).items
}

async function tellingPage(desk: Desk, visit: Visit, { told, path, publisher }: Teller): Promise<DeskPage> {
  const { t } = visit
  const threads = await threadsFor(desk, visit, told)
  const here = `${path}/digest`
  const choose = (thread: string, label: string, title = ''): Html => html`<form method="post" action="${here}"><input type="hidden" name="thread" value="${thread}"><button${thread && html` class="plain"`}>${label}${title && html`<span class="hidden-words"> ${title}</span>`}</button></form>`
  return {
    title: t('telling.title'), section: 'items', crumbs: [{ href: path, label: told.title }],
    body: html`<p class="soft">${t('telling.why', { day: t.day(dayIn(publisher.zone, visit.now)) })}</p><div class="card"><h2>${t('telling.new')}</h2>${choose('', t('telling.new.button'))}</div>
${threads.length > 0 && html`<div class="card"><h2>${t('telling.thread')}</h2><ul class="todo">${threads.map((each) => html`<li><bdi>${each.title}</bdi> ${stateOf(t, each.state)}${choose(each.id, t('telling.here'), each.title)}</li>`)}</ul></div>`}`,
  }
}
