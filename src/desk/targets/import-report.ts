import { html, type Html } from '#platform/html/html.ts'
import { endsMuch, importRows, type StoredImport } from '#modules/targets/index.ts'
import type { Desk } from '../context.ts'
import { button } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { Visit } from '../pages.ts'
import { pageOf, pager } from '../table.ts'
import type { DeskWord, DeskWords } from '../words/index.ts'

const size = 100
const outcomes = ['added', 'changed', 'refused', 'ended', 'kept'] as const

/** What an import did or would do: how much of each, and row by row. */
export async function importPage(desk: Desk, { t, query }: Visit, it: StoredImport): Promise<DeskPage> {
  const outcome = outcomes.find((each) => each === query('outcome'))
  const page = pageOf(query)
  const rows = it.state === 'done' ? await importRows(desk.db, it.id, { outcome, after: page * size, size }) : []
  const link = (changes: Record<string, string>) => `/imports/${it.id}?${new URLSearchParams({ ...(outcome && { outcome }), ...changes })}`
  const total = [...(outcome ? [outcome] : outcomes)].reduce<number>((sum, each) => sum + (it.tally[each] ?? 0), 0)
  const tally = (each: typeof outcomes[number] | 'unchanged') => it.tally[each] ?? 0
  const nothingFits = it.dryRun && it.state === 'done' && tally('refused') > 0 && (['added', 'changed', 'unchanged', 'ended', 'kept'] as const).every((each) => tally(each) === 0)
  return {
    title: it.fileName, section: 'targets', crumbs: [{ href: '/targets', label: t('nav.targets') }, { href: '/imports', label: t('imports.title') }],
    body: html`<section class="card" role="status"><p>${stateOf(t, it)}</p>
${it.state === 'failed' && faultOf(t, it)}
${(it.state === 'waiting' || it.state === 'running') && html`<p>${t('imports.progress', { done: it.rowsRead })}</p>${it.rowsTotal && html`<progress value="${it.rowsRead}" max="${it.rowsTotal}" aria-label="${t('imports.progress', { done: it.rowsRead })}"></progress>`}`}
${it.state === 'done' && html`<p>${t(it.dryRun ? 'imports.would' : 'imports.did')}</p><dl class="facts">${(['added', 'changed', 'unchanged', 'refused', 'ended', 'kept'] as const).map((each) => html`<dt>${t(`imports.${each}`)}</dt><dd>${t.number(tally(each))}</dd>`)}</dl>
${tally('kept') > 0 && html`<p>${t('imports.kept.why')}</p>`}
${it.dryRun && !it.newBoundaries && endsMuch({ ended: tally('ended'), changed: tally('changed'), unchanged: tally('unchanged') }) && html`<div class="notice"><p>${t('imports.much-ends', { count: tally('ended') })}</p></div>`}
${nothingFits && html`<div class="notice"><p>${t('imports.nothing-fits')}</p></div>`}${it.dryRun && html`<div class="row">${!nothingFits && button(`/imports/${it.id}/run`, t('imports.run'), {}, '')}${button(`/imports/${it.id}/discard`, t('imports.discard'))}</div>`}`}</section>
${it.state === 'done' && html`<ul class="filters">${outcomes.filter((each) => tally(each) > 0).map((each) => html`<li><a href="${link({ outcome: outcome === each ? '' : each, page: '0' })}"${outcome === each && html` aria-current="true"`}>${t(`imports.${each}`)} ${t.number(tally(each))}</a></li>`)}</ul>
${rows.length > 0 && html`<div class="card scroll" role="region" tabindex="0" aria-label="${t('imports.title')}"><table><thead><tr><th scope="col" class="n">${t('imports.row')}</th><th scope="col">${t('imports.what')}</th><th scope="col">${t('imports.outcome')}</th></tr></thead><tbody>${rows.map((row) => html`<tr><td class="n">${row.row || '–'}</td><td><bdi>${row.label}</bdi></td><td>${outcomeWords(t, row.outcome)}</td></tr>`)}</tbody></table></div>`}${pager(t, { page, size, rows: total, link })}`}`,
  }
}

export function stateOf(t: DeskWords, it: StoredImport): Html {
  const word: DeskWord = it.state === 'done' ? it.dryRun ? 'imports.state.tried' : 'imports.state.done' : `imports.state.${it.state}`
  return html`<span class="state ${it.state === 'failed' ? 'bad' : it.state === 'done' && !it.dryRun ? 'ok' : 'wait'}">${t(word)}</span>`
}

/** Why a file was not loaded. One that was loaded before another may be right all the same; who says so is in the log. */
function faultOf(t: DeskWords, it: StoredImport): Html {
  if (it.fault === 'loaded-before') return html`<p>${t('imports.loaded-before')}</p><div class="row">${button(`/imports/${it.id}/even-if-older`, t('imports.even-if-older'))}${button(`/imports/${it.id}/discard`, t('imports.discard'))}</div>`
  return html`<p>${it.fault === 'unreadable' ? unreadableWords(t, it.faultLine) : t(it.fault === 'older' ? 'imports.older' : 'imports.failed')}</p><p><a href="/imports/new">${t('imports.new')}</a></p>`
}

/** That a file cannot be read, and at which line that shows. */
export function unreadableWords(t: DeskWords, line: number | null | undefined): string {
  return line ? t('fault.file-unreadable.line', { line }) : t('fault.file-unreadable')
}

function outcomeWords(t: DeskWords, outcome: string): string {
  const [kind, reason] = outcome.split(':')
  return reason ? `${t('imports.refused')}: ${t(`refused.${reason}` as DeskWord)}` : t(`imports.${kind}` as DeskWord)
}
