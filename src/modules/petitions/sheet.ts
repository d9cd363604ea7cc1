import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { inTransaction, sql, type Db } from '#platform/db.ts'
import { pdfFonts, renderPdf } from '#platform/pdf.ts'
import { qrSvg } from '#platform/qr.ts'
import { directionOf } from '#platform/words.ts'
import { storeFile } from '#modules/files/index.ts'
import { publisherTexts, readPublisher, type Publisher } from '#modules/publisher/index.ts'
import { petitionWords } from './words/index.ts'

export const sheetRows = 15

/** What stands on a signature sheet. */
export interface SheetFacts {
  language: string
  title: string
  ask: string
  askNumber: number | null
  url: string
  publisher: Publisher
}

/** A signature sheet as PDF: the exact ask, its version, who is responsible, the same question as on the page, and the way back. */
export function renderSheet({ language, title, ask, askNumber, url, publisher }: SheetFacts): Promise<Buffer> {
  const t = petitionWords(language)
  const texts = publisherTexts(publisher, language)
  return renderPdf(readFileSync(new URL('sheet.typ', import.meta.url), 'utf8'), {
    language, rtl: directionOf(language) === 'rtl', fonts: pdfFonts, rows: sheetRows, title, ask, url, publisher: texts.name,
    version: askNumber === null ? null : t('sheet.version', { number: askNumber }), address: publisher.postalAddress, qr: qrSvg(url, url).text.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" '),
    words: {
      kind: t('sheet.kind', { name: texts.name }), name: t('sheet.name'), postcode: t('sheet.postcode'), email: t('sheet.email'), updates: t('sheet.updates'), updates_why: t('sheet.updates.why'),
      signature: t('sheet.signature'), privacy: t('sheet.privacy', { responsible: texts.responsible || texts.name }), return_to: t('sheet.return'), online: t('sheet.online'),
    },
  }, [t('sheet.kind', { name: texts.name }), title, ask].join('\n\n'))
}

interface Stale {
  id: string
  slug: string
  language: string
  revision_id: string
  title: string
  ask: string
  ask_number: number | null
  made_for: string
}

/** What a sheet in a language says of the organisation, in short; the address that it leads to begins with the origin. */
function printOf(publisher: Publisher, language: string, origin: string): string {
  const { name, responsible } = publisherTexts(publisher, language)
  return createHash('sha256').update(JSON.stringify([name, responsible, publisher.postalAddress, publisher.defaultLanguage, origin])).digest('hex').slice(0, 16)
}

/** Makes the sheets that are missing or no longer say what the page says, of the organisation too. Returns how many. */
export async function makeSheets(db: Db, origin: string): Promise<number> {
  const publisher = await readPublisher(db)
  const prints = publisher.languages.map((language) => printOf(publisher, language, origin))
  const { rows } = await sql<Stale>`
    select actions.id, actions.slug, words.language, words.revision_id, words.words ->> 'title' as title, words.ask, words.ask_number, for_now.made_for
    from public_actions actions join public_action_words words on words.action_id = actions.id
    left join action_sheets sheet on sheet.action_id = actions.id and sheet.language = words.language
    left join unnest(${publisher.languages}::text[], ${prints}::text[]) as publisher (language, print) on publisher.language = words.language
    cross join lateral (select concat_ws(' ', publisher.print, actions.slug) as made_for) for_now
    where actions.kind = 'petition' and words.ask is not null and (sheet.revision_id, sheet.ask_number, sheet.made_for) is distinct from (words.revision_id, words.ask_number, for_now.made_for) limit 20`.execute(db)
  for (const row of rows) {
    const prefix = row.language === publisher.defaultLanguage ? '' : `/${row.language}`
    const pdf = await renderSheet({ language: row.language, title: row.title, ask: row.ask, askNumber: row.ask_number, url: `${origin}${prefix}/actions/${row.slug}`, publisher })
    await inTransaction(db, async (tx) => {
      const hash = await storeFile(tx, pdf, 'application/pdf')
      await sql`
        insert into action_sheets (action_id, language, revision_id, ask_number, made_for, hash) values (${row.id}, ${row.language}, ${row.revision_id}, ${row.ask_number}, ${row.made_for}, ${hash})
        on conflict (action_id, language) do update set revision_id = excluded.revision_id, ask_number = excluded.ask_number, made_for = excluded.made_for, hash = excluded.hash`.execute(tx)
    })
  }
  return rows.length
}
