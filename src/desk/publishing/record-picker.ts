import { html, type Html } from '#platform/html/html.ts'
import { directionOf } from '#platform/words.ts'
import { shortened } from '#platform/shortened.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import { keptRecords, type Kept } from '#modules/publishing/index.ts'
import type { Desk } from '../context.ts'
import type { DeskPages } from '../pages.ts'
import type { DeskWords } from '../words/index.ts'
import { codesWithin } from './parts.ts'

const mostShown = 30

/** What the editor's script says, as JSON for it. */
export function visualWords(t: DeskWords): string {
  return JSON.stringify({
    bar: t('visual.bar'), bySight: t('visual.by-sight'), asText: t('visual.as-text'), heading: t('visual.heading'), subheading: t('visual.subheading'), words: t('visual.words'), bold: t('visual.bold'), italic: t('visual.italic'),
    bullets: t('visual.bullets'), numbers: t('visual.numbers'), quotation: t('visual.quotation'), link: t('visual.link'), record: t('visual.record'), undo: t('undo'), redo: t('visual.redo'),
    linkAsk: t('visual.link-ask'), linkWrong: t('visual.link-wrong'), tooLong: t('visual.too-long'), recordSearch: t('visual.record-search'), recordNone: t('visual.record-none'), close: t('visual.close'),
  })
}

/** Records for the editor's script, by what they are called and what they say. */
export function recordPickerRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/records.json', async ({ t, query, reply, reach }) => {
    const wanted = query('search').trim().toLowerCase().slice(0, 100)
    const { defaultLanguage } = await readPublisher(desk.db)
    const records = (await keptRecords(desk.db, { within: codesWithin(reach), orPublic: true })).filter(({ shown, scheduledFor }) => shown !== 'none' || scheduledFor !== null).map((kept) => ({ written: kept.kind === 'figure' ? `:figure[${kept.handle}]` : `::${kept.kind}[${kept.handle}]`, kind: kept.kind === 'image' ? t('nav.pictures') : t(`record.${kept.kind}`), ...calledIn(kept, t.language, defaultLanguage) }))
    const found = records.filter((each) => `${each.written} ${each.kind} ${each.title}`.toLowerCase().includes(wanted))
    return reply.header('cache-control', 'no-store').send({ records: found.slice(0, mostShown) })
  }, ['write-pages', 'translate'], { limited: true })
}

/** What a record says, in few words: in the reader's language, in the publisher's first, or in any; and in which. */
function calledIn({ handle, record }: Pick<Kept, 'handle' | 'record'>, language: string, fallback: string): { title: string, language: string } {
  const { says = {} } = record.content as { says?: Record<string, Record<string, unknown>> }
  const chosen = [language, fallback, ...Object.keys(says)].find((each) => says[each] !== undefined)
  const said = chosen === undefined ? {} : says[chosen]!
  const value = 'value' in record.content && record.content.value !== null ? `${String(record.content.value)} ` : ''
  const words = record.kind === 'chronology' ? [said.title] : Object.values(said)
  const title = shortened(`${value}${words.filter((each) => typeof each === 'string' && each).slice(0, 2).join(' · ')}`, 140)
  return title ? { title, language: chosen ?? language } : { title: handle, language }
}

export function titleOf(kept: Pick<Kept, 'handle' | 'record'>, language: string, fallback: string): string {
  return calledIn(kept, language, fallback).title
}

/** The same where it stands in a page: marked as what it is, and with the name of its language where that is another than the page's. */
export function titlePart(t: DeskWords, kept: Pick<Kept, 'handle' | 'record'>, fallback: string): Html {
  const { title, language } = calledIn(kept, t.language, fallback)
  return language === t.language ? html`<bdi>${title}</bdi>` : html`<bdi lang="${language}" dir="${directionOf(language)}">${title}</bdi> <small>${t.languageName(language)}</small>`
}
