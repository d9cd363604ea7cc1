import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { isCallExpression, isIdentifier, isNoSubstitutionTemplateLiteral, isObjectLiteralExpression, isPropertyAccessExpression, isPropertyAssignment, isShorthandPropertyAssignment,
  isStringLiteral, isTemplateExpression } from 'typescript/unstable/ast/is'
import { IntlMessageFormat } from 'intl-messageformat'
import { nodesOf, readSource, type ReadFile } from '#test/support/source.ts'
import { stage } from '#test/support/stage.ts'
import { sql } from '#platform/db.ts'
import { auditSubjects } from '#modules/staff/index.ts'

const source = readSource('src/**/*.ts')
const catalogues = globSync('src/**/words/en.json').map((file) => ({ folder: dirname(dirname(file)), messages: JSON.parse(readFileSync(file, 'utf8')) as Record<string, string> }))

/** Which files speak the words of a folder: its own, and for the desk's the doctor on the command line. */
const speakers = (folder: string) => source.filter(({ path }) => path.startsWith(`${folder}/`) || (folder === 'src/desk' && path.startsWith('src/cli/')))

const literalsIn = ({ tree }: ReadFile) => [...nodesOf(tree, isStringLiteral), ...nodesOf(tree, isNoSubstitutionTemplateLiteral)].map((node) => node.text)

/** Words that code or database know: what can stand in the hole of a key that is put together. */
const known = new Set([
  ...source.flatMap(({ tree }) => [...nodesOf(tree, isStringLiteral).map(({ text }) => text), ...[...nodesOf(tree, isPropertyAssignment)].map(({ name }) => (isIdentifier(name) || isStringLiteral(name) ? name.text : ''))]),
  // "?said=saved" is how a page is told what to say.
  ...source.flatMap(literalsIn).flatMap((text) => [...text.matchAll(/[?&]said=([a-z-]+)/g)].map(([, value]) => value!)),
  ...globSync('migrations/*.sql').flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/'([a-z-]+)'/g)].map(([, value]) => value!)),
])

/** How values are put together that stand in a hole themselves: "move-to-open". */
const puttingTogether = source.flatMap(({ tree }) => [...nodesOf(tree, isTemplateExpression)]).flatMap(({ head, templateSpans: [span, more] }) => {
  const [before, after] = [head.text, span!.literal.text]
  return !more && /^[a-z-]*$/.test(before + after) && before + after ? [new RegExp(`^${before}[a-z]+${after}$`)] : []
})
const isKnown = (hole: string) => known.has(hole) || puttingTogether.some((pattern) => pattern.test(hole))

/** Keys that are put together, as patterns whose holes are captured. */
const patternsIn = ({ tree }: ReadFile) => [...nodesOf(tree, isTemplateExpression)].flatMap((node) => {
  const fixed = [node.head.text, ...node.templateSpans.map((span) => span.literal.text)]
  const isKey = fixed.every((text) => /^[a-z.-]*$/.test(text)) && /^[a-z-]+\.|.*\..*\./.test(fixed.join(''))
  return isKey ? [new RegExp(`^${fixed.map((text) => text.replaceAll('.', '\\.')).join('([^.]+)')}$`)] : []
})

interface Piece {
  type: number
  value: string
  options?: Record<string, { value: Piece[] }>
  children?: Piece[]
}

/** What a message has to be given: values for its holes, functions for its tags. */
function needs(message: string): { holes: string[], tags: string[] } {
  const every = (pieces: Piece[]): Piece[] => pieces.flatMap((piece) => [piece, ...every(piece.children ?? []), ...Object.values(piece.options ?? {}).flatMap((option) => every(option.value))])
  const pieces = every(new IntlMessageFormat(message, 'en').getAst() as unknown as Piece[])
  const named = (which: (type: number) => boolean) => [...new Set(pieces.filter(({ type }) => which(type)).map(({ value }) => value))]
  return { holes: named((type) => ![0, 7, 8].includes(type)), tags: named((type) => type === 8) }
}

const it = await stage({ template: 'empty' })

test('every message of a catalogue is said somewhere', () => {
  for (const { folder, messages } of catalogues) {
    const files = speakers(folder)
    const literals = new Set(files.flatMap(literalsIn))
    const patterns = files.flatMap(patternsIn)
    const silent = Object.keys(messages).filter((key) => !literals.has(key) && !patterns.some((pattern) => pattern.exec(key)?.slice(1).every(isKnown)))
    assert.deepEqual(silent, [], folder)
  }
})

test('whatever the database lets something be has a word', async () => {
  const { rows } = await sql<{ place: string, definition: string }>`
    select conrelid::regclass || '.' || attname as place, pg_get_constraintdef(pg_constraint.oid) as definition
    from pg_constraint join pg_attribute on attrelid = conrelid and conkey = array[attnum] where contype = 'c' and connamespace = 'public'::regnamespace`.execute(it.db)
  const valuesOf = (place: string) => rows.filter((row) => row.place === place).flatMap(({ definition }) => [...definition.matchAll(/'([a-z-]+)'::text/g)].map(([, value]) => value!))
  for (const [folder, prefix, place] of [
    ['desk', 'people.state', 'participations.state'], ['desk', 'held', 'participations.held_reason'], ['desk', 'message.state', 'messages.state'], ['desk', 'message.state', 'mails.state'],
    ['desk', 'mail', 'mails.kind'], ['desk', 'waiting-for', 'messages.waiting_for'], ['desk', 'contact', 'contact_details.kind'], ['desk', 'role', 'staff.role'],
    ['desk', 'channel', 'consent_statements.channel'], ['desk', 'outcome', 'action_events.outcome'], ['site', 'outcome', 'action_events.outcome'], ['desk', 'kind', 'actions.kind'], ['site', 'kind', 'actions.kind'],
    ['desk', 'lookup', 'lookup_failures.result'], ['site', 'replied', 'messages.reply'], ['desk', 'message.state', 'digests.state'],
  ] as const) {
    assert.ok(valuesOf(place).length > 1, place)
    const { messages } = catalogues.find((each) => each.folder === `src/${folder}`)!
    assert.deepEqual(valuesOf(place).filter((value) => !(`${prefix}.${value}` in messages)), [], `${folder} ${prefix} ${place}`)
  }
})

test('whatever is written into the audit log can be read there in words', () => {
  const { messages } = catalogues.find(({ folder }) => folder === 'src/desk')!
  const verbs = source.flatMap(({ tree }) => [...nodesOf(tree, isObjectLiteralExpression)]).flatMap(({ properties }) => {
    const assigned = properties.filter((each) => isPropertyAssignment(each))
    const called = (wanted: string) => assigned.find(({ name }) => isIdentifier(name) && name.text === wanted)
    return called('subjectKind') ? [...nodesOf(called('verb')!.initializer, isStringLiteral)].map(({ text }) => text) : []
  })
  assert.ok(verbs.length > 30)
  assert.deepEqual([...new Set(verbs)].filter((verb) => !(`verb.${verb}` in messages)), [])
  assert.deepEqual(auditSubjects.filter((kind) => !(`subject.${kind}` in messages)), [])
})

test('every message is given the values that it has holes for, and tags only where HTML is made', () => {
  const faults: string[] = []
  for (const { folder, messages } of catalogues) {
    for (const { path, tree } of speakers(folder)) {
      for (const call of nodesOf(tree, isCallExpression)) {
        const [first, values] = call.arguments
        const rich = isPropertyAccessExpression(call.expression) && call.expression.name.text === 'html'
        const speaks = isIdentifier(call.expression) ? call.expression.text === 't' : rich || (isPropertyAccessExpression(call.expression) && call.expression.name.text === 't')
        if (!first || !speaks || (values && !isObjectLiteralExpression(values))) continue
        const given = values && isObjectLiteralExpression(values) ? values.properties.map((each) => ((isPropertyAssignment(each) || isShorthandPropertyAssignment(each)) && isIdentifier(each.name) ? each.name.text : '…')) : []
        if (given.includes('…')) continue
        for (const { text: key } of nodesOf(first, isStringLiteral)) {
          if (!(key in messages)) continue
          const { holes, tags } = needs(messages[key]!)
          const wanted = [...holes, ...tags].toSorted().join(', ')
          if (wanted !== given.toSorted().join(', ')) faults.push(`${path}: ${key} needs ${wanted || 'nothing'}, and is given ${given.join(', ') || 'nothing'}`)
          if (tags.length > 0 && !rich) faults.push(`${path}: ${key} has tags`)
        }
      }
    }
  }
  assert.deepEqual(faults, [])
})
