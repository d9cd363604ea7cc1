import { html, type Html } from '#platform/html/html.ts'
import type { FastifyRequest, Trouble } from '#platform/http/server.ts'
import { grantOf, holdingsOf, readLockdown } from '#modules/staff/index.ts'
import { deskLayout, type DeskFrame } from './look/layout.ts'
import type { DeskPages } from './pages.ts'
import { chosenLanguage, signedIn } from './session/who.ts'
import { deskWords, type DeskWord } from './words/index.ts'

/** What each is called on the desk's one page for troubles. */
const troubles: Record<Trouble, [title: DeskWord, why: DeskWord]> = {
  'not-found': ['trouble.not-found', 'trouble.not-found.why'], 'cross-site': ['trouble.cross-site', 'trouble.cross-site.why'], 'too-large': ['trouble.too-large', 'trouble.too-large.why'],
  malformed: ['trouble.malformed', 'trouble.malformed.why'], 'wrong-type': ['trouble.malformed', 'trouble.malformed.why'],
  'wrong-method': ['trouble.not-found', 'trouble.not-found.why'], busy: ['trouble.busy', 'trouble.busy.why'],
  failed: ['trouble.failed', 'trouble.failed.why'], gone: ['trouble.not-found', 'trouble.not-found.why'], 'not-here': ['trouble.not-here', 'trouble.not-here.why'],
}

/** What the desk says in place of a page. Who is signed in has their menu and their language around it, as long as the database answers. */
export async function troublePage(pages: DeskPages, trouble: Trouble, request: FastifyRequest): Promise<Html> {
  const [title, why] = troubles[trouble]
  // A database that did not answer is not asked again while somebody waits.
  const frame = trouble === 'busy' ? bareFrame(pages, request) : await pages.desk.reading(() => frameFor(pages, request)).catch(() => bareFrame(pages, request))
  return deskLayout(frame, { title: frame.t(title), body: html`<p>${frame.t(why)}</p><p><a href="/">${frame.t('nav.today')}</a></p>` })
}

async function frameFor(pages: DeskPages, request: FastifyRequest): Promise<DeskFrame> {
  const { desk } = pages
  const staff = (await signedIn(desk, request, desk.now()))?.staff
  if (!staff || await readLockdown(desk.db)) return pages.frame(request, undefined)
  const holdings = await holdingsOf(desk.db, staff.id, desk.now())
  return { ...await pages.frame(request, undefined, staff), may: (ability) => grantOf(holdings, ability) !== undefined }
}

/** Of what needs no database. */
function bareFrame({ desk }: DeskPages, request: FastifyRequest): DeskFrame {
  return { t: deskWords(chosenLanguage(request)), publisherName: '', staff: undefined, may: () => false, practice: false, locked: false, siteOrigin: desk.siteOrigin, inbox: '', path: '/', waiting: 0, noSecondFactor: false }
}
