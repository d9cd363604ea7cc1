import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Expression, Node } from 'typescript/unstable/ast'
import { isBinaryExpression, isCallExpression, isConditionalExpression, isIdentifier, isNoSubstitutionTemplateLiteral, isParenthesizedExpression, isPropertyAssignment, isStringLiteral, isTaggedTemplateExpression,
  isTemplateExpression } from 'typescript/unstable/ast/is'
import { nodesOf, readSource } from '#test/support/source.ts'

const files = readSource('src/{site,desk,inbox,modules,platform}/**/*.ts')

/** Attributes that are read to people. */
const spoken = new Set(['alt', 'title', 'placeholder', 'aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext', 'label', 'content', 'data-done'])

/** A template's text with U+FFFC for each hole, and its holes. */
interface Template {
  text: string
  holes: Expression[]
}

function templateOf(node: Node): Template | undefined {
  if (!isTaggedTemplateExpression(node) || !isIdentifier(node.tag) || !['html', 'raw'].includes(node.tag.text)) return undefined
  if (isNoSubstitutionTemplateLiteral(node.template)) return { text: node.template.text, holes: [] }
  return { text: [node.template.head.text, ...node.template.templateSpans.map((span) => span.literal.text)].join('\ufffc'), holes: node.template.templateSpans.map((span) => span.expression) }
}

/** What a hole can come to that is written right there: `${late ? 'too late' : ''}`. */
function writtenIn(hole: Expression): string[] {
  if (isStringLiteral(hole) || isNoSubstitutionTemplateLiteral(hole)) return [hole.text]
  if (isTemplateExpression(hole)) return [hole.head.text, ...hole.templateSpans.map((span) => span.literal.text)]
  if (isParenthesizedExpression(hole)) return writtenIn(hole.expression)
  if (isConditionalExpression(hole)) return [...writtenIn(hole.whenTrue), ...writtenIn(hole.whenFalse)]
  if (isBinaryExpression(hole)) return writtenIn(hole.right)
  return []
}

// Commands to type stand in pre and code; styles and scripts are read by nobody.
const tagOrText = /<!--[\s\S]*?-->|<(style|script|pre|code)\b[\s\S]*?<\/\1>|<[^>]*>?|[^<]+/g
const pieceOfTag = /^(?: [a-z-]+="[^<]*| (?:open|checked|selected|required|hidden|disabled|multiple|data-[a-z-]+))+$/
const attribute = /([\w-]+)="([^"]*)"?/g
const letters = /\p{L}/u

/** Everything in a template that people are shown or read out and that no catalogue has. */
function strayIn({ text, holes }: Template): string[] {
  let hole = 0
  const filled = (part: string): string[] => part.split('\ufffc').slice(1).flatMap(() => writtenIn(holes[hole++]!))
  // A template may be a piece of a tag: ` aria-current="page"`, ` checked`.
  const whole = pieceOfTag.test(text) ? `<x${text}>` : text
  return [...whole.matchAll(tagOrText)].flatMap(([piece]) => {
    if (/^<(pre|code|meta name="(viewport|robots|twitter:card)")/.test(piece)) {
      filled(piece)
      return []
    }
    if (!piece.startsWith('<')) return [piece.replace(/&\w+;/g, ''), ...filled(piece)]
    const said = [...piece.matchAll(attribute)].filter(([, name]) => spoken.has(name!)).map(([, , value]) => value!)
    const before = hole
    filled(piece)
    const inside = holes.slice(before, hole)
    return said.flatMap((value) => [value, ...(value.includes('\ufffc') ? inside.flatMap(writtenIn).filter((each) => /\s/.test(each)) : [])])
  }).filter((shown) => letters.test(shown) && !shown.startsWith('/'))
}

// What has the same name in every language, in front of versions and records.
const sameEverywhere = new Set(['TXT  " "'])

test('no page, mail or picture says anything that is not in a catalogue', () => {
  const found: string[] = []
  let templates = 0
  for (const { path, tree } of files) {
    for (const node of nodesOf(tree, isTaggedTemplateExpression)) {
      const template = templateOf(node)
      if (!template) continue
      templates += 1
      found.push(...strayIn(template).map((shown) => shown.replaceAll('\ufffc', ' ').trim()).filter((shown) => !sameEverywhere.has(shown)).map((shown) => `${path}: ${shown}`))
    }
  }
  assert.ok(templates > 500, `${templates} templates were read`)
  assert.deepEqual(found, [])
})

test('no title, label, help or button of a page is written out in the code', () => {
  const named = new Set(['title', 'label', 'help', 'button', 'description', 'summary', 'said', 'message'])
  const found = files.filter(({ path }) => /^src\/(site|desk|inbox)\//.test(path)).flatMap(({ path, tree }) => [...nodesOf(tree, isPropertyAssignment)].flatMap(({ name, initializer }) =>
    (isIdentifier(name) && named.has(name.text) ? writtenIn(initializer).filter((text) => /\p{Lu}|\s\p{L}/u.test(text)).map((text) => `${path}: ${name.text}: ${text}`) : [])))
  assert.deepEqual(found, [])
})

test('no answer of a server is a bare sentence', () => {
  const found = files.filter(({ path }) => /^src\/(site|desk|inbox)\//.test(path)).flatMap(({ path, tree }) => [...nodesOf(tree, isCallExpression)].flatMap((call) =>
    (/\.(send|end|write)$/.test(call.expression.getText()) ? call.arguments.flatMap((each) => writtenIn(each)).filter((text) => /\p{L}\s\p{L}/u.test(text)).map((text) => `${path}: ${text}`) : [])))
  assert.deepEqual(found, [])
})

test('this test would see a sentence in a heading, in a label and in a title', () => {
  const holes: Expression[] = []
  assert.deepEqual(strayIn({ holes, text: '<h1 class="big">Hello</h1> <p>&nbsp;·</p>' }), ['Hello'])
  assert.deepEqual(strayIn({ holes, text: ' aria-label="Close"' }), ['Close'])
  assert.deepEqual(strayIn({ holes, text: '<a href="/actions" class="plain" title="All"><b></b></a>' }), ['All'])
})
