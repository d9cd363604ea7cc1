import { dayIn } from '#platform/days.ts'
import { notFound, seeOther } from '#platform/http/server.ts'
import { newToken } from '#platform/tokens.ts'
import { wordsIn } from '#modules/actions/index.ts'
import { goalFor } from '#modules/petitions/index.ts'
import { actionOf, insteadOf, type Site } from '../context.ts'
import { homePage } from '../home-page.ts'
import { localPath, ownPath } from '../look/layout.ts'
import { areaChoices } from '../messages/finding.ts'
import type { Pages } from '../pages/page.ts'
import { shownAction } from '../switchboard.ts'
import { actionPage } from './action-page.ts'
import { countHistoryPage } from './count-history.ts'
import { listPage } from './list-page.ts'
import { actionPath, viewOf } from './parts.ts'
import { thanksPage } from './thanks-page.ts'

export function actionRoutes(pages: Pages, site: Site): void {
  pages.getCached('', (frame) => homePage(site, frame))
  pages.getCached('/actions', async (frame) => listPage(frame, (await site.list.get('')).map((action) => viewOf(frame, shownAction(action, frame.off)))))

  pages.getCached('/actions/:slug', async (frame, request) => {
    const action = await actionOf(site, request)
    if (!action) return undefined
    const answers = await site.answers.get(action.id)
    const source = (request.query as { s?: unknown }).s
    return actionPage(site, viewOf(frame, action), {
      typed: {}, faults: {}, key: newToken(), answers, source: typeof source === 'string' && /^[a-z0-9-]{1,24}$/.test(source) ? source : undefined,
      ...(action.kind === 'petition' ? { shownNames: await site.names.get(action.id) } : { lists: await areaChoices(site, action, frame.t.language), instead: await insteadOf(site, frame, action) }),
    })
  })

  pages.getCached('/actions/:slug/count-history', async (frame, request) => {
    const action = await actionOf(site, request)
    return action && countHistoryPage(viewOf(frame, action))
  })

  pages.getCached('/actions/:slug/thanks', async (frame, request) => {
    const action = await actionOf(site, request)
    if (!action) return undefined
    const next = (await site.list.get('')).find((each) => each.id === action.nextActionId && each.standing === 'open')
    return thanksPage(site, viewOf(frame, action), next && viewOf(frame, shownAction(next, frame.off)))
  })

  // Where forms lead, fetched from the address bar or a history: back to the form.
  for (const step of ['sign', 'write', 'details', 'choose', 'send', 'letter', 'reported', 'code']) {
    pages.get(`/actions/:slug/${step}`, async (frame, request, reply) => {
      const action = await actionOf(site, request)
      return action ? seeOther(reply, localPath(frame, actionPath(action, step === 'code' ? '/one-more-step' : ''))) : notFound()
    })
  }

  // What others may build on: public facts and the count, each small and cached like a page.
  pages.getJson('/actions/:slug.json', async (frame, request) => {
    const action = await actionOf(site, request)
    if (!action) return undefined
    const words = wordsIn(action, frame.t.language, frame.publisher.defaultLanguage)
    return {
      slug: action.slug, kind: action.kind, state: action.standing, url: `${site.origin}${ownPath(frame, actionPath(action))}`, languages: Object.keys(action.words),
      language: words.language, title: words.words.title, summary: words.words.summary, ask: words.ask || undefined, askVersion: words.askNumber ?? undefined,
      opens: action.opensAt, closes: action.closesAt, zone: action.zone, outcome: action.stop?.outcome ?? undefined, ...countOf(action),
      areas: action.areaTotals.map(({ value, total }) => ({ id: value, count: total })), countries: action.countryTotals.map(({ value, total }) => ({ code: value, count: total })),
      countChanges: action.countChanges.map(({ change, people, reason, at }) => ({ day: dayIn(action.zone, at), change: change * people, reason })),
    }
  })
  pages.getJson('/actions/:slug/count.json', async (_, request) => {
    const action = await actionOf(site, request)
    return action && countOf(action)
  })
}

/** The count as the public may see it: null below the publisher's threshold. */
function countOf(action: NonNullable<Awaited<ReturnType<typeof actionOf>>>): { count: number | null, goal: number | null } {
  return action.total >= action.options.showCountFrom ? { count: action.total, goal: action.kind === 'petition' ? goalFor(action.options.goal, action.total) ?? null : null } : { count: null, goal: null }
}
