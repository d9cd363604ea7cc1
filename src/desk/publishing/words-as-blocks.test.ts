import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '#test/support/property.ts'
import { newMarkdown } from '#platform/html/markdown.ts'
import { withDirectives } from '#modules/publishing/render/directive-syntax.js'
import { blocksOf, textOf } from '../client/words-as-blocks.js'

const reader = newMarkdown()
withDirectives(reader)
reader.renderer.rules.directive = (tokens, place) => `<record>${tokens[place]!.content}</record>`
/** What a reader sees: lines of a paragraph flow together. */
const shown = (text: string) => reader.render(text).replace(/\s+/g, ' ').replaceAll(/ ?(<\/?(?:p|h\d|li|ul|ol|blockquote|br)[^>]*>) ?/g, '$1')

const word = fc.constantFrom('boats', 'the *bay*', '**nets**', '_now_', '`code`', ':figure[still-missing]', '[a link](https://lamplight.example/a_b)', '[نص](/places/marovia)', 'قوارب', '1)', '#', '-', '+', '::', '::quote[x]', ':figure[', '&amp;', '<b>', '<https://lamplight.example>', 'a_b_c', '2 * 3', '|', '\\*', '~~gone~~', '!', '[x]', '---', '=', '“so”', '(x)', 'line\nline', 'line  \nline', 'line\\\n- line')
const sentence = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '))
const block = fc.oneof(
  sentence, sentence.map((text) => `## ${text.replaceAll('\n', ' ')}`), sentence.map((text) => `> ${text}`), fc.array(sentence, { minLength: 1, maxLength: 3 }).map((all) => all.map((each) => `- ${each.replaceAll('\n', ' ')}`).join('\n')),
  fc.array(sentence, { minLength: 1, maxLength: 3 }).map((all) => all.map((each, place) => `${place + 3}. ${each.replaceAll('\n', ' ')}`).join('\n\n')), fc.constantFrom('::quote[a]', '::demand[a, b]', '```js\nthe  code\n```', '    indented', '---', '| a | b |\n|---|---|\n| c | d |', '[id]: https://lamplight.example', '- a\n  - b\n\n    c', '> - a\n>\n> ::notice[n]', 'Title\n=====', '* other', '::text[open'),
)
const text = fc.array(fc.tuple(block, fc.constantFrom('\n', '\n\n', '\n\n\n', '\n \n'))).map((all) => all.flat().join(''))

test('a text that nobody touches comes back to the letter, whatever stands in it', () => {
  fc.assert(fc.property(fc.oneof(text, fc.string({ unit: 'grapheme' }).map((each) => each.replaceAll('\r', ''))), (given) => { assert.equal(textOf(blocksOf(given)), given) }), { numRuns: 300 })
})

test('a block that is written anew means what it meant', () => {
  // Words right behind a list within an item want an empty line when they are written anew, and with it the list stands further apart.
  const apart = (html: string) => /<\/[uo]l>[^<]/.test(html)
  fc.assert(fc.property(text, (given) => {
    const [before, after] = [shown(given), shown(textOf(blocksOf(given), true))]
    if (apart(before)) assert.equal(after.replaceAll(/<\/?p>/g, ''), before.replaceAll(/<\/?p>/g, ''))
    else assert.equal(after, before)
  }), { numRuns: 300 })
})

test('what somebody types by sight is never taken for signs', () => {
  const typed = fc.array(fc.constantFrom('# ', '- ', '1. ', '2) ', '::quote[a]', ':figure[a]', '*', '_', '`', '<', '&lt;', '|', '[a](b)', '~~', 'boats', ' ', '\\', '=', '+', '>', 'https://x.example', '!'), { minLength: 1, maxLength: 8 }).map((all) => all.join('').trim()).filter(Boolean)
  fc.assert(fc.property(typed, (given) => {
    const { schema } = blocksOf('').type
    const html = reader.render(textOf(schema.nodes.doc!.create(null, [schema.nodes.paragraph!.create(null, [schema.text(given)])])))
    assert.equal(html.replace(/<\/?p>|\n$/g, ''), reader.utils.escapeHtml(given.replace(/^\s+/, '')))
  }), { numRuns: 300 })
})
