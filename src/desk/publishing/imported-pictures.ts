import { dayIn } from '#platform/days.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { waitingPictures, type DigestRun } from '#modules/digests/index.ts'
import { begunWith, keptRecords, publishingWords, sensitiveKinds } from '#modules/publishing/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { errorSummary, formFields, type Faults, type Field, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Answer, DeskPages, Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { reachedRun, runCrumbs } from './digest-run.ts'
import { codesWithin } from './parts.ts'
import { typedIn } from './item-form.ts'
import { readPicture, typedPicture } from './picture-form.ts'
import { thumbnail, type KeptPicture } from './pictures.ts'
import { keepRecord } from './record-life.ts'

/** So many are seen to at once: more would be a form that nobody finishes. */
const most = 30

/** The pictures that came with a page, together: whose each is and what it shows, then all of them are public at once. */
export function importedPictureRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/digests/:id/pictures', async (visit) => {
    const run = await reachedRun(desk, visit)
    const waiting = await waitingOf(desk, visit, run)
    return waiting.length === 0 ? { to: `/digests/${run.id}` } : picturesPage(visit, run, waiting, {}, {})
  }, 'publish-pages', { limited: true })

  pages.post('/digests/:id/pictures', async (visit): Promise<Answer> => {
    const run = await reachedRun(desk, visit)
    const { languages } = await readPublisher(desk.db)
    const left = new Set(fields(visit.body, 'leave'))
    const faults: Faults = {}
    let published = 0
    for (const kept of (await waitingOf(desk, visit, run)).slice(0, most)) {
      // One that was not on the page when the button was pressed is not published by it.
      if (left.has(kept.handle) || field(visit.body, `shown.${kept.handle}`) === '') continue
      const { content } = kept.record
      const read = readPicture(visit.t, { ...typedPicture(visit.t, content), ...ownFields(visit.body, kept.handle) }, [...new Set([run.language, ...languages])], content, dayIn(visit.zone, visit.now))
      if (read.record) {
        await keepRecord(pages, visit, { kept, begun: begunWith(kept), handle: kept.handle, record: read.record, about: kept.subjects, wish: { draft: false } })
        published += 1
      } else for (const [name, fault] of Object.entries(read.faults)) faults[`${name}.${kept.handle}`] = fault
    }
    if (Object.keys(faults).length === 0) return { to: `/digests/${run.id}`, said: published > 0 ? 'said.published' : 'said.saved' }
    return { ...picturesPage(visit, run, await waitingOf(desk, visit, run), typedIn(visit.body), faults, published), status: 422 }
  }, 'publish-pages', { limited: true })
}

async function waitingOf(desk: Desk, { reach }: Visit, run: DigestRun): Promise<KeptPicture[]> {
  const ids = await waitingPictures(desk.db, run.id)
  return ids.length === 0 ? [] : await keptRecords(desk.db, { kind: 'image', ids, within: codesWithin(reach) }) as KeptPicture[]
}

/** What was typed for one picture, under the names that its own form has. What nobody was asked for here stays as it is. */
function ownFields(body: unknown, handle: string): Record<string, unknown> {
  const its = Object.entries((body as Record<string, unknown> | null) ?? {}).flatMap(([name, value]): [string, unknown][] => (name.endsWith(`.${handle}`) ? [[name.slice(0, -handle.length - 1), value]] : []))
  return { sensitive: [], decorative: '', ...Object.fromEntries(its) }
}

/** What is asked of each: no more than what it cannot be shown without, and whether it can hurt to see. */
function fieldsOf(t: DeskWords, { handle }: KeptPicture, language: string): Field[] {
  const words = publishingWords(t.language)
  return [
    { name: 'credit', as: `credit.${handle}`, kind: 'line', maxLength: 300 }, { name: 'agency', as: `agency.${handle}`, kind: 'line', maxLength: 300 },
    { name: 'alt', as: `alt.${language}.${handle}`, kind: 'text', maxLength: 1000 }, { name: 'decorative', as: `decorative.${handle}`, kind: 'tick' }, { name: 'caption', as: `caption.${language}.${handle}`, kind: 'text', maxLength: 1000 },
    { name: 'sensitive', as: `sensitive.${handle}`, kind: 'ticks', choices: sensitiveKinds.map((value) => ({ value, label: words(`sensitive.${value}`) })) },
  ]
}

function picturesPage({ t }: Visit, run: DigestRun, waiting: KeptPicture[], typed: Typed, faults: Faults, published = 0): DeskPage {
  const shown = waiting.slice(0, most)
  const entry = (kept: KeptPicture): Html => {
    const { handle, record: { content } } = kept
    const before = Object.fromEntries(Object.entries(typedPicture(t, content)).map(([name, value]) => [`${name}.${handle}`, value]))
    return html`<section class="card" aria-labelledby="picture-${handle}"><h2 id="picture-${handle}" dir="ltr">${handle}</h2>${thumbnail(content, '')}<input type="hidden" name="shown.${handle}" value="yes">
${formFields(t, fieldsOf(t, kept, run.language), typed[`shown.${handle}`] === 'yes' ? typed : before, faults)}
<label class="opt"><input type="checkbox" name="leave" value="${handle}"${[typed.leave].flat().includes(handle) && html` checked`}>${t('digests.leave')}</label></section>`
  }
  return {
    title: t('digests.pictures-title'), section: 'items', crumbs: runCrumbs(t, run),
    body: html`<p>${t('digests.pictures-about', { language: t.languageName(run.language) })}</p>${published > 0 && html`<p role="status">${t('digests.pictures-published', { count: published })}</p>`}
<form method="post" action="/digests/${run.id}/pictures" novalidate>${errorSummary(t, faults)}${shown.map(entry)}${waiting.length > shown.length && html`<p>${t('digests.pictures-more', { count: waiting.length - shown.length })}</p>`}<div class="row"><button>${t('digests.pictures-publish')}</button></div></form>`,
  }
}
