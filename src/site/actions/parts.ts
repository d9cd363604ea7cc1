import { html, type Html } from '#platform/html/html.ts'
import { renderMarkdown } from '#platform/html/markdown.ts'
import { wordsIn, type PublicAction, type PublicImage, type PublicWords } from '#modules/actions/index.ts'
import { publisherTexts } from '#modules/publisher/index.ts'
import { cardOf, type LinkPicture } from '../cards.ts'
import type { Frame } from '../look/layout.ts'

/** Everything that the parts of an action's page are made from. */
export interface ActionView {
  frame: Frame
  action: PublicAction
  /** The action's words, and the language that they are in: another one than the page's where there is no translation. */
  words: PublicWords & { language: string }
}

export function viewOf(frame: Frame, action: PublicAction): ActionView {
  return { frame, action, words: wordsIn(action, frame.t.language, frame.publisher.defaultLanguage) }
}

/** Marks text that is in another language than the page around it. */
export function inItsLanguage({ frame, words }: ActionView): Html | false {
  return words.language !== frame.t.language && html` lang="${words.language}" dir="auto"`
}

export function actionPath(action: Pick<PublicAction, 'slug'>, rest = ''): string {
  return `/actions/${action.slug}${rest}`
}

/** What it is and until when: "Petition · open until 10 December 2026". */
export function kindLine({ frame: { t }, action }: ActionView): string {
  const kind = t(`kind.${action.kind}`)
  const day = (date: Date) => t.day(date, action.zone)
  switch (action.standing) {
    case 'scheduled': return t('kind.opens', { kind, day: day(action.opensAt!) })
    case 'open': return action.closesAt ? t('kind.open-until', { kind, day: day(action.closesAt) }) : t('kind.open', { kind })
    case 'adjourned': return t('kind.adjourned', { kind })
    case 'ended': return t('kind.closed-on', { kind, day: day(action.closesAt!) })
    case 'closed': return action.stop ? t('kind.closed-on', { kind, day: day(action.stop.at) }) : t('kind.closed', { kind })
    case 'suspended': return t('kind.stopped', { kind })
    case 'draft': return t('kind.draft', { kind })
  }
}

/** An end that is nearer is counted in days. */
const soonDays = 30

/** Who asks what of whom by when, before anything else. */
export function lede(view: ActionView): Html {
  const { frame, action, words } = view
  const { t } = frame
  const lang = inItsLanguage(view)
  return html`<div class="lede"><p class="kind">${kindLine(view)}</p>
${lang && html`<div class="notice"><p>${t('action.other-language', { language: t.languageName(words.language) })}</p></div>`}
<h1${lang}>${words.words.title}</h1>
${words.words.summary && html`<p class="stand"${lang}>${words.words.summary}</p>`}
${stopNotice(view)}
<dl class="who"><div><dt>${t('action.who-asks')}</dt><dd><bdi>${publisherTexts(frame.publisher, t.language).name}</bdi></dd></div>
${words.words.addressee && html`<div><dt>${t('action.of-whom')}</dt><dd${lang}>${words.words.addressee}</dd></div>`}
${action.closesAt && html`<div><dt>${t('action.by-when')}</dt><dd><time datetime="${action.closesAt.toISOString()}">${t.moment(action.closesAt, action.zone)}</time>${action.standing === 'open' && action.daysLeft !== undefined && action.daysLeft <= soonDays && html` <small>${t('action.closes-in', { days: action.daysLeft })}</small>`}</dd></div>`}</dl></div>`
}

/** An action that was stopped or has ended says so before anything else, and why. */
export function stopNotice({ frame: { t }, action }: ActionView): Html | false {
  const said = action.standing === 'suspended' ? t('action.stopped') : action.standing === 'closed' && action.stop?.outcome ? t(`outcome.${action.stop.outcome}`)
    : action.standing === 'closed' || action.standing === 'ended' ? t('action.closed') : action.standing === 'scheduled' ? t('action.not-yet', { moment: t.moment(action.opensAt!, action.zone) }) : undefined
  return said !== undefined && html`<div class="notice" role="note"><p><strong>${said}</strong></p>${action.stop?.reason && html`<p dir="auto">${action.stop.reason}</p>`}</div>`
}

export function story(view: ActionView, extra?: Html | false): Html {
  const { action, words } = view
  return html`<article class="story">${action.image && figure(view, action.image)}${view.frame.off.has('images') && !view.frame.textOnly && html`<p class="fine">${view.frame.t('switch.images')}</p>`}<div${inItsLanguage(view)}>${renderMarkdown(words.words.story)}</div>${extra}</article>`
}

/** Where a file is fetched. In a rehearsal that is a private address: the file may not be public yet. */
export function filePath(frame: Frame, hash: string): string {
  return `${frame.rehearsal ?? ''}/files/${hash}`
}

function figure({ frame, words }: ActionView, image: PublicImage): Html {
  const { t } = frame
  const pictures = image.files.filter((file) => file.mediaType === 'image/webp')
  const largest = pictures.at(-1)
  if (!largest) return html``
  return html`<figure><img src="${filePath(frame, pictures[0]!.hash)}" srcset="${pictures.map((file) => `${filePath(frame, file.hash)} ${file.width}w`).join(', ')}" sizes="(min-width:56rem) 42rem, 100vw" width="${largest.width}" height="${largest.height}" alt="${words.words.imageAlt}">
<figcaption><span dir="auto">${words.words.imageCaption}</span> <span>${t.html('image.credit', { credit: image.credit })}</span></figcaption></figure>`
}

/** For whoever shows a link to an action: its own picture, or the card of its words. */
export function card(origin: string, { frame, action, words }: ActionView): LinkPicture {
  const file = action.image?.files.find((each) => each.mediaType === 'image/jpeg')
  const alt = `${words.words.title} – ${publisherTexts(frame.publisher, words.language).name}`
  return file ? { url: `${origin}/files/${file.hash}`, width: file.width, height: file.height, alt } : cardOf({ origin }, words.revisionId, alt)
}

/** What people in some countries should read before they act. */
export function adviceByCountry({ frame: { t }, words }: ActionView): Html | false {
  return words.words.advice.length > 0 && html`<div class="card"><h2>${t('advice.title')}</h2><p class="fine">${t('advice.why')}</p>
${words.words.advice.map(({ country, text }) => html`<details><summary>${t('advice.from', { country: t.countryName(country) })}</summary><div dir="auto">${renderMarkdown(text)}</div></details>`)}</div>`
}
