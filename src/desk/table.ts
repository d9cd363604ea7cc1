import { html, type Html } from '#platform/html/html.ts'
import type { DeskWords } from './words/index.ts'

/** The heading of a column that the list can be sorted by. */
export function sortLink(label: string, by: string, order: string, link: (changes: Record<string, string>) => string, className = ''): Html {
  return html`<th scope="col"${className && html` class="${className}"`}${order === by && html` aria-sort="other"`}><a href="${link({ order: order === by ? 'newest' : by, page: '0' })}">${label}${order === by && ' ↓'}</a></th>`
}

/** Where in a long list this page stands, and the way to the others. */
export function pager(t: DeskWords, { page, size, rows, link }: { page: number, size: number, rows: number, link: (changes: Record<string, string>) => string }): Html | false {
  const last = Math.max(0, Math.ceil(rows / size) - 1)
  return last > 0 && html`<nav class="row" aria-label="${t('pager')}">${page > 0 && html`<a class="btn plain" href="${link({ page: String(page - 1) })}" rel="prev">${t('pager.before')}</a>`}<span>${t('pager.where', { page: page + 1, pages: last + 1 })}</span>${page < last && html`<a class="btn plain" href="${link({ page: String(page + 1) })}" rel="next">${t('pager.next')}</a>`}</nav>`
}

/** The page number of a list, from its address. */
export function pageOf(query: (name: string) => string): number {
  return Math.min(100_000, Math.max(0, Number.parseInt(query('page'), 10) || 0))
}
