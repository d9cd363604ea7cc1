import MarkdownIt from 'markdown-it'
import { Html, raw } from './html.ts'
import { markdownReader } from './markdown-reader.js'

/** A Markdown reader of our own rules, for whoever adds to it: no HTML, no pictures, links of a few schemes. */
export function newMarkdown() {
  return markdownReader(MarkdownIt)
}

const markdown = newMarkdown()

/** Renders what staff wrote. HTML in it is shown as text, pictures come by record, and links have one of a few schemes. */
export function renderMarkdown(text: string): Html {
  return raw(markdown.render(text))
}

/** The words of a Markdown text without its marks, for mails and descriptions. */
export function plainText(text: string, reader: Pick<typeof markdown, 'parse'> = markdown): string {
  const words = (tokens: ReturnType<typeof markdown.parse>): string => tokens.map((token) => {
    if (token.children) return words(token.children)
    if (token.type === 'softbreak' || token.type === 'hardbreak') return '\n'
    return token.type === 'text' || token.type === 'code_inline' || token.type === 'fence' || token.type === 'code_block' ? token.content : token.type.endsWith('_close') && token.block ? '\n' : ''
  }).join('')
  return words(reader.parse(text, {})).replace(/\n{3,}/g, '\n\n').trim()
}
