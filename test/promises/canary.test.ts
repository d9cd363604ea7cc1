import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import pg from 'pg'
import { clientSettings } from '#platform/db.ts'
import { linkIn, mailTo, startClarion, until } from '#test/support/clarion.ts'
import { testCluster } from '#test/support/cluster.ts'
import { databaseOf } from '#test/support/embedded.ts'
import { formOn, post, sign, submitForm, write } from '#test/support/http.ts'
import { Tracker } from '#test/support/traces.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())

const client = new pg.Client(clientSettings(databaseOf(clarion.folder, 'owner')))
client.on('error', () => {})
await client.connect()

// Words that stand nowhere else, for everything that a person can be known by.
const person = { name: 'Zephyrine Quillwätter', email: 'zephyrine.quill@yonderfold.example', phone: '+999 7313 4486', address: '7 Thistlemoor Wynd\nOuter Brackenby', comment: 'my grandmother umberlant waited', subject: 'About the quibblestone', body: 'My cousin Fennimorel was taken in spring.' }
const staff = { name: 'Osmunda Vexworth', email: 'osmunda@desk.yonderfold.example' }
const words = ['Zephyrine', 'Quillwätter', 'zephyrine.quill', 'yonderfold', '7313 4486', 'Thistlemoor', 'Brackenby', 'umberlant', 'quibblestone', 'Fennimorel', 'Osmunda', 'Vexworth', 'wanderlooking', 'Vantreen']
const petition = '/actions/no-one-should-vanish'
const message = '/actions/write-to-your-representative'
const secrets: string[] = []
/** Of the link to their own data. */
let dataToken = ''

const cookieOf = (response: Response) => response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!).join('; ')
const textAt = async (url: string, headers: Record<string, string> = {}) => (await fetch(url, { headers })).text()

async function press(link: string): Promise<void> {
  secrets.push(link.split('/').at(-1)!)
  const page = await textAt(link)
  const { action, fields } = formOn(page, new URL(link).pathname)
  assert.ok((await post(clarion.site, action, fields)).status < 400)
}

/** A yes to every question of consent on a page. */
async function yesToAll(path: string): Promise<Record<string, string>> {
  return Object.fromEntries([...(await textAt(`${clarion.site}${path}`)).matchAll(/name="(consent-[^"]+)" value="yes"/g)].map(([, name]) => [name!, 'yes']))
}

test('somebody signs, writes, confirms, takes it back and unsubscribes', async () => {
  // All that a form can ask is asked.
  await client.query(`update actions set options = options || '{"postalAddress": "required"}' where kind = 'message'`)
  const signed = await sign(clarion.site, petition, { name: person.name, email: person.email, comment: person.comment, postcode: 'AR110' })
  secrets.push(cookieOf(signed).split('=')[1]!)
  const asked = await mailTo(clarion, person.email, 'One more step')
  await press(linkIn(asked, '/confirm/'))
  const receipt = await mailTo(clarion, person.email, 'Your signature counts')

  const written = await write(clarion.site, message, { name: person.name, email: person.email, postcode: 'be 120', phone: person.phone, address: person.address, ...await yesToAll(message) }, { subject: person.subject, body: person.body, copy: 'yes' })
  assert.equal(written.status, 303)
  await press(linkIn(await mailTo(clarion, person.email, 'your message is waiting'), '/confirm/'))
  const arrived = await mailTo(clarion, 'senna.kovic@assembly.marovia.example', person.subject)
  assert.match(arrived.text!, /Fennimorel/)

  await press(linkIn(receipt, '/withdraw/'))
  await press(linkIn(receipt, '/unsubscribe/'))
  // And one that stays unconfirmed.
  await sign(clarion.site, petition, { name: person.name, email: `second.${person.email}`, comment: person.comment })
  await mailTo(clarion, `second.${person.email}`, 'One more step')
})

test('they ask for everything that is known, change it, and what only the desk opens is shown to them', async () => {
  await post(clarion.site, '/my-data', { email: person.email })
  const link = linkIn(await mailTo(clarion, person.email, 'Your link to what we know about you'), '/my-data/')
  const token = dataToken = link.split('/').at(-1)!
  secrets.push(token)
  const page = await until(async () => {
    const answer = await post(clarion.site, `/my-data/${token}`, {})
    const text = await answer.text()
    return text.includes('7313 4486') ? text : undefined
  }, 'the page with all parts')
  for (const word of ['Zephyrine', 'yonderfold', 'Thistlemoor', 'quibblestone']) assert.ok(page.includes(word), word)
  assert.equal((await post(clarion.site, `/my-data/${token}/change`, { what: 'name', name: `${person.name} Vantreen` })).status, 303)
  assert.equal((await post(clarion.site, `/my-data/${token}/change`, { what: 'address', email: `moved.${person.email}`, language: 'en' })).status, 303)
  secrets.push(linkIn(await mailTo(clarion, `moved.${person.email}`, 'is this your new address'), '/new-address/').split('/').at(-1)!)
})

test('what is typed in the wrong place is answered and kept nowhere', async () => {
  for (const path of ['/wanderlooking', '/actions/wanderlooking', '/actions?q=wanderlooking', '/files/wanderlooking', '/confirm/wanderlooking', '/rehearsal/wanderlooking/actions/x', '/ar/wanderlooking']) await textAt(`${clarion.site}${path}`)
  for (const path of ['/sign-in/wanderlooking', '/actions/wanderlooking', '/participations/wanderlooking', '/supporters/wanderlooking']) await textAt(`${clarion.desk}${path}`)
  await sign(clarion.site, petition, { name: person.name, email: 'zephyrine.quill at nowhere', comment: person.comment })
  await write(clarion.site, message, { name: person.name, email: person.email, postcode: 'wanderlooking' }).catch(() => {})
  await post(clarion.site, `${petition}/sign`, { name: `${person.name}\u0000`, email: person.email, form: 'wanderlooking', statement_wanderlooking: 'yes', area: 'wanderlooking' })
  await post(clarion.desk, '/sign-in', { email: staff.email, password: 'wanderlooking', code: 'wanderlooking' })
})

test('a staff member looks the person up and opens what is there', async () => {
  const entered = await submitForm(clarion.desk, await textAt(clarion.signinLink), new URL(clarion.signinLink).pathname, { ...staff, language: 'en' })
  const cookie = cookieOf(entered)
  secrets.push(cookie.split('=')[1]!)
  const asked = await post(clarion.desk, '/supporters/search', { email: person.email }, { cookie })
  const found = await until(async () => {
    const answer = await fetch(`${clarion.desk}${asked.headers.get('location')}`, { redirect: 'manual', headers: { cookie } })
    return answer.headers.get('location')
  }, 'the worker to find the person')
  assert.match(await (await post(clarion.desk, `${found}/open`, {}, { cookie })).text(), /Zephyrine/)
  const list = await textAt(`${clarion.desk}/participations`, { cookie })
  assert.doesNotMatch(list, /Zephyrine|yonderfold/)
  const opened = await Promise.all([...new Set(list.match(/\/participations\/[0-9a-f-]{36}\/open/g))].map(async (path) => (await post(clarion.desk, path, {}, { cookie })).text()))
  for (const word of ['Quillwätter', 'quibblestone', 'Fennimorel', 'Thistlemoor', 'umberlant', person.phone]) assert.ok(opened.some((page) => page.includes(word)), `${word} was kept, and can be read here`)
})

/** The tables in which one of these texts stands in some row, as the database writes rows down. */
async function tablesWith(...texts: string[]): Promise<string[]> {
  const { rows: tables } = await client.query<{ name: string }>(`select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`)
  const found: string[] = []
  for (const { name } of tables) {
    const { rows } = await client.query(`select from ${name} where exists (select from unnest($1::text[]) as part where ${name}::text like '%' || part || '%') limit 1`, [texts])
    if (rows.length > 0) found.push(name)
  }
  return found
}

test('after they have erased themselves they are nowhere but in what docs/privacy.md names', async () => {
  const before = new Tracker([...words, ...secrets])
  const filled = await before.lookIntoTables(client)
  for (const table of ['message_texts', 'data_links', 'address_changes', 'capsules']) assert.ok(filled.includes(`public.${table}`), `${table} has rows`)
  assert.deepEqual(before.found, [])
  const { rows: [one] } = await client.query<{ person_id: string, email_index: string, id: string }>(`
    select p.person_id, known.email_index::text, p.id from participations p join email_indexes known using (person_id) where p.state = 'confirmed' and p.record is not null limit 1`)
  assert.ok(one)
  const token = dataToken
  assert.equal((await post(clarion.site, `/my-data/${token}/change`, { what: 'erase' })).status, 303)
  await until(async () => (await fetch(`${clarion.site}/my-data/${token}`)).status === 404, 'them to be erased', 30_000)
  // The log says that they were looked for, opened and shown what is theirs; nothing in it leads to anybody any more.
  assert.deepEqual(await tablesWith(one.person_id), ['audit_log'])
  assert.deepEqual(await tablesWith(one.id), ['audit_log'])
  // A fingerprint of the address keeps them from being written to again, and erases them again in a restored copy.
  assert.deepEqual(await tablesWith(one.email_index.slice(2)), ['erasures', 'suppressions'])
  const stays = readFileSync('docs/privacy.md', 'utf8').split('## What stays of somebody who was erased')[1]!.split('\n## ')[0]!
  for (const table of ['audit_log', 'erasures', 'suppressions']) assert.ok(stays.includes(`\`${table}\``), `${table} is named there`)
})

/** Looks through every file that this Clarion and its database have; returns how many bytes that were. */
function bytesOf(tracker: Tracker): number {
  return tracker.lookThrough(clarion.folder) + (testCluster().other ? tracker.lookThrough(testCluster().folder) : 0)
}

test('none of it lies anywhere: no table, file, log line or file name has a name, an address, a word or a secret of theirs', async () => {
  const tracker = new Tracker([...words, ...secrets])
  const filled = await tracker.lookIntoTables(client)
  for (const table of ['people', 'participations', 'messages', 'mails', 'audit_log', 'staff', 'links', 'person_searches']) assert.ok(filled.includes(`public.${table}`), `${table} has rows`)
  await client.query('checkpoint')
  await client.end()
  await clarion.stop()
  tracker.look('what was printed', clarion.output())
  assert.ok(bytesOf(tracker) > 20_000_000, 'the files of the database are among them')
  assert.deepEqual(tracker.found, [])
})

test('this search would have found them', () => {
  const tracker = new Tracker(['no-one-should-vanish', 'Thistlemoor'])
  bytesOf(tracker)
  assert.ok(tracker.found.some((each) => /plain in postgres\/base/.test(each)))
  for (const way of ['base64', 'hex', 'utf16le', 'base64url', 'utf8'] as const) tracker.look(way, Buffer.from('at 7 Thistlemoor Wynd', way === 'utf16le' ? way : 'utf8').toString(way === 'utf16le' ? 'latin1' : way))
  for (const way of ['base64 in base64', 'base64 in base64url', 'hexadecimal in hex', 'UTF-16 in utf16le', 'plain in utf8']) assert.ok(tracker.found.includes(`Thistlemoor as ${way}`), way)
})
