import { Parser } from 'htmlparser2'
import type { Page } from './block.ts'
import { DigestFault } from './fault.ts'
import { dayOf, itemPage, refuseEntities } from './feeds.ts'

type Fields = Record<string, string>
interface Item {
  fields: Fields
  categories: string[]
}

/** What an export has beside texts: menus, old versions, files, settings of its look. */
const texts = new Set(['', 'post', 'page'])
const machinery = /^(?:nav_menu_item|revision|attachment|custom_css|customize_changeset|oembed_cache|wp_|acf-|user_request)/
const thrownAway = new Set(['trash', 'auto-draft', 'inherit'])

/**
 * Reads an export of WordPress (WXR 1.0 to 1.2): each post and page is a page of one item, whatever its state. Comments, authors, passwords and settings are never
 * taken. It is read as it streams by, so memory holds one item at a time and its words. Throws a DigestFault.
 */
export function readExport(file: string, content: string, pictures: ReadonlySet<string>): Page[] {
  refuseEntities(file, content)
  const pages: Page[] = []
  const left = new Map<string, number>()
  for (const { fields, categories } of itemsOf(file, content)) {
    const kind = fields['wp:post_type'] ?? ''
    if (machinery.test(kind) || thrownAway.has(fields['wp:status'] ?? '')) {
      left.set(kind, (left.get(kind) ?? 0) + 1)
      continue
    }
    const body = paragraphed(fields['content:encoded'] || fields['excerpt:encoded'] || fields.description || '')
    const page = itemPage(file, {
      key: fields.guid || fields.link || `${kind}:${fields['wp:post_id'] ?? ''}`, title: fields.title ?? '', url: fields.link || null,
      date: dayOf(fields['wp:post_date'] ?? fields.pubDate), categories: [...categories, ...(texts.has(kind) ? [] : [kind.replaceAll(/[_-]/g, ' ')])], content: body.text, language: null,
    }, pictures)
    const state = fields['wp:post_password'] ? 'password' : fields['wp:status'] || 'publish'
    if (page.item && state !== 'publish') page.item.notPublic = state
    for (const code of body.codes) page.findings.push({ rule: 'active-content', severity: 'note', where: { part: 'page', index: 0, start: 0, end: 0, file }, text: code, values: { what: 'shortcode' }, fixes: [] })
    pages.push(page)
  }
  if (left.size && pages[0]) {
    for (const [kind, count] of left) pages[0].findings.push({ rule: 'outside', severity: 'note', where: { part: 'page', index: 0, start: 0, end: 0, file }, text: '', values: { what: kind || 'post', count: String(count) }, fixes: [] })
  }
  return pages
}

const deepest = 50

function itemsOf(file: string, content: string): Item[] {
  const items: Item[] = []
  let item: Item | null = null
  let path: string[] = []
  let words: string[] = []
  const parser = new Parser({
    onopentagname(name) {
      if (path.length >= deepest) throw new DigestFault('not-xml', file)
      path.push(name)
      words = []
      if (name === 'item' && path.length === 3) item = { fields: {}, categories: [] }
    },
    ontext(text) {
      if (item && path.length === 4) words.push(text)
    },
    onclosetag(name) {
      const depth = path.length
      path = path.slice(0, -1)
      if (!item) return
      if (depth === 3) {
        items.push(item)
        item = null
      } else if (depth === 4) {
        const value = words.join('').trim()
        if (name === 'category') item.categories.push(value)
        else item.fields[name] ??= value
      }
    },
  }, { xmlMode: true, decodeEntities: true })
  parser.write(content)
  parser.end()
  return items
}

// A code in brackets stands for something that WordPress made: its words stay, it goes.
const shortcode = /\[\/?(?:caption|gallery|embed|audio|video|playlist|contact-form-7|vc_\w+|et_pb_\w+|[a-z]+_[a-z_]+)(?:\s[^[\]<>]{0,2000})?\]/gi

/** Texts of the older editor have empty lines for paragraphs and no tags; blocks of the newer one have comments around them. */
function paragraphed(text: string): { text: string, codes: string[] } {
  const codes: string[] = []
  const plain = text.replace(shortcode, (code) => {
    codes.push(code)
    return ' '
  })
  return { text: /<p[\s>]/i.test(plain) ? plain : plain.replace(/\r\n?/g, '\n').replace(/\n{2,}/g, '</p>\n<p>'), codes }
}
