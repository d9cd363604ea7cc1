import MarkdownIt from 'markdown-it'
import { Html, html, raw } from './html.ts'
import { markdownReader } from './markdown-reader.js'

/** A Markdown reader of our own rules, for whoever adds to it: no HTML, no pictures, links of a few schemes. */
export function newMarkdown() {
  const reader = markdownReader(MarkdownIt)
  reader.renderer.rules.text = (tokens, index) => withNumbers(tokens[index]!.content).text
  return reader
}

/** A telephone number as it is written for abroad, with its groups. */
export const telephone = /(\+\d[\d ()./-]{5,}\d)/g

/** Plain words as HTML, their telephone numbers each as a whole: in a line from right to left its groups would stand in the wrong order. */
export function withNumbers(text: string): Html {
  return html`${text.split(telephone).map((each, place) => (place % 2 === 1 ? html`<bdi dir="ltr" class="tel">${each}</bdi>` : each))}`
}

const markdown = newMarkdown()

/** Renders what staff wrote. HTML in it is shown as text, pictures come by record, and links have one of a few schemes. */
export function renderMarkdown(text: string): Html {
  return raw(markdown.render(text))
}

/** The words of a Markdown text without its marks, for finding and descriptions. An empty line is behind headings and what is listed. */
export function plainText(text: string, reader: Pick<typeof markdown, 'parse'> = markdown): string {
  const words = (tokens: ReturnType<typeof markdown.parse>): string => tokens.map((token) => {
    if (token.children) return words(token.children)
    if (token.type === 'softbreak' || token.type === 'hardbreak') return '\n'
    if (token.type === 'heading_close') return '\n\n'
    return token.type === 'text' || token.type === 'code_inline' || token.type === 'fence' || token.type === 'code_block' ? token.content : token.type.endsWith('_close') && token.block ? '\n' : ''
  }).join('')
  return words(reader.parse(text, {})).replace(/\n{3,}/g, '\n\n').trim()
}
