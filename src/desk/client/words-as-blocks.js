// A text as blocks that can be edited by sight, and back. The text stays the truth: a block that nobody touched comes back as it was written, to the letter.
import MarkdownIt from 'markdown-it'
import { MarkdownParser, MarkdownSerializer, defaultMarkdownSerializer } from 'prosemirror-markdown'
import { Schema } from 'prosemirror-model'
import { isAllowedLink, markdownReader } from '#platform/html/markdown-reader.js'
import { withDirectives } from '#modules/publishing/render/directive-syntax.js'

const inWords = { content: 'inline*', group: 'block' }
const level = (depth) => ({ tag: `h${depth}`, attrs: { level: depth } })

/** What a text can hold by sight. Everything else stands as it is written, in a block of its own. */
export const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { ...inWords, parseDOM: [{ tag: 'p' }], toDOM: () => ['p', { dir: 'auto' }, 0] },
    heading: { ...inWords, attrs: { level: { default: 2 } }, defining: true, parseDOM: [1, 2, 3, 4, 5, 6].map(level), toDOM: (node) => [`h${node.attrs.level}`, { dir: 'auto' }, 0] },
    blockquote: { content: 'block+', group: 'block', defining: true, parseDOM: [{ tag: 'blockquote' }], toDOM: () => ['blockquote', 0] },
    bullet_list: { content: 'list_item+', group: 'block', attrs: { tight: { default: true } }, parseDOM: [{ tag: 'ul' }], toDOM: () => ['ul', { dir: 'auto' }, 0] },
    ordered_list: { content: 'list_item+', group: 'block', attrs: { order: { default: 1 }, tight: { default: true } }, parseDOM: [{ tag: 'ol' }], toDOM: (node) => ['ol', { dir: 'auto', start: node.attrs.order }, 0] },
    list_item: { content: 'block+', defining: true, parseDOM: [{ tag: 'li' }], toDOM: () => ['li', 0] },
    code_block: { content: 'text*', marks: '', group: 'block', code: true, defining: true, attrs: { params: { default: '' } }, parseDOM: [{ tag: 'pre', preserveWhitespace: 'full' }], toDOM: () => ['pre', ['code', 0]] },
    horizontal_rule: { group: 'block', parseDOM: [{ tag: 'hr' }], toDOM: () => ['hr'] },
    record: { group: 'block', atom: true, attrs: { written: {} }, parseDOM: [{ tag: 'div[data-record]', getAttrs: (dom) => ({ written: dom.dataset.record }) }], toDOM: (node) => ['div', { class: 'kept-record', 'data-record': node.attrs.written, dir: 'ltr' }, node.attrs.written] },
    as_written: { group: 'block', atom: true, attrs: { written: {} }, parseDOM: [{ tag: 'pre[data-written]', getAttrs: (dom) => ({ written: dom.dataset.written }), priority: 60 }], toDOM: (node) => ['pre', { class: 'as-written', 'data-written': node.attrs.written, dir: 'auto' }, node.attrs.written] },
    text: { group: 'inline' },
    figure: { group: 'inline', inline: true, atom: true, attrs: { written: {} }, parseDOM: [{ tag: 'span[data-figure]', getAttrs: (dom) => ({ written: dom.dataset.figure }) }], toDOM: (node) => ['span', { class: 'kept-record', 'data-figure': node.attrs.written, dir: 'ltr' }, node.attrs.written] },
    hard_break: { inline: true, group: 'inline', selectable: false, parseDOM: [{ tag: 'br' }], toDOM: () => ['br'] },
  },
  marks: {
    link: {
      attrs: { href: {}, title: { default: null } }, inclusive: false,
      parseDOM: [{ tag: 'a[href]', getAttrs: (dom) => (isAllowedLink(dom.getAttribute('href')) && !dom.getAttribute('href').startsWith('#') ? { href: dom.getAttribute('href') } : false) }],
      toDOM: (mark) => ['a', { href: mark.attrs.href, title: mark.attrs.title }, 0],
    },
    strong: { parseDOM: [{ tag: 'strong' }, { tag: 'b' }], toDOM: () => ['strong', 0] },
    em: { parseDOM: [{ tag: 'em' }, { tag: 'i' }], toDOM: () => ['em', 0] },
    struck: { parseDOM: [{ tag: 's' }, { tag: 'del' }], toDOM: () => ['s', 0] },
    code: { parseDOM: [{ tag: 'code' }], toDOM: () => ['code', 0] },
  },
})

const reader = markdownReader(MarkdownIt)
withDirectives(reader)

/** Whether no paragraph of a list stands apart from the next. */
function isTight(tokens, place) {
  const { level: its } = tokens[place]
  while (++place < tokens.length && tokens[place].level > its) if (tokens[place].type === 'paragraph_open' && tokens[place].level === its + 2) return tokens[place].hidden
  return true
}

// Tokens are given to it, block by block: so what it does not know costs one block only.
const parser = new MarkdownParser(schema, { parse: (tokens) => tokens }, {
  paragraph: { block: 'paragraph' }, blockquote: { block: 'blockquote' }, list_item: { block: 'list_item' },
  bullet_list: { block: 'bullet_list', getAttrs: (_, tokens, place) => ({ tight: isTight(tokens, place) }) },
  ordered_list: { block: 'ordered_list', getAttrs: (token, tokens, place) => ({ order: Number(token.attrGet('start') ?? 1), tight: isTight(tokens, place) }) },
  heading: { block: 'heading', getAttrs: (token) => ({ level: Number(token.tag.slice(1)) }) },
  code_block: { block: 'code_block', noCloseToken: true }, fence: { block: 'code_block', getAttrs: (token) => ({ params: token.info }), noCloseToken: true },
  hr: { node: 'horizontal_rule' }, hardbreak: { node: 'hard_break' },
  em: { mark: 'em' }, strong: { mark: 'strong' }, s: { mark: 'struck' }, code_inline: { mark: 'code', noCloseToken: true },
  link: { mark: 'link', getAttrs: (token) => ({ href: token.attrGet('href'), title: token.attrGet('title') }) },
  directive: { node: 'record' },
})
parser.tokenHandlers.directive = (state, token) => state.addNode(schema.nodes[token.meta.inline ? 'figure' : 'record'], { written: token.content })

/** How a block was written: its text, what stood before it, and the block that it stood behind. */
const writings = new WeakMap()
/** What stood behind the last block. */
const ends = new WeakMap()

/** As Markdown sees it: other spaces are words to it. */
const isBlank = (line) => /^[ \t]*$/.test(line)

/** The blocks of a text. */
export function blocksOf(text) {
  const lines = text.split('\n')
  const tokens = reader.parse(text, {})
  const pieces = []
  let upTo = 0
  const written = (from, to) => lines.slice(from, to).join('\n')
  // What no block covers is the address of a link that is used elsewhere: it stays as it is.
  const uncovered = (until) => {
    let from = upTo
    while (from < until && isBlank(lines[from])) from += 1
    let to = until
    while (to > from && isBlank(lines[to - 1])) to -= 1
    if (to > from) pieces.push({ from, to, node: schema.nodes.as_written.create({ written: written(from, to) }) })
  }
  for (let place = 0; place < tokens.length; place++) {
    let end = place
    if (tokens[place].nesting === 1) while (tokens[++end].level > 0 || tokens[end].nesting !== -1) continue
    let [from, to] = tokens[place].map
    while (to > from && isBlank(lines[to - 1])) to -= 1
    uncovered(from)
    pieces.push({ from, to, node: blockOf(tokens.slice(place, end + 1)) ?? schema.nodes.as_written.create({ written: written(from, to) }) })
    upTo = to
    place = end
  }
  uncovered(lines.length)
  let before = 0
  let last = null
  for (const { from, to, node } of pieces) {
    writings.set(node, { text: written(from, to), gap: (last ? '\n' : '') + (from > before ? `${written(before, from)}\n` : ''), behind: last, starts: !last })
    before = to
    last = node
  }
  if (last) ends.set(last, lines.slice(before).map((line) => `\n${line}`).join(''))
  else if (text) {
    const empty = schema.nodes.paragraph.create()
    writings.set(empty, { text, gap: '', behind: null, starts: true })
    ends.set(empty, '')
    return schema.nodes.doc.create(null, [empty])
  }
  return schema.nodes.doc.create(null, pieces.length > 0 ? pieces.map(({ node }) => node) : [schema.nodes.paragraph.create()])
}

function blockOf(tokens) {
  try {
    const { content } = parser.parse(tokens)
    return content.childCount === 1 ? content.child(0) : undefined
  } catch {
    return undefined
  }
}

const { nodes, marks } = defaultMarkdownSerializer

/** A block's words without the space around them that Markdown takes for something else. */
function trimmed(node) {
  let made = node
  for (const side of ['first', 'last']) {
    for (let child = made[`${side}Child`]; child; child = made[`${side}Child`]) {
      const rest = child.isText && !child.marks.some(({ type }) => type.name === 'code') ? child.text.replace(side === 'first' ? /^\s+/ : /\s+$/, '') : child.type.name === 'hard_break' ? '' : null
      if (rest === null || rest === child.text) break
      made = side === 'first' ? made.cut(child.nodeSize) : made.cut(0, made.content.size - child.nodeSize)
      if (rest) {
        const text = child.withText ? child.withText(rest) : child
        made = made.copy(side === 'first' ? made.content.addToStart(text) : made.content.addToEnd(text))
        break
      }
    }
  }
  return made
}

const serializer = new MarkdownSerializer({
  ...nodes,
  paragraph: (state, node) => nodes.paragraph(state, trimmed(node)),
  heading: (state, node) => {
    const one = trimmed(node)
    const broken = one.content.content.some(({ type }) => type.name === 'hard_break')
    // A heading of several lines is underlined; below the second level there is none.
    if (broken && node.attrs.level <= 2) {
      state.renderInline(one)
      state.ensureNewLine()
      state.write(node.attrs.level === 1 ? '===' : '---')
    } else {
      state.write(`${'#'.repeat(node.attrs.level)} `)
      state.renderInline(broken ? schema.nodes.heading.create(null, one.content.content.map((child) => (child.type.name === 'hard_break' ? schema.text(' ') : child))) : one)
    }
    state.closeBlock(node)
  },
  // Signs change by depth: three of one kind in a row would be a line.
  bullet_list: (state, node, parent, index) => {
    const before = parent && index > 0 && parent.child(index - 1).type === node.type
    state.depth = (state.depth ?? 0) + 1
    const sign = (state.depth + (before ? 1 : 0)) % 2 ? '- ' : '* '
    state.renderList(node, '  ', () => sign)
    state.depth -= 1
  },
  horizontal_rule: (state, node) => { state.write('___'); state.closeBlock(node) },
  hard_break: (state) => {
    state.write('\\\n')
    state.atBlockStart = true
  },
  record: (state, node) => { state.write(node.attrs.written); state.closeBlock(node) },
  as_written: (state, node) => {
    for (const [place, line] of node.attrs.written.split('\n').entries()) state.write(place ? `\n${state.delim}${line}` : line)
    state.closeBlock(node)
  },
  figure: (state, node) => { state.write(node.attrs.written) },
}, {
  ...marks,
  struck: { open: '~~', close: '~~', mixable: true, expelEnclosingWhitespace: true },
  // An address that is its own words is written as a link, too: it means the same, and can be edited.
  link: { open: () => '[', close: (_, mark) => `](${address(mark.attrs.href)}${mark.attrs.title ? ` "${mark.attrs.title.replace(/["\\]/g, '\\$&')}"` : ''})`, mixable: true },
}, {
  // What would begin something else where it stands: a figure, a record, a list, a table, an address, a letter by its name, the end of a heading.
  escapeExtraCharacters: /:(?=figure\[)|^:(?=:[a-z-]*\\?\[)|&(?=#?\w+;)|<|(?<=^\s*\d{1,9})\)(?=\s|$)|(?<=^\s*\d{1,9})\.(?=$)|^\+$|^=(?==*\s*$)|\||(?<=\s)#(?=#*\s*$)/g,
})

function address(href) {
  return /[\s()<>\\]/.test(href) || !href ? `<${href.replace(/[<>\\]/g, '\\$&').replace(/\n/g, '')}>` : href
}

/** A block as text. */
function writtenOf(node) {
  return serializer.serialize(schema.nodes.doc.create(null, [node])).replace(/^\n+|\n+$/g, '')
}

const anew = new WeakMap()

/** The text of blocks. Each that came from a text is as it was there; `afresh` writes all of them anew, for tests. */
export function textOf(doc, afresh = false) {
  let text = ''
  let before = null
  let list = ''
  doc.forEach((node) => {
    const writing = afresh ? undefined : writings.get(node)
    let own = writing?.text ?? anew.get(node)
    if (own === undefined) anew.set(node, own = writtenOf(node))
    if (!own && !writing) return
    // Two lists one after another would become one.
    const sign = ['bullet_list', 'ordered_list', 'as_written'].includes(node.type.name) ? /^\s*(?:[-*+]|\d+[.)])/.exec(own)?.[0].replace(/\d+/, '1').trim() ?? '' : ''
    if (sign && sign === list && !(writing && writing.behind === before)) own = withOtherSign(own, sign)
    list = sign ? /^\s*(?:[-*+]|\d+[.)])/.exec(own)[0].replace(/\d+/, '1').trim() : ''
    const follows = writing && before && writing.behind === before
    text += (follows ? writing.gap : before ? '\n\n' : writing?.starts ? writing.gap : '') + own
    before = node
  })
  return text + (before && !afresh ? ends.get(before) ?? '' : '')
}

function withOtherSign(text, sign) {
  const other = { '-': '*', '*': '-', '+': '-', '1.': '1)', '1)': '1.' }[sign]
  return text.split('\n').map((line) => (/^\d/.test(sign) ? line.replace(/^(\s{0,3}\d+)[.)](?=\s|$)/, `$1${other[1]}`) : line.replace(/^[-*+](?=\s|$)/, other))).join('\n')
}
