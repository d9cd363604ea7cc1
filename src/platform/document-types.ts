import { slug } from './slug.ts'

/** Formats of files that are offered to readers, with the ending of each. */
export const endings: Record<string, string> = {
  'application/pdf': 'pdf', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.oasis.opendocument.text': 'odt', 'application/vnd.oasis.opendocument.spreadsheet': 'ods', 'text/csv': 'csv', 'text/plain': 'txt',
}

/** What a file is by its bytes, whatever it is called; nothing where it is none of the formats, or holds something that runs when it is opened. */
export function documentType(bytes: Buffer, name: string): string | undefined {
  const start = bytes.subarray(0, 1024).toString('latin1')
  const holds = (text: string) => bytes.includes(text, 0, 'latin1')
  if (start.includes('%PDF-')) return ['/JavaScript', '/Launch', '/EmbeddedFile'].some(holds) ? undefined : 'application/pdf'
  if (start.startsWith('PK\u0003\u0004')) {
    if (holds('vbaProject') || holds('Basic/Standard')) return undefined
    const open = /^mimetype(application\/vnd\.oasis\.opendocument\.(?:text|spreadsheet))(?=PK|$)/.exec(start.slice(30))?.[1]
    if (open) return open
    return holds('[Content_Types].xml') ? holds('word/document.xml') ? ofEnding('docx') : holds('xl/workbook.xml') ? ofEnding('xlsx') : undefined : undefined
  }
  // A text is one that can be read as such from end to end, and is no page.
  if (bytes.includes(0) || /^\s*(?:<|#!)/.test(start)) return undefined
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
  return /\.csv$/i.test(name) ? 'text/csv' : /\.txt$/i.test(name) ? 'text/plain' : undefined
}

/** What a file is called where it is fetched: letters, digits and hyphens, and its ending. */
export function fileName({ title, language, mediaType }: { title: string, language: string, mediaType: string }): string {
  return `${slug(title).slice(0, 60).replace(/-$/, '') || 'file'}-${language}.${endings[mediaType] ?? 'bin'}`
}

function ofEnding(ending: string): string {
  return Object.keys(endings).find((type) => endings[type] === ending)!
}
