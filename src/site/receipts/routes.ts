import { reading } from '#platform/db.ts'
import { tokenHash } from '#platform/tokens.ts'
import { wordsIn } from '#modules/actions/index.ts'
import { findMessageLife } from '#modules/messages/index.ts'
import { localLabel, officesById } from '#modules/targets/index.ts'
import type { Site } from '../context.ts'
import { unknownLinkPage } from '../links/pages.ts'
import { linkStatus } from '../links/status.ts'
import type { Pages } from '../pages/page.ts'
import { receiptPage } from './receipt-page.ts'

/** What became of what somebody did, by the link of the mails about it. It holds no name, no address and no word of theirs. */
export function receiptRoutes(pages: Pages, site: Site): void {
  pages.get('/receipt/:token', async (frame, request, reply) => {
    const status = await linkStatus(site, request)
    if (!status) return pages.send(frame, reply, unknownLinkPage(frame), 404)
    const now = site.now()
    const { lives, offices } = await reading(site.db, async (tx) => {
      const found = await findMessageLife(tx, tokenHash(status.token), now)
      return { lives: found, offices: new Map((await officesById(tx, found.map(({ officeId }) => officeId), now)).map((office) => [office.id, localLabel(office, frame.t.language)])) }
    })
    const action = await site.actions.get(status.slug)
    return pages.send(frame, reply, receiptPage(frame, {
      token: status.token, slug: status.slug, kind: status.kind, state: status.state, now, lives: lives.map((life) => ({ ...life, office: offices.get(life.officeId) ?? life.officeId })),
      title: action ? wordsIn(action, frame.t.language, frame.publisher.defaultLanguage).words.title : status.slug,
    }))
  })
}
