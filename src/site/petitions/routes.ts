import { isToken, newToken } from '#platform/tokens.ts'
import { actionOf, type Site } from '../context.ts'
import { sendBusy } from '../busy.ts'
import { handIn } from '../actions/hand-in.ts'
import { passOrWork } from '../guard/guard.ts'
import { readDetails, typedIn } from '../actions/details-form.ts'
import { actionPath, viewOf } from '../actions/parts.ts'
import { actionPage } from '../actions/action-page.ts'
import { localPath } from '../look/layout.ts'
import type { Pages } from '../pages/page.ts'
import { notTaken } from '../switchboard.ts'
import { field, notFound, seeOther } from '#platform/http/server.ts'
import { sheetPage } from './sheet-page.ts'

const longestComment = 1000

export function petitionRoutes(pages: Pages, site: Site): void {
  pages.post('/actions/:slug/sign', async (frame, request, reply) => {
    const action = await actionOf(site, request)
    if (action?.kind !== 'petition') return notFound()
    const view = viewOf(frame, action)
    const { t } = frame
    const { details, faults } = readDetails(t, action, request.body)
    const again = (notice: string | undefined, status: number) => pages.send(frame, reply, actionPage(site, view, {
      typed: typedIn(request.body), faults, key: isToken(details.form) ? details.form : newToken(), source: details.source, notice,
    }), status)
    if (action.standing !== 'open') return again(undefined, 409)
    const notice = notTaken(frame)
    if (notice) return again(notice, 503)
    const comment = action.options.comment ? field(request.body, 'comment').trim() || undefined : undefined
    if (comment && comment.length > longestComment) faults.comment = t('fault.comment-long', { count: longestComment, length: comment.length })
    if (Object.keys(faults).length) return again(undefined, 422)
    const ask = Object.values(action.words).find((words) => words.askId === field(request.body, 'ask'))?.askId ?? action.formerAsks.find((former) => former.id === field(request.body, 'ask'))?.id
    if (!ask) return again(t('petition.ask-changed'), 409)
    const passing = await passOrWork(pages, frame, request, reply, action, details)
    if (!passing.through) return passing.sent
    const outcome = await handIn(site, request, reply, { action, language: t.language, details, ask, comment, surge: passing.surge })
    if (outcome === 'kept') return seeOther(reply, localPath(frame, actionPath(action, '/one-more-step')))
    return site.collector.full ? sendBusy(frame, request, reply) : again(t('form.busy'), 503)
  })

  pages.getCached('/actions/:slug/sheet', async (frame, request) => {
    const action = await actionOf(site, request)
    return action?.kind === 'petition' ? sheetPage(site, viewOf(frame, action)) : undefined
  })
}

