import type { Html } from '#platform/html/html.ts'
import { newMarkdown, plainText } from '#platform/html/markdown.ts'

/**
 * What a text may hold besides Markdown. `:figure[handle]` stands within a sentence; on a line of their own stand `::quote[handle]`, `::notice[handle]`,
 * `::text[handle]`, `::image[handle]`, `::figure[handle]`, `::demand[handle, handle]` and `::action[slug]`.
 */
export interface Directive {
  /** As it was written: a kind of record, `action`, or something that there is not. */
  kind: string
  handles: string[]
  /** Within a sentence. */
  inline: boolean
}

interface Showing {
  show: (directive: Directive) => Html
}

const reader = newMarkdown()
const wholeLine = /^::([a-z-]*)\[([^\]]*)(\])?[ \t]*$/
const within = /:figure\[([^\]\n]*)\]/y

reader.block.ruler.before('paragraph', 'directive', (state, startLine, _, silent) => {
  const line = state.src.slice(state.bMarks[startLine]! + state.tShift[startLine]!, state.eMarks[startLine])
  const found = wholeLine.exec(line)
  if (!found) return false
  if (silent) return true
  const token = state.push('directive', '', 0)
  token.meta = { kind: found[3] ? found[1]! : `${found[1]}[`, handles: handlesOf(found[2]!), inline: false } satisfies Directive
  token.map = [startLine, startLine + 1]
  state.line = startLine + 1
  return true
}, { alt: ['paragraph', 'reference', 'blockquote', 'list'] })

reader.inline.ruler.before('text', 'directive', (state, silent) => {
  within.lastIndex = state.pos
  const found = within.exec(state.src)
  if (!found) return false
  if (!silent) state.push('directive', '', 0).meta = { kind: 'figure', handles: handlesOf(found[1]!), inline: true } satisfies Directive
  state.pos += found[0].length
  return true
})
// Text is read up to the next character that can begin something: the colon has to be one.
reader.inline.ruler.at('text', (state, silent) => {
  let end = state.pos
  while (end < state.posMax && !/[\n!#$%&*+\-:<=>@[\\\]^_`{}~]/.test(state.src[end]!)) end += 1
  if (end === state.pos) return false
  if (!silent) state.pending += state.src.slice(state.pos, end)
  state.pos = end
  return true
})

reader.renderer.rules.directive = (tokens, index, _, env) => (env as unknown as Showing).show(directiveOf(tokens[index]!)).text
// The page has its own first heading.
for (const rule of ['heading_open', 'heading_close'] as const) {
  reader.renderer.rules[rule] = (tokens, index, options, _, self) => {
    const token = tokens[index]!
    if (token.tag === 'h1') token.tag = 'h2'
    return self.renderToken(tokens, index, options)
  }
}

/** A text as HTML, with what each directive shows. */
export function renderWith(text: string, show: (directive: Directive) => Html): string {
  return reader.render(text, { show })
}

/** The directives of a text, in order. */
export function directivesIn(text: string): Directive[] {
  if (!text.includes(':')) return []
  const all = (tokens: ReturnType<typeof reader.parse>): Directive[] => tokens.flatMap((token) => (token.type === 'directive' ? [directiveOf(token)] : token.children ? all(token.children) : []))
  return all(reader.parse(text, {}))
}

/** The words of a text without marks and directives, for descriptions. */
export function wordsOf(text: string): string {
  return plainText(text, reader)
}

function directiveOf({ meta }: { meta: unknown }): Directive {
  return meta as Directive
}

function handlesOf(text: string): string[] {
  const handles = text.split(/[,،]/).map((each) => each.trim()).filter(Boolean)
  return handles.length > 0 ? handles : ['']
}
