import type { Html } from '#platform/html/html.ts'
import { newMarkdown, plainText } from '#platform/html/markdown.ts'
import { withDirectives } from './directive-syntax.js'

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
  /** At the beginning of one. */
  begins?: boolean
  /** Within a link. */
  linked?: boolean
}

interface Showing {
  show: (directive: Directive) => Html
}

const reader = newMarkdown()
withDirectives(reader)

reader.renderer.rules.directive = (tokens, index, _, env) => (env as unknown as Showing).show({ ...directiveOf(tokens[index]!), begins: begins(tokens, index), linked: isLinked(tokens, index) }).text
// The page has its own first heading.
for (const rule of ['heading_open', 'heading_close'] as const) {
  reader.renderer.rules[rule] = (tokens, index, options, _, self) => {
    const token = tokens[index]!
    if (token.tag === 'h1') token.tag = 'h2'
    return self.renderToken(tokens, index, options)
  }
}

/** Whether a sentence begins at this place of a line: before it is nothing, or the end of another one. */
function begins(tokens: { type: string, content: string }[], index: number): boolean {
  const before = tokens.slice(0, index).map(({ type, content }) => (type.endsWith('break') ? ' ' : content)).join('')
  return /(?:^|[.!?…]["'”’»)]*\s)\s*$/.test(before)
}

function isLinked(tokens: { type: string }[], index: number): boolean {
  return tokens.findLast(({ type }, place) => place < index && (type === 'link_open' || type === 'link_close'))?.type === 'link_open'
}

/** Texts that refer to nothing look the same wherever they stand: the ones that were rendered last, with their HTML. Pages are made again twice a second. */
const rendered = new Map<string, string>()
const mostRendered = 1000
const longest = 10_000

/** A text as HTML, with what each directive shows. */
export function renderWith(text: string, show: (directive: Directive) => Html): string {
  if (text.length > longest || /:[a-z-]*\[/.test(text)) return reader.render(text, { show })
  const html = rendered.get(text) ?? reader.render(text, { show })
  rendered.delete(text)
  rendered.set(text, html)
  if (rendered.size > mostRendered) rendered.delete(rendered.keys().next().value!)
  return html
}

/** The directives of a text, in order. */
export function directivesIn(text: string): Directive[] {
  if (!text.includes(':')) return []
  const all = (tokens: ReturnType<typeof reader.parse>): Directive[] => tokens.flatMap((token) => (token.type === 'directive' ? [directiveOf(token)] : token.children ? all(token.children) : []))
  return all(reader.parse(text, {}))
}

/** Everything in a text that readers see as it was written: its words, and what stands as code. */
export function plainIn(text: string): string[] {
  const all = (tokens: ReturnType<typeof reader.parse>): string[] => tokens.flatMap((token) => (token.children ? all(token.children) : token.type === 'directive' ? [] : [token.content]))
  return text.includes(':') ? all(reader.parse(text, {})) : []
}

/** The words of a text without marks and directives, for descriptions. What is left out of a sentence leaves a gap that can be seen. */
export function wordsOf(text: string): string {
  return plainText(text, { parse: (source, env) => withGaps(reader.parse(source, env)) })
}

function withGaps(tokens: ReturnType<typeof reader.parse>): ReturnType<typeof reader.parse> {
  for (const token of tokens) {
    if (token.type === 'directive' && directiveOf(token).inline) Object.assign(token, { type: 'text', content: '…' })
    if (token.children) withGaps(token.children)
  }
  return tokens
}

function directiveOf({ meta }: { meta: unknown }): Directive {
  return meta as Directive
}
