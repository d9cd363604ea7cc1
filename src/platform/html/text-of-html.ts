import { Parser } from 'htmlparser2'

const apart = new Set(['p', 'div', 'section', 'article', 'aside', 'figure', 'blockquote', 'ul', 'ol', 'dl', 'table', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'details'])
const lines = new Set(['small', 'li', 'dt', 'dd', 'tr', 'figcaption', 'summary', 'br'])
const silent = new Set(['script', 'style', 'template'])

/**
 * What HTML of ours says, as plain text for a mail: paragraphs with an empty line between them, lists with dashes. A link is a number in square brackets and stands on a line of its own
 * at the end, where no sentence in another direction takes it apart. `from` is the number of the first.
 */
export function textOfHtml(source: string, from = 1): { text: string, links: string[] } {
  const links: string[] = []
  let text = ''
  let quiet = 0
  const open: { href: string, begun: number }[] = []
  const parser = new Parser({
    onopentag(name, attributes) {
      if (silent.has(name)) quiet += 1
      if (apart.has(name)) text += '\n\n'
      else if (lines.has(name)) text += '\n'
      if (name === 'li') text += '– '
      if (name === 'a') open.push({ href: attributes.href ?? '', begun: text.length })
    },
    ontext(words) {
      if (quiet === 0) text += words.replace(/[\t\r\n ]+/g, ' ')
    },
    onclosetag(name) {
      if (silent.has(name)) quiet -= 1
      if (apart.has(name)) text += '\n\n'
      else if (lines.has(name) && name !== 'br') text += '\n'
      const link = name === 'a' ? open.pop() : undefined
      if (!link || link.href.startsWith('#') || !link.href) return
      const address = link.href.replace(/^(mailto|tel):/i, '')
      if (text.slice(link.begun).trim() !== address) text += ` [${from + (links.includes(address) ? links.indexOf(address) : links.push(address) - 1)}]`
    },
  }, { decodeEntities: true })
  parser.end(source)
  return { text: text.replace(/ *\n */g, '\n').replace(/\n{3,}/g, '\n\n').replace(/\n\n(?=– )/g, '\n').replace(/ {2,}/g, ' ').trim(), links }
}
