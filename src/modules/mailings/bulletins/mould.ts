import { sql, type Db } from '#platform/db.ts'
import { dayIn } from '#platform/days.ts'
import { html, raw, type Html } from '#platform/html/html.ts'
import { textOfHtml } from '#platform/html/text-of-html.ts'
import { directionOf } from '#platform/words.ts'
import { shortened } from '#platform/shortened.ts'
import { actionsIn, dateOf, linksIn, publishingWords, referencesIn, renderItem, sayDate, sayKind, shownItems, shownRecords, shownSubjects, shownWordsIn, type ShownSubject } from '#modules/publishing/index.ts'
import { nameIn } from '#modules/places/index.ts'
import type { Publisher } from '#modules/publisher/index.ts'
import type { Mould } from '../many/letter.ts'
import { mailWords, type MailWords } from '../words/index.ts'
import { newsIn, type Covers, type News } from './news.ts'

/** A bulletin is a mail and no archive: the rest stands on the page. */
const mostTold = 30

export interface BulletinTools {
  publisher: Publisher
  /** Where the public site is reached. */
  origin: string
}

/** What an edition says at this moment, in each of some languages; none in which nothing of it is public any more, or if the place's page is not. */
export async function bulletinMoulds(db: Db, covers: Covers, languages: string[], tools: BulletinTools, now: Date): Promise<Map<string, Mould>> {
  const subject = (await shownSubjects(db)).find(({ id }) => id === covers.subjectId)
  const moulds = new Map<string, Mould>()
  for (const language of subject ? languages : []) {
    const news = await newsIn(db, covers, { language, fallback: tools.publisher.defaultLanguage })
    if (news.length > 0) moulds.set(language, await mouldFor(db, subject!, news, language, tools, now))
  }
  return moulds
}

/** What the next edition would say; where nothing is new since the last one, what it says of the newest. */
export async function exampleMould(db: Db, subjectId: string, language: string, tools: BulletinTools, now: Date): Promise<Mould | undefined> {
  const subject = (await shownSubjects(db)).find(({ id }) => id === subjectId)
  if (!subject) return undefined
  const { defaultLanguage: fallback } = tools.publisher
  const { rows: [told] } = await sql<{ until: Date }>`select least(at_once_until, weekly_until) as until from bulletins where subject_id = ${subjectId}`.execute(db)
  const next = told ? await newsIn(db, { subjectId, from: told.until, until: now }, { language, fallback }) : []
  if (next.length > 0) return mouldFor(db, subject, next, language, tools, now)
  const { items } = await shownItems(db, { subjectId }, { most: 4, by: 'updated' })
  return items.length === 0 ? undefined : mouldFor(db, subject, items.map((item): News => ({ item, shown: shownWordsIn(item, language, fallback), fresh: true, added: new Set(), corrections: item.corrections })), language, tools, now)
}

/** A bulletin as a mail in one language, the same for all: nothing in it is about whoever reads it. */
export async function mouldFor(db: Db, subject: Pick<ShownSubject, 'kind' | 'slug' | 'names'>, all: News[], language: string, { publisher, origin }: BulletinTools, now: Date): Promise<Mould> {
  const t = mailWords(language)
  const prefix = language === publisher.defaultLanguage ? '' : `/${language}`
  const url = (path: string) => `${origin}${prefix}${path}`
  const place = nameIn(subject, language, publisher.defaultLanguage)
  const page = url(`/${subject.kind === 'place' ? 'places' : 'topics'}/${subject.slug}`)
  const news = all.slice(0, mostTold)
  const bodies: Html[] = []
  for (const each of news) bodies.push(await entry(db, each, t, { publisher, url, origin }, now))
  const subjectLine = news.length === 1 ? t('bulletin.subject.one', { place, title: news[0]!.shown.words.title }) : t('bulletin.subject.many', { place, title: news[0]!.shown.words.title, count: all.length - 1 })
  const body = html`<p>${t.html('bulletin.intro', { place: html`<a href="${page}" style="color:#2b3a8f">${place}</a>` })}</p>${bodies}${all.length > news.length && html`<p><a href="${page}" style="color:#2b3a8f">${t('bulletin.rest', { count: all.length - news.length })}</a></p>`}`
  const { text, links } = textOfHtml(body.text)
  const said = { subject: subjectLine, text: `${text}${links.length > 0 ? `\n\n${links.map((link, at) => `[${at + 1}] ${link}`).join('\n')}` : ''}`, html: body.text }
  return { language, fromName: '', of: () => said, bulletin: true }
}

async function entry(db: Db, { item, shown, fresh, added, corrections }: News, t: MailWords, { publisher, url, origin }: { publisher: Publisher, url: (path: string) => string, origin: string }, now: Date): Promise<Html> {
  const { words, language } = shown
  const own = publishingWords(language)
  const { records, actions, items } = await shownRecords(db, referencesIn(words))
  const rendered = renderItem(words, {
    language, around: t.language, fallback: publisher.defaultLanguage, records, actions: actionsIn(actions, language, publisher.defaultLanguage, (slug) => url(`/actions/${slug}`)),
    items: linksIn(items, language, publisher.defaultLanguage, (its) => url(`/items/${its.slug}`)),
    // Nothing in a mail is fetched when it is opened: pictures are said.
    localPath: url, filePath: (hash) => `${origin}/files/${hash}`, still: true, wordsOnly: true, today: dayIn(publisher.zone, now),
  })
  const path = url(`/${item.kind === 'campaign' ? 'campaigns' : 'items'}/${item.slug}`)
  const lang = language !== t.language && html` lang="${language}" dir="${directionOf(language)}"`
  const told = item.thread ? rendered.paragraphs.filter(({ id }) => added.has(id)) : []
  const first = rendered.paragraphs[0]
  const shownOf = told.length > 0 ? told : fresh && item.thread ? rendered.paragraphs.slice(0, 1) : []
  return html`<div style="margin:28px 0 0;padding:20px 0 0;border-top:1px solid #dedbd2"><p style="margin:0;font-size:14px;color:#5b5850">${sayKind(publishingWords(t.language), item.kind, words.labels)} · ${sayDate(publishingWords(t.language), item.date)} · ${t(fresh ? 'bulletin.fresh' : added.size > 0 ? 'bulletin.added' : corrections.length > 0 ? 'bulletin.corrected' : 'bulletin.changed')}</p>
<h2 style="margin:4px 0 8px;font-size:20px;line-height:1.3"${lang}><a href="${path}" style="color:#1b1a17">${words.title}</a></h2>${lang && html`<p style="font-size:14px;color:#5b5850">${t('bulletin.other-language', { language: t.languageName(language) })}</p>`}
<div${lang}>${rendered.notices}</div>${corrections.map((each) => correction(each, shown.language, t, publisher))}
<div${lang}>${told.map((each) => html`${told.length > 1 && html`<p style="margin:12px 0 0;font-size:14px;color:#5b5850">${sayDate(own, dateOf(each))}</p>`}${raw(fromTop(each.html.text, origin))}${each.shownLinks}`)}${!item.thread && html`<p>${words.summary || beginningOf(rendered.body)}</p>`}${item.thread && told.length === 0 && fresh && first && html`${raw(fromTop(first.html.text, origin))}`}${!item.thread && rendered.facts}${rendered.figures(shownOf)}</div>
<p><a href="${path}" style="color:#2b3a8f">${t('bulletin.read')}</a></p></div>`
}

/** The first words of a text, for what has no summary. */
function beginningOf(body: Html): string {
  const said = textOfHtml(body.text).text.replace(/ \[\d+\]/g, '').replace(/\s+/g, ' ')
  return shortened(said, 400)
}

function correction({ at, says, madeIn, pending }: News['corrections'][number], language: string, t: MailWords, { zone }: Publisher): Html {
  const its = [language, madeIn].find((each) => says[each])!
  const lang = its !== t.language && html` lang="${its}" dir="${directionOf(its)}"`
  return html`<div style="margin:8px 0;padding:8px 14px;border-inline-start:3px solid #9a3412;background:#f3efe6"><p><b>${t('bulletin.correction', { day: t.day(at, zone) })}</b></p>${pending.includes(language) && html`<p>${t('bulletin.correction-pending', { language: t.languageName(madeIn) })}</p>`}<p>${t('bulletin.wrong')} <span${lang}><del>${says[its]!.wrong}</del></span></p><p>${t('bulletin.right')} <span${lang}><ins>${says[its]!.correct}</ins></span></p></div>`
}

/** Links that a text writes as paths of ours lead there from a mail too. */
function fromTop(text: string, origin: string): string {
  return text.replace(/ (href|src)="\/(?!\/)/g, ` $1="${origin}/`)
}
