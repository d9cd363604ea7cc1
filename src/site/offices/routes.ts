import { reading, sql } from '#platform/db.ts'
import { field, notFound, seeOther, type FastifyRequest } from '#platform/http/server.ts'
import { isToken, tokenHash } from '#platform/tokens.ts'
import { wordsIn, type LinkUse } from '#modules/actions/index.ts'
import { findDigestNumbers, findPublicOffice, titlesOf } from '#modules/messages/index.ts'
import { bodyStandings, officesById } from '#modules/targets/index.ts'
import type { PathParameters, Site } from '../context.ts'
import { busyBody, unknownLinkPage } from '../links/pages.ts'
import { linkStatus, type LinkStatus } from '../links/status.ts'
import { localPath } from '../look/layout.ts'
import type { Pages } from '../pages/page.ts'
import { digestPage } from './digest-page.ts'
import { officePage } from './office-page.ts'
import { answers, nothingAskedPage, repliedDonePage, repliedPage, type Asked } from './replied-page.ts'

/** The pages about offices: one for each, the numbers behind a digest's link, and the question whether they answered. */
export function officeRoutes(pages: Pages, site: Site): void {
  pages.getCached('/offices/:office', async (frame, request) => {
    const { office: id } = request.params as { office: string }
    if (!id || id.length > 200) return undefined
    const now = site.now()
    const found = await reading(site.db, async (tx) => {
      const office = await findPublicOffice(tx, id, now)
      const body = office?.today?.body.id
      return office && { office, standing: body === undefined ? undefined : (await bodyStandings(tx, [body], now)).get(body) }
    })
    return found && officePage(frame, found.office, found.standing)
  })

  pages.get('/digests/:token', async (frame, request, reply) => {
    const { token } = request.params as PathParameters
    if (!isToken(token)) return notFound()
    const found = await reading(site.db, async (tx) => {
      const numbers = await findDigestNumbers(tx, tokenHash(token))
      if (!numbers) return undefined
      return { numbers, office: (await officesById(tx, [numbers.office], site.now()))[0], titles: await titlesOf(tx, numbers.days.map(({ action }) => action)) }
    })
    return found ? pages.send(frame, reply, digestPage(frame, found.numbers, found.office, found.titles)) : pages.send(frame, reply, unknownLinkPage(frame), 404)
  })

  pages.get('/replied/:token', async (frame, request, reply) => {
    const status = await linkStatus(site, request)
    if (!status) return pages.send(frame, reply, unknownLinkPage(frame), 404)
    const asked = await askedAbout(site, status)
    return pages.send(frame, reply, asked.length ? repliedPage(frame, { token: status.token, title: await titleOf(status, frame.t.language), asked, fault: false }) : nothingAskedPage(frame, status.slug))
  })

  pages.post('/replied/:token', async (frame, request, reply) => {
    const status = await linkStatus(site, request)
    if (!status) return pages.send(frame, reply, unknownLinkPage(frame), 404)
    const asked = await askedAbout(site, status)
    if (asked.length === 0) return seeOther(reply, localPath(frame, `/replied/${status.token}`))
    const given = readAnswers(request, asked)
    if (given.length === 0) return pages.send(frame, reply, repliedPage(frame, { token: status.token, title: await titleOf(status, frame.t.language), asked, fault: true }), 422)
    const kept = await site.collector.submit({ kind: 'answering', link: tokenHash(status.token).toString('base64url'), answers: given, at: site.now().toISOString() })
    return kept === 'kept' ? seeOther(reply, localPath(frame, '/done/replied')) : pages.send(frame, reply.header('retry-after', '10'), { title: frame.t('busy.title'), narrow: true, body: busyBody(frame) }, 503)
  })
  pages.getCached('/done/replied', async (frame) => repliedDonePage(frame))

  async function titleOf(status: LinkStatus, language: string): Promise<string> {
    const action = await site.actions.get(status.slug)
    return action ? wordsIn(action, language, language).words.title : ''
  }
}

/** Offices that there are no more are asked about by their name too. */
async function askedAbout(site: Site, status: LinkStatus): Promise<Asked[]> {
  if (status.state !== 'confirmed' && status.state !== 'repeated') return []
  const { rows } = await reading(site.db, (tx) => sql<Asked['office'] & { reply: string | null }>`
    select asked.office_id as id, coalesce(offices.label, asked.office_id) as label, coalesce(offices.labels, '{}') as labels, asked.reply from asked_about(${tokenHash(status.token)}) with ordinality as asked (office_id, reply, place) left join offices on offices.id = asked.office_id order by asked.place`.execute(tx))
  return rows.map(({ reply, ...office }) => ({ office, reply }))
}

function readAnswers(request: FastifyRequest, asked: Asked[]): NonNullable<LinkUse['answers']> {
  return asked.flatMap(({ office }, place) => {
    const answer = answers.find((each) => each === field(request.body, `answer-${place}`))
    return answer && field(request.body, `office-${place}`) === office.id ? [{ office: office.id, answer }] : []
  })
}
