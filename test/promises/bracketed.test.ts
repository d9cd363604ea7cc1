import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '#platform/db.ts'
import { bracketed } from '#platform/words.ts'
import { linkToken } from '#modules/actions/index.ts'
import { acting } from '#test/support/acting.ts'
import { formOn, post } from '#test/support/http.ts'
import { openPages } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const play = await acting(it)

// What the publisher wrote is put into another script, so that every Latin letter outside of brackets is one that no catalogue has.
const latin = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const greek = Array.from({ length: latin.length }, (_, place) => String.fromCharCode(0x1f00 + place)).join('')
const inGreek = (text: string) => text.replaceAll(/\{\w+\}|[a-zA-Z]/g, (part) => (part.length > 1 ? part : greek[latin.indexOf(part)]!))
for (const [table, columns] of Object.entries({ publisher_texts: ['name', 'responsible', 'about', 'privacy_policy'], asks: ['ask'], consent_wordings: ['wording'], offices: ['label'], officials: ['name', 'formal_name'], bodies: ['name'], areas: ['name'], images: ['credit'] })) {
  for (const column of columns) await sql`update ${sql.table(table)} set ${sql.ref(column)} = translate(${sql.ref(column)}, ${latin}, ${greek})`.execute(it.db)
}
await sql`update offices set labels = '{}', salutations = '{"en": "ἄ {name}"}'`.execute(it.db)
await sql`update areas set names = '{}'`.execute(it.db)
await sql`update officials set names = '{}'`.execute(it.db)
await sql`update publisher set email = null, phone = null, postal_address = null`.execute(it.db)
await sql`update publisher_texts set privacy_policy = 'Ἀ'`.execute(it.db)
await sql`update controllers set names = '{}' where not publisher`.execute(it.db)
for (const { id, words } of await it.db.selectFrom('action_revisions').select(['id', 'words']).execute()) {
  await sql`update action_revisions set words = ${JSON.stringify(words, (_, value: unknown) => (typeof value === 'string' ? inGreek(value) : value))} where id = ${id}`.execute(it.db)
}

const { origin } = await openPages(play, { allowBracketed: true })

/** What stands on a page outside of brackets, without places where the language data or a standard puts words, and without what was typed. */
function outside(html: string): string[] {
  const shown = html.replace(/<(style|script|svg|code|pre)\b[\s\S]*?<\/\1>|<option value="[A-Z]{2}"[^>]*>[^<]*|<a [^>]*\blang="[^>]*>[\s\S]*?<\/a>|<!--[\s\S]*?-->/g, ' ')
  const read = [...shown.matchAll(/\b(?:alt|title|placeholder|aria-label)="([^"]*)"/g)].map(([, value]) => value!)
  const text = [shown.replaceAll(/<\/?(?:bdi|strong|b|em|a|abbr|time)\b[^>]*>/g, '').replaceAll(/<[^>]*>/g, '\n'), ...read].join('\n')
  let rest = text
  for (let before = ''; before !== rest;) [before, rest] = [rest, rest.replaceAll(/⟦[^⟦⟧]*⟧/g, '')]
  return rest.split('\n').map((line) => line.trim()).filter((line) => line !== 'AR 110' && /[a-zA-Z]/.test(line.replaceAll(/&\w+;|https?:\S+/g, '')))
}

const look = async (path: string) => {
  const answer = await fetch(`${origin}/${bracketed}${path}`, { redirect: 'manual' })
  return { status: answer.status, html: await answer.text() }
}

test('every page of the site stays within its catalogue', async () => {
  const [waiting] = await play.takes(play.signature())
  const token = linkToken(it.keys.linkKey, waiting!.id)
  const message = '/actions/write-to-your-representative'
  for (const path of ['/actions', '/actions/no-one-should-vanish', message, `${message}/by-yourself`, '/privacy', '/your-data', '/contact', '/forget-me', '/not-there', `/confirm/${token}`, `/not-me/${token}`, `/withdraw/${token}`, `/unsubscribe/${token}`]) {
    const { html, status } = await look(path)
    assert.ok(status === 200 || path === '/not-there', `${path} answers ${status}`)
    assert.ok((html.match(/⟦/g) ?? []).length > 5, `${path} speaks the language in brackets`)
    assert.deepEqual(outside(html), [], path)
  }
})

test('so do the pages that answer a form', async () => {
  for (const [page, form, typed] of [
    ['/actions/no-one-should-vanish', '/sign', {}], ['/actions/no-one-should-vanish', '/sign', { name: 'Ἀ', email: 'ἀ' }], ['/actions/no-one-should-vanish', '/sign', { name: 'Ἀ', email: 'a@example.org' }],
    ['/actions/write-to-your-representative', '/write', {}], ['/actions/write-to-your-representative', '/write', { name: 'Ἀ', email: 'a@example.org', postcode: '??' }],
    ['/actions/write-to-your-representative', '/write', { name: 'Ἀ', email: 'a@example.org', postcode: 'AR110' }],
  ] as [string, string, Record<string, string>][]) {
    const { action, fields } = formOn((await look(page)).html, form)
    const answer = await post(origin, action, [...fields.filter(([name]) => !(name in typed)), ...Object.entries(typed)])
    const html = answer.status === 303 ? (await look(answer.headers.get('location')!.replace(`/${bracketed}`, ''))).html : await answer.text()
    assert.match(html, /⟦/)
    assert.deepEqual(outside(html), [], `${action} ${JSON.stringify(typed)}`)
  }
})
