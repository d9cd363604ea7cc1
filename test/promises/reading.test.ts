import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { readConfig } from '#platform/config.ts'
import { inTransaction, sql } from '#platform/db.ts'
import type { Queue } from '#platform/queue.ts'
import { addStaff, openSession } from '#modules/staff/index.ts'
import { openDesk } from '#desk/context.ts'
import { DeskPages } from '#desk/pages.ts'
import { createDeskServer } from '#desk/server.ts'
import { acting } from '#test/support/acting.ts'
import { everyTable } from '#test/support/pages.ts'
import { nodesOf, readSource } from '#test/support/source.ts'
import { stage } from '#test/support/stage.ts'
import { isCallExpression, isIdentifier, isNoSubstitutionTemplateLiteral, isPropertyAccessExpression, isStringLiteral, isTaggedTemplateExpression, isTemplateExpression } from 'typescript/unstable/ast/is'

const it = await stage()
const act = await acting(it)
const read = readConfig({})
if ('faults' in read) throw new Error(read.faults.join('\n'))
const desk = openDesk({ config: read.config, pool: it.poolOf('desk'), secrets: it.secrets.desk, queue: {} as Queue, log: it.log, now: () => act.now })
const server = await createDeskServer(desk)
const headers = await inTransaction(it.as('desk'), async (tx) => {
  const id = await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: 'Salma', email: 'salma@lamplight.example', role: 'administrator', language: 'en' }, act.now)
  return { host: `localhost:${read.config.deskPort}`, cookie: `clarion-desk=${await openSession(tx, id, act.now)}` }
})

test('a page of the desk that tries to change something is refused by the database, however it tries', async () => {
  const tries: [string, () => Promise<unknown>][] = [
    ['plainly', () => sql`update actions set zone = 'UTC'`.execute(desk.db)],
    ['by a verb of a module', () => desk.db.deleteFrom('desk_sessions').execute()],
    ['in a transaction of its own', () => inTransaction(desk.db, (tx) => sql`update actions set zone = 'UTC'`.execute(tx))],
  ]
  const noted: unknown[] = []
  for (const [name, attempt] of tries) {
    new DeskPages(desk, server).get(`/tries/${name.replaceAll(' ', '-')}`, async () => {
      try {
        await attempt()
      } catch (error) {
        noted.push(error)
        throw error
      }
      return { to: '/' }
    }, 'desk')
  }
  const before = await everyTable(it)
  for (const [name] of tries) assert.ok((await server.inject({ url: `/tries/${name.replaceAll(' ', '-')}`, headers })).statusCode >= 500, name)
  assert.deepEqual(await everyTable(it), before)
  assert.match(String(noted[0]), /read-only transaction/)
  assert.match(String(noted[1]), /read-only transaction/)
  assert.equal(noted.length, tries.length)
})

test('everything of the desk that can be opened is opened, and no row has changed', async () => {
  const before = await everyTable(it)
  const ids = [act.petition, act.message, randomUUID()]
  const paths = [...server.knownAddresses].filter(([path, methods]) => methods.has('GET') && !path.startsWith('/tries/'))
    .flatMap(([path]) => (path.includes(':id') ? ids.map((id) => path.replaceAll(':id', id)) : [path])).map((path) => path.replaceAll(/:\w+/g, 'en'))
  assert.ok(paths.length > 60, `${paths.length} pages`)
  for (const url of paths) {
    if (url.startsWith('/going-live')) continue
    assert.ok((await server.inject({ url, headers })).statusCode < 500, url)
  }
  assert.deepEqual(await everyTable(it), before)
})

test('site and desk write nothing themselves: whatever changes a table is a verb of a module', () => {
  const verbs = new Set(['insertInto', 'updateTable', 'deleteFrom', 'replaceInto', 'mergeInto'])
  const found = readSource('src/{site,desk,inbox}/**/*.ts').flatMap(({ path, tree }) => [
    ...[...nodesOf(tree, isCallExpression)].filter(({ expression }) => isPropertyAccessExpression(expression) && isIdentifier(expression.name) && verbs.has(expression.name.text)).map(() => path),
    ...[...nodesOf(tree, isTaggedTemplateExpression)].filter(({ tag, template }) => isIdentifier(tag) && tag.text === 'sql'
      && /\b(insert\s+into|update\s+\w+\s+(\w+\s+)?set|delete\s+from|merge\s+into|truncate)\b/i.test(isTemplateExpression(template) ? [template.head.text, ...template.templateSpans.map((span) => span.literal.text)].join(' x ') : (template as { text: string }).text)).map(() => path),
  ])
  assert.deepEqual(found, [])
})

test('every page of the desk is made by the one function that reads, but for the few that say nothing', () => {
  const direct = readSource('src/desk/**/*.ts').flatMap(({ path, tree }) => [...nodesOf(tree, isCallExpression)].flatMap(({ expression, arguments: [first] }) => {
    const its = isPropertyAccessExpression(expression) && isIdentifier(expression.name) && expression.name.text === 'get' && /(^|\.)server$/.test(expression.expression.getText())
    return its && first ? [`${path} ${isStringLiteral(first) || isNoSubstitutionTemplateLiteral(first) ? first.text : first.getText()}`] : []
  }))
  assert.deepEqual(direct.toSorted(), [
    'src/desk/pages.ts path', 'src/desk/server.ts /assets/icon.svg', 'src/desk/server.ts /healthz', 'src/desk/server.ts /metrics', 'src/desk/server.ts /readyz', 'src/desk/server.ts /robots.txt',
    'src/desk/server.ts deskScriptPath', 'src/desk/server.ts passkeyScriptPath', 'src/desk/server.ts path', 'src/desk/session/routes.ts /sign-in', 'src/desk/session/routes.ts /sign-in/:token',
  ])
})
