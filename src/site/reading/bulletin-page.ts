import { reading } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { qrSvg } from '#platform/qr.ts'
import { findBulletinSheet, fitting, mostLooked, mostOfOne, shownItems, wordsOf, type ShownSubject } from '#modules/publishing/index.ts'
import { publisherTexts } from '#modules/publisher/index.ts'
import type { Site } from '../context.ts'
import { localPath, ownPath, type Frame, type PageParts } from '../look/layout.ts'
import { dayMark, inLanguage, readables, type Readable } from './readable.ts'
import { subjectName, subjectPath } from './subjects.ts'

/** The newest of a place or topic on two printed pages, for who does not read on a screen: of each thread what was added last. */
export async function bulletinPage(site: Site, frame: Frame, subject: ShownSubject): Promise<PageParts> {
  const { t, publisher } = frame
  const { entries, pdf } = await reading(site.db, async (tx) => ({
    entries: await readables(tx, frame, (await shownItems(tx, { subjectId: subject.id, thread: true }, { most: mostLooked })).items), pdf: await findBulletinSheet(tx, subject.id, t.language) !== undefined,
  }))
  const { name } = subjectName(frame, subject)
  const url = `${site.origin}${ownPath(frame, subjectPath(subject))}`
  const shown = fitting(entries, ({ shown: its, rendered }) => ({ title: its.words.title.length, text: wordsOf(rendered.paragraphs[0]?.text ?? '').length }))
  // What is pinned comes first, and may be older.
  const newest = shown.map(({ item }) => item).toSorted((a, b) => b.dated.localeCompare(a.dated))[0]?.date
  return {
    title: t('bulletin.title', { name }), path: subjectPath(subject, '/bulletin'), reading: true, head: html`<link rel="canonical" href="${url}">`,
    body: html`<div class="bulletin"><p class="noprint"><a href="${localPath(frame, subjectPath(subject))}">${name}</a> · ${t('bulletin.print')}${pdf && html` · <a href="${localPath(frame, subjectPath(subject, '/bulletin.pdf'))}">${t('bulletin.pdf')}</a>`}</p><p class="kind"><bdi>${publisherTexts(publisher, t.language).name}</bdi>${newest && html` · ${dayMark(frame, newest)}`}</p><h1>${t('bulletin.title', { name })}</h1>
<div class="columns">${shown.length === 0 && html`<p>${t('bulletin.empty')}</p>`}${shown.map((each) => article(frame, each))}</div>
<div class="qr">${qrSvg(url, t('bulletin.qr'))}</div><p class="fine" dir="ltr">${url}</p></div>`,
  }
}

function article(frame: Frame, { item, shown, kindLine, rendered }: Readable): Html {
  const own = inLanguage(frame, shown.language)
  const [newest] = rendered.paragraphs
  const words = wordsOf(newest?.text ?? '')
  return html`<article><h2${own}>${shown.words.title}</h2><p class="kind">${kindLine} · ${dayMark(frame, item.date)}${shown.language !== frame.t.language && html` · ${frame.t('reading.other-language', { language: frame.t.languageName(shown.language) })}`}</p><div${own}>${rendered.notices}</div><div${own}>${words.length > mostOfOne ? html`<p>${words.slice(0, mostOfOne)}…</p>` : newest && html`${newest.html}${rendered.figures([newest])}`}</div></article>`
}
