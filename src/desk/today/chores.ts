import { dayIn } from '#platform/days.ts'
import { html, type Html } from '#platform/html/html.ts'
import { contactMessages } from '#modules/places/index.ts'
import { chores, countChores, pressing, wantingFor, type Chore, type ChoreReach } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { orNotFound, type DeskPages, type Visit } from '../pages.ts'
import { codesWithin, itemPath } from '../publishing/parts.ts'

const folders = { record: '/records', picture: '/pictures', chronology: '/chronologies' } as const

/** What on pages went stale by itself, each with the list of what it is about. */
export function choreRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/today/:chore', async (visit) => {
    const { t } = visit
    const chore = orNotFound(chores.find((each) => each === visit.params.chore))
    const found = await wantingFor(desk.db, chore, await reachOf(desk, visit, visit.reach), t.language)
    // Whoever writes everywhere may publish for some places only, and opens the records of those.
    const open = visit.reach === visit.reachOf('publish-pages') ? found : await wantingFor(desk.db, chore, await reachOf(desk, visit, visit.reachOf('publish-pages')), t.language)
    const mayOpen = (id: string) => open.some((each) => each.id === id)
    return {
      title: t(`chore.${chore}.title`), section: 'today', crumbs: [{ href: '/', label: t('nav.today') }],
      body: html`<p class="soft">${t(`chore.${chore}.why`)}</p>${chore === 'in-review' && found.length > 1 && html`<p><a class="btn plain" href="/items/together?state=review">${t('items.together')}</a></p>`}<div class="card">${found.length === 0 ? html`<p>${t('chores.none')}</p>` : html`<ul class="todo">${found.map(({ id, what, title, language }) => html`<li>${what !== 'item' && !mayOpen(id) ? html`<bdi>${title}</bdi>` : html`<a href="${what === 'item' ? itemPath(id, language === null ? '' : `/${language}`) : `${folders[what]}/${id}`}"><bdi>${title}</bdi></a>`}</li>`)}</ul>`}</div>`,
    }
  }, 'write-pages', { limited: true })
}

/** The part of Today that is about pages, for whoever writes some. */
export async function choresPart(desk: Desk, visit: Visit): Promise<Html | false> {
  const { t, may } = visit
  if (!may('write-pages')) return false
  const counts = await countChores(desk.db, await reachOf(desk, visit, visit.reachOf('write-pages')))
  const { unread, waiting } = may('publish-pages') ? await contactMessages(desk.db, { within: codesWithin(visit.reachOf('publish-pages')), most: 1, after: 0 }) : { unread: 0, waiting: 0 }
  const messages = [unread > 0 && t('chores.contact-unread', { count: unread }), waiting > unread && t('chores.contact-messages', { count: waiting - unread })].filter((each) => each !== false)
  const lines = (which: readonly Chore[]) => counts.filter(({ chore }) => which.includes(chore)).map(({ chore, count }) => ({ path: `/today/${chore}`, said: t(`chore.${chore}`, { count }) }))
  // What readers wrote comes before what comes by a day.
  const groups = [['wrong', lines(pressing.wrong)], ['due', [...messages.map((said) => ({ path: '/contact-messages', said })), ...lines(pressing.due)]], ['later', lines(pressing.later)]] as const
  const some = groups.filter(([, its]) => its.length > 0)
  return html`<section class="card"><h2>${t('chores.title')}</h2>${some.length === 0 ? html`<p>${t('chores.none')}</p>` : some.map(([group, its]) => html`<section class="pressing" data-how="${group}" aria-labelledby="chores-${group}"><h3 id="chores-${group}">${t(`chores.${group}`)}</h3><ul class="todo">${its.map(({ path, said }) => html`<li><a href="${path}">${said}</a></li>`)}</ul></section>`)}</section>`
}

async function reachOf(desk: Desk, { now, zone }: Visit, reach: Visit['reach']): Promise<ChoreReach> {
  const { languages } = await readPublisher(desk.db)
  return { within: codesWithin(reach), languages, now, today: dayIn(zone, now) }
}
