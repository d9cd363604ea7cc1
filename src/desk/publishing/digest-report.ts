import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { explain, type DigestChoices, type DigestReport, type DigestRun, type Finding, type Fix, type Thread } from '#modules/digests/index.ts'
import { chosenKinds, isHappened, publishingWords, sayDate, sayKind, type ItemKind, type ItemLabel } from '#modules/publishing/index.ts'
import { button, errorSummary, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Visit } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { asWritten, dateFault } from './as-written.ts'
import { titleOfRun } from './digest-run.ts'

/** So many entries are shown with all that was found; of the others their headlines. */
const shownInFull = 150

/** What a file would become, entry by entry, with what somebody should decide; and what became of it. `typed` is what they decided, where something of it has to be said again. */
export function reportPage({ t }: Visit, { run, report, typed, place, mayPublish, pictures, asked, drafts }: { run: DigestRun, report: DigestReport | null, typed?: unknown, place: { id: string, name: string, url: string | undefined } | undefined, mayPublish: boolean, pictures: number, asked: number, drafts: number }): DeskPage {
  const facts = [...(['added', 'changed', 'unchanged', 'kept', 'removed', 'restored'] as const).filter((each) => run.tally[each] !== undefined), ...(['pictures', 'refused'] as const).filter((each) => run.tally[each])]
  const undone = run.tally.removed !== undefined
  return {
    title: titleOfRun(run), section: 'items', crumbs: [{ href: '/items', label: t('nav.items') }, { href: '/digests', label: t('digests.title') }],
    body: html`<section class="card" role="status"><p>${stateOfRun(t, run)} ${place && html`<a href="/subjects/${place.id}"><bdi>${place.name}</bdi></a>${place.url && html` · <a href="${place.url}">${t('items.on-site')}</a>`}`}</p>
${run.state === 'failed' && html`<p>${t(`digests.fault.${(run.fault ?? 'failed') as 'failed'}`)}</p>`}
${facts.length > 0 && html`<dl class="facts">${facts.map((each) => html`<dt>${t(each === 'kept' && undone ? 'digests.kept.undone' : `digests.${each}`)}</dt><dd>${t.number(run.tally[each]!)}</dd>`)}</dl>`}
${run.state === 'undone' && (run.tally.kept ?? 0) > 0 && html`<p>${t('digests.some-stay')} <a href="/items">${t('nav.items')}</a></p>`}
${run.state === 'done' && place && !place.url && html`<p class="notice">${t('digests.place-hidden', { name: place.name })} <a href="/subjects/${place.id}">${t('subjects.text')}</a></p>`}
${run.state === 'done' && html`<p>${drafts > 0 || !mayPublish ? t('digests.drafts') : t('digests.no-drafts')}</p>${pictures > 0 && html`<p>${t('digests.pictures-wait', { count: pictures })}${mayPublish && html` <a href="/digests/${run.id}/pictures">${t('digests.pictures-together')}</a>`}</p>`}${asked > 0 && mayPublish && html`<p>${t('digests.demands.offer', { count: asked })} <a href="/digests/${run.id}/demands">${t('digests.demands.see')}</a></p>`}<div class="row">${drafts > 0 && html`<a class="btn" href="/digests/${run.id}/drafts">${t(mayPublish ? 'digests.publish.offer' : 'digests.ask.offer', { count: drafts })}</a>`}<a class="btn plain" href="/items?state=draft${place && `&about=${place.id}`}">${t('digests.see-drafts')}</a>${button(`/digests/${run.id}/undo`, t('digests.undo'))}</div>`}
${(run.state === 'failed' || run.state === 'read') && html`<div class="row">${button(`/digests/${run.id}/discard`, t('imports.discard'))}</div>`}</section>
${report && preview(t, run, report, typed ?? leftAtFirst(report))}`,
  }
}

export function stateOfRun(t: DeskWords, run: DigestRun): Html {
  return html`<span class="state ${run.state === 'failed' ? 'bad' : run.state === 'done' ? 'ok' : 'wait'}">${t(`digests.state.${run.state}`)}</span>`
}

function preview(t: DeskWords, run: DigestRun, { threads, findings }: DigestReport, typed: unknown): Html {
  const faults = faultsOf(t, typed, threads.length)
  const unsure = threads.filter(({ date, findings: own }) => date === null && own.some(({ rule, values }) => rule === 'L02' && values.fault === 'ambiguous')).length
  return html`${unsure > 0 && html`<form method="post" action="/digests/${run.id}/again" class="card"><p>${t('digests.unsure', { count: unsure })}</p><div class="row">${(['dmy', 'mdy', 'ymd'] as const).map((order) => html`<button class="plain" name="date_order" value="${order}">${t(`digests.order.${order}`)}</button>`)}</div></form>`}
${findings.length > 0 && html`<details class="card"><summary>${t('digests.of-page', { count: findings.length })}</summary><ul>${findings.slice(0, 200).map((each) => html`<li>${explain(each, t.language)}${each.text && html` <small dir="auto">${each.text.slice(0, 300)}</small>`}</li>`)}</ul></details>`}
<form method="post" action="/digests/${run.id}/run">${errorSummary(t, faults)}<h2>${t('digests.entries', { count: threads.length })}</h2>${threads.slice(0, shownInFull).map((thread, place) => entry(t, thread, place, { typed, fault: faults[`other-${place}`] }))}
${threads.length > shownInFull && html`<details class="card"><summary>${t('digests.more', { count: threads.length - shownInFull })}</summary><ul>${threads.slice(shownInFull).map((thread, place) => html`<li dir="auto">${thread.date && sayDay(t, thread.date)} ${thread.title}${wasNotPublic(thread) && leaveOut(t, thread, place + shownInFull, typed)}</li>`)}</ul></details>`}
<div class="row"><button>${t('digests.run')}</button></div></form>`
}

function entry(t: DeskWords, thread: Thread, place: number, { typed, fault }: { typed: unknown, fault: string | undefined }): Html {
  const given = (name: string, value: string, what: 'checked' | 'selected' = 'checked') => all(typed, name).includes(value) && html` ${what}`
  const words = publishingWords(t.language)
  const kind = thread.kind ? sayKind(words, thread.kind as ItemKind, thread.labels as ItemLabel[]) : ''
  const dates = thread.findings.flatMap(({ fixes }) => fixes.flatMap((fix) => (fix.do === 'date' ? [fix.value] : [])))
  const others = grouped(t, thread.findings)
  return html`<section class="card" aria-labelledby="entry-${place}"><h3 id="entry-${place}" dir="auto">${thread.title}</h3><p>${kind || t('digests.no-kind')} · ${thread.date ? html`<bdi>${sayDay(t, thread.date)}</bdi>` : t('digests.no-date')} · ${t('digests.size', { paragraphs: thread.paragraphs.length, links: thread.links.length })}</p>
${!thread.date && html`<fieldset class="field"><legend>${t('digests.date')}</legend>${[...new Set(dates)].map((date) => html`<label class="opt"><input type="radio" name="date-${place}" value="${date}"${given(`date-${place}`, date)}><bdi>${sayDay(t, date)}</bdi></label>`)}
<label>${dates.length > 0 ? t('digests.other-date') : html`<span class="hidden-words">${t('digests.date')}</span>`} <input name="other-${place}" id="other-${place}" value="${field(typed, `other-${place}`)}" class="narrow" dir="auto" maxlength="60" aria-describedby="other-${place}-help${fault && ` other-${place}-wrong`}"${fault && html` aria-invalid="true"`}></label><span class="help" id="other-${place}-help">${t('digests.other-date.help')}</span>${fault && html`<p class="wrong" id="other-${place}-wrong">${fault}</p>`}</fieldset>`}
${!thread.kind && html`<div class="field"><label for="kind-${place}">${t('digests.kind')}</label><select id="kind-${place}" name="kind-${place}">${chosenKinds.map((each) => html`<option value="${each}"${all(typed, `kind-${place}`).length > 0 ? given(`kind-${place}`, each, 'selected') : each === 'news' && html` selected`}>${words(`kind.${each}`)}</option>`)}</select></div>`}
${textOf(t, thread)}
${others.length > 0 && html`<details><summary>${t('digests.found', { count: thread.findings.length })}</summary><ul>${others.map((each) => html`<li>${each.fix ? html`<label class="opt"><input type="checkbox" name="fix-${place}" value="${each.index}"${given(`fix-${place}`, String(each.index))}><span>${each.words} <bdi class="help">${each.fix}</bdi></span></label>` : each.words}</li>`)}</ul></details>`}
${leaveOut(t, thread, place, typed)}</section>`
}

const wasNotPublic = ({ findings }: Thread) => findings.some(({ rule }) => rule === 'not-public')

/** What readers could not see where it comes from is left out unless somebody wants it. */
function leftAtFirst({ threads }: DigestReport): Typed {
  return { leave: threads.flatMap((thread, place) => (wasNotPublic(thread) ? [String(place)] : [])) }
}

function leaveOut(t: DeskWords, thread: Thread, place: number, typed: unknown): Html {
  return html`${wasNotPublic(thread) && html`<p class="notice">${t('digests.not-public')}</p>`}<label class="opt"><input type="checkbox" name="leave" value="${place}"${all(typed, 'leave').includes(String(place)) && html` checked`}>${t('digests.leave')}</label>`
}

/** How it begins; all of it, with its links, for whoever wants to see what each finding is about. */
function textOf(t: DeskWords, { paragraphs, links }: Thread): Html | false {
  const [first] = paragraphs
  if (!first) return false
  const beginning = html`<p class="quiet" dir="auto">${first.text.slice(0, 240)}${first.text.length > 240 && '…'}</p>`
  if (paragraphs.length === 1 && links.length === 0 && first.text.length <= 240) return beginning
  return html`${beginning}<details><summary>${t('digests.whole')}</summary>${paragraphs.slice(0, 200).map(({ text, role }, place) => html`${role === 'heading' ? html`<p dir="auto"><b>${text}</b></p>` : html`<p dir="auto">${role === 'item' && '• '}${text}</p>`}${linksOf(links.filter(({ paragraph }) => paragraph === place))}`)}${linksOf(links.filter(({ paragraph }) => paragraph === null))}</details>`
}

function linksOf(links: Thread['links']): Html | false {
  return links.length > 0 && html`<ul>${links.map(({ text, href }) => html`<li><span dir="auto">${text}</span>${href && href !== text && html` <small dir="ltr">${href.slice(0, 300)}</small>`}</li>`)}</ul>`
}

/** A date as people write it, as exactly as it is known. */
function sayDay(t: DeskWords, date: string): string {
  return sayDate(publishingWords(t.language), date)
}

/** Findings with what they would put right, each once: what is only said, and said several times, is said with how often. */
function grouped(t: DeskWords, findings: Finding[]): { words: string, fix: string, index: number }[] {
  const lines = new Map<string, { words: string, fix: string, index: number, times: number }>()
  for (const [index, finding] of findings.entries()) {
    const [first] = finding.fixes
    const fix = sayFix(t, finding, first)
    const key = fix ? String(index) : explain(finding, t.language)
    const before = lines.get(key)
    lines.set(key, before ? { ...before, times: before.times + 1 } : { words: explain(finding, t.language), fix, index, times: 1 })
  }
  return [...lines.values()].map(({ words, times, ...rest }) => ({ ...rest, words: times > 1 ? `${words} (${t.number(times)}×)` : words }))
}

function sayFix(t: DeskWords, { text }: Finding, fix: Fix | undefined): string {
  switch (fix?.do) {
    case 'replace': return `${text.trim() ? text : '␣'} → ${fix.with.trim() ? fix.with : fix.with ? '␣' : '∅'}`
    case 'heading': return t('findings.heading')
    case 'move': return t('findings.front')
    case 'drop': return t('findings.remove')
    default: return ''
  }
}

/** What of it is no date, by the names of the fields: nothing is decided in the place of somebody who typed one. */
export function faultsOf(t: DeskWords, typed: unknown, entries: number): Faults {
  return Object.fromEntries(Array.from({ length: entries }, (_, place) => `other-${place}`).flatMap((name) => {
    const date = field(typed, name).trim()
    return date && !isHappened(asWritten(date)) ? [[name, dateFault(t, date)]] : []
  }))
}

/** What was ticked and typed under each entry. */
export function choicesOf(body: unknown, { threads }: DigestReport): DigestChoices {
  const leave = new Set(all(body, 'leave'))
  return Object.fromEntries(threads.flatMap((_, place) => {
    const date = [asWritten(field(body, `other-${place}`).trim()), field(body, `date-${place}`)].find(isHappened)
    const fixes = all(body, `fix-${place}`).map(Number).filter(Number.isInteger)
    const kind = chosenKinds.find((each) => each === field(body, `kind-${place}`) && each !== 'news')
    const choice = { ...(date && { date }), ...(kind && { kind }), ...(leave.has(String(place)) && { leave: true }), ...(fixes.length && { fixes }) }
    return Object.keys(choice).length > 0 ? [[String(place), choice]] : []
  }))
}

function all(body: unknown, name: string): string[] {
  return [(body as Record<string, unknown> | null)?.[name]].flat().filter((each): each is string => typeof each === 'string')
}
