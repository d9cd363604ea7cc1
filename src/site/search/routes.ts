import { plainDigits } from '#platform/digits.ts'
import { reading, sql, type Tx } from '#platform/db.ts'
import { field, notFound, seeOther } from '#platform/http/server.ts'
import { chosenKinds, itemWithNumber, type ShownSubject } from '#modules/publishing/index.ts'
import { countFew, countFound, findWords, mend, readQuery, type Term, type Wanted } from '#modules/search/index.ts'
import type { Site } from '../context.ts'
import { localPath, type Frame } from '../look/layout.ts'
import type { Pages } from '../pages/page.ts'
import { allSubjects, below, subjectPath } from '../reading/subjects.ts'
import { perPage, searchPage, type Asked, type Outcome } from './search-page.ts'
import { Turns } from './turns.ts'

/** Kinds to choose from: of places and topics, of actions, of items, and of what stands on their pages. */
const kinds: string[] = ['place', 'topic', 'petition', 'message', ...chosenKinds, 'demand', 'measure', 'proceeding', 'figure', 'quote', 'chronology', 'image', 'elsewhere']

/** Searching everything that is public: a plain form, answered for each visitor anew and kept nowhere. */
export function searchRoutes(pages: Pages, site: Site): void {
  const turns = new Turns({ most: 3, mostWaiting: 60 })

  pages.get('/search', async (frame, request, reply) => {
    if (frame.rehearsal) return notFound()
    const subjects = await allSubjects(site)
    const asked = readAsked(request.query, frame, subjects)
    if (frame.off.has('search')) return pages.send(frame, reply.header('retry-after', '600'), searchPage(frame, asked, subjects, { outcome: 'off' }), 503)
    if (asked.query.terms.length === 0) return pages.send(frame, reply, searchPage(frame, asked, subjects, { outcome: 'nothing-asked' }))
    const numbered = await reading(site.db, (tx) => itemWithNumber(tx, asked.text))
    if (numbered !== undefined) return seeOther(reply, localPath(frame, `/items/${numbered}`))
    const found = await turns.take(() => reading(site.db, (tx) => answer(tx, frame, asked, asked.subject && below(asked.subject, subjects).map(({ id }) => id)))).catch(tooLong)
    return found === 'full' ? pages.send(frame, reply, searchPage(frame, asked, subjects, { outcome: 'busy' }), 503) : pages.send(frame, reply, searchPage(frame, asked, subjects, found))
  })
}

/** What the address asks. What is none of the choices is not asked. */
function readAsked(given: unknown, { t, publisher }: Frame, subjects: ShownSubject[]): Asked {
  const text = field(given, 'q').slice(0, 1000).trim()
  const about = field(given, 'about')
  const year = plainDigits(field(given, 'year').trim())
  const page = field(given, 'page')
  return {
    text, query: readQuery(text, t.language), kind: kinds.find((kind) => kind === field(given, 'kind')), subject: subjects.find((each) => subjectPath(each) === `/${about}`),
    ...(/^[12]\d{3}$/.test(year) ? { year: Number(year) } : year && { noYear: year.slice(0, 40) }), within: publisher.languages.find((language) => language === field(given, 'in')), page: /^[1-9]\d{0,3}$/.test(page) ? Number(page) : 1, kinds,
  }
}

/** Looks for what was asked; where nothing has it, for what may have been meant. */
async function answer(tx: Tx, frame: Frame, asked: Asked, subjects: string[] | undefined): Promise<Outcome> {
  // The words stand in no plan: it is made once on each connection. Otherwise it would be made for each of the first five questions, and takes as long as finding.
  await sql`select set_config('statement_timeout', '3000', true), set_config('plan_cache_mode', 'force_generic_plan', true)`.execute(tx)
  const reader = { language: frame.t.language, fallback: frame.publisher.defaultLanguage }
  const wanted = (terms: Term[]): Wanted => ({ terms, kind: asked.kind, subjects, year: asked.year, within: asked.within })
  const part = { most: perPage, after: (asked.page - 1) * perPage }
  const direct = await findWords(tx, wanted(asked.query.terms), reader, part)
  if (direct.all > 0) return { outcome: 'found', ...direct }
  const filtered = asked.kind !== undefined || subjects !== undefined || asked.year !== undefined || asked.within !== undefined
  const anywhere = filtered ? await countFound(tx, { terms: asked.query.terms }) : 0
  if (anywhere > 0) return { outcome: 'elsewhere', all: anywhere }
  const mended = await mend(tx, asked.query.terms, frame.t.language)
  if (mended) {
    const its = await findWords(tx, wanted(mended), reader, part)
    if (its.all > 0) return { outcome: 'found', ...its, instead: mended }
    const all = filtered ? await countFound(tx, { terms: mended }) : 0
    if (all > 0) return { outcome: 'elsewhere', all, instead: mended }
  }
  const single = asked.query.terms.length > 1 ? await Promise.all(asked.query.terms.slice(0, 6).map(async (term) => ({ term, all: await countFew(tx, { terms: [{ ...term, open: false }] }) }))) : []
  return { outcome: 'nothing', single: single.filter(({ all }) => all !== 0) }
}

/** A question that takes longer than three seconds is given up: it would keep others waiting. */
function tooLong(error: unknown): 'full' {
  if ((error as { code?: string }).code === '57014') return 'full'
  throw error
}
