import { parse } from 'csv-parse/sync'
import { folded } from '../lexicon/labels.ts'
import type { Page } from './block.ts'
import { DigestFault } from './fault.ts'
import { readHtml } from './html.ts'
import { safeHref } from './leftovers.ts'
import { readText } from './text.ts'

/** What the columns of a table may be called. */
const names: Record<string, string[]> = {
  key: ['id', 'key', 'guid', 'uuid', 'clave', 'identifiant', 'identifier', 'المعرف', 'מזהה'],
  title: ['title', 'headline', 'heading', 'name', 'titulo', 'titre', 'العنوان', 'כותרת'],
  kind: ['kind', 'type', 'label', 'labels', 'category', 'tipo', 'etiqueta', 'etiquetas', 'etiquette', 'النوع', 'סוג'],
  date: ['date', 'published', 'published on', 'day', 'fecha', 'publie le', 'التاريخ', 'תאריך'],
  text: ['text', 'body', 'content', 'paragraphs', 'summary', 'description', 'texto', 'contenido', 'texte', 'contenu', 'النص', 'טקסט', 'תוכן'],
  url: ['url', 'link', 'address', 'permalink', 'source', 'enlace', 'lien', 'adresse', 'الرابط', 'קישור'],
  action: ['action', 'action url', 'take action', 'accion', 'تحرك', 'פעולה'],
  language: ['language', 'lang', 'locale', 'idioma', 'langue', 'اللغة', 'שפה'],
}

/** Reads a table with a row of names: each further row is a page of one item. A row with the key of one that was imported before brings that one up to date. Throws a DigestFault where no column is a title. */
export function readTable(file: string, content: string): Page[] {
  const first = content.replace(/^\ufeff/, '').slice(0, 5000).split(/\r?\n/)[0]!
  const delimiter = [',', ';', '\t'].toSorted((one, other) => first.split(other).length - first.split(one).length)[0]!
  const rows = records(file, content, delimiter)
  const [heads, ...body] = rows
  const place = (what: string) => heads?.findIndex((head) => names[what]!.includes(folded(head).replaceAll(/[_-]/g, ' '))) ?? -1
  const columns = Object.fromEntries(Object.keys(names).map((what) => [what, place(what)])) as Record<keyof typeof names, number>
  if (columns.title! < 0) throw new DigestFault('no-columns', file)
  const others = (heads ?? []).flatMap((head, at) => (Object.values(columns).includes(at) ? [] : [{ head, at }]))
  return body.flatMap((row, number) => {
    const cell = (what: string) => (columns[what]! < 0 ? '' : (row[columns[what]!] ?? '').trim())
    if (row.every((each) => !each.trim())) return []
    const text = cell('text')
    const page = /<(?:p|br|a|div|li)\b[^<>]{0,2000}>/i.test(text) ? readHtml(text, { file, pictures: new Set() }) : readText(file, text.replace(/\r\n?|\n/g, '\n\n'))
    for (const { head, at } of others) {
      if (row[at]?.trim()) page.findings.push({ rule: 'outside', severity: 'note', where: { part: 'page', index: 0, start: 0, end: 0, line: number + 2, file }, text: row[at].trim(), values: { what: head, count: '1' }, fixes: [] })
    }
    const url = safeHref(cell('url'))
    const action = safeHref(cell('action'))
    const links = [...(url ? [{ kind: 'read-more' as const, href: url }] : []), ...(action ? [{ kind: 'take-action' as const, href: action }] : [])]
    return [{ ...page, url: null, language: cell('language').slice(0, 2).toLowerCase() || null, item: { title: cell('title'), categories: cell('kind') ? [cell('kind')] : [], date: null, written: cell('date'), key: cell('key') || url || '', links } }]
  })
}

function records(file: string, content: string, delimiter: string): string[][] {
  try {
    return parse(content, { bom: true, delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, max_record_size: 1_000_000 })
  } catch {
    throw new DigestFault('no-columns', file)
  }
}
