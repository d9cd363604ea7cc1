import { directionWithin, isolate } from '../words.ts'
import { raw, type Html } from './html.ts'
import { newMarkdown, telephone } from './markdown.ts'

// An address that is typed as it is can be pressed, too: not every mail program makes it so.
const markdown = newMarkdown().set({ linkify: true })
markdown.linkify.set({ fuzzyLink: false })

/** Where a link of a mail leads: what is on our own site needs its origin, everything else stays as it was typed. */
export type Leads = (href: string) => string

/** As pages have it, with each link as `leads` has it. What is wholly in the other direction than the mail's stands in its own. */
export function renderForMail(text: string, leads: Leads, direction: 'ltr' | 'rtl'): Html {
  const tokens = markdown.parse(text, {})
  for (const [place, token] of tokens.entries()) if (token.type === 'inline') {
    // An address that is typed as it is has a direction of its own, and gives none to what it stands in.
    const own = directionWithin((token.children ?? []).filter(({ type }, at, all) => type === 'text' && all[at - 1]?.markup !== 'linkify').map(({ content }) => content).join(' '))
    // In a list without empty lines the paragraph is not shown, and its item has the direction.
    const block = tokens[place - 1]?.hidden ? tokens[place - 2] : tokens[place - 1]
    if (own && own !== direction) block?.attrSet('dir', own)
  }
  for (const token of tokens) for (const child of token.children ?? []) if (child.type === 'link_open') {
    child.attrSet('href', leads(String(child.attrGet('href') ?? '')))
    if (child.markup === 'linkify') child.attrSet('dir', 'ltr')
  }
  return raw(markdown.renderer.render(tokens, markdown.options, {}))
}

/**
 * A Markdown text as a mail in plain text: one line for each paragraph, lists with their marks, quotes as mails have them. A link is a number
 * in square brackets, and stands on a line of its own at the end, where no sentence in another direction takes it apart.
 */
export function textForMail(text: string, leads: Leads): string {
  const links: string[] = []
  const blocks: string[] = []
  const lists: { next: number | undefined }[] = []
  let mark = ''
  let quotes = 0
  // Items of a list without empty lines in between stay together.
  let tight = false
  let afterItem = false
  const put = (words: string) => {
    const indent = '  '.repeat(Math.max(0, lists.length - 1))
    const lines = words.split('\n').map((line, place) => `${'> '.repeat(quotes)}${indent}${lists.length > 0 ? (place === 0 && mark) || '  ' : ''}${line}`.trimEnd())
    if (tight && afterItem) blocks.push(`${blocks.pop()}\n${lines.join('\n')}`)
    else blocks.push(lines.join('\n'))
    afterItem = lists.length > 0
    mark = ''
  }
  const inline = (children: ReturnType<typeof markdown.parse>) => {
    let open = ''
    let begun = 0
    let words = ''
    for (const token of children) {
      if (token.type === 'link_open') [open, begun] = [leads(String(token.attrGet('href') ?? '')), words.length]
      else if (token.type === 'link_close') {
        const address = open.replace(/^(mailto|tel):/i, '')
        if (words.slice(begun) !== address) words += ` [${links.includes(address) ? links.indexOf(address) + 1 : links.push(address)}]`
      } else words += token.type === 'softbreak' || token.type === 'hardbreak' ? '\n' : token.content
    }
    return directionWithin(words) === 'ltr' ? words : words.replace(telephone, (number) => isolate(number, 'rtl'))
  }
  for (const token of markdown.parse(text, {})) {
    switch (token.type) {
      case 'bullet_list_open': lists.push({ next: undefined }); break
      case 'ordered_list_open': lists.push({ next: Number(token.attrGet('start') ?? 1) }); break
      case 'bullet_list_close': case 'ordered_list_close': lists.pop(); break
      case 'list_item_open': {
        const list = lists.at(-1)!
        mark = list.next === undefined ? '– ' : `${list.next++}. `
        break
      }
      case 'paragraph_open': tight = token.hidden; break
      case 'blockquote_open': quotes += 1; break
      case 'blockquote_close': quotes -= 1; break
      case 'inline': put(inline(token.children ?? [])); break
      case 'fence': case 'code_block': put(token.content.trimEnd()); break
      case 'hr': put('* * *'); break
    }
  }
  if (links.length > 0) blocks.push(links.map((link, place) => `[${place + 1}] ${link}`).join('\n'))
  return blocks.join('\n\n')
}
