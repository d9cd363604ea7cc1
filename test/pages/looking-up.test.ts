import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction, sql } from '#platform/db.ts'
import { setTargets } from '#modules/actions/index.ts'
import { acting } from '#test/support/acting.ts'
import { formOn, post, submitForm } from '#test/support/http.ts'
import { everyTable, openPages, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

// What a supporter can meet when they look for their representative (beside choosing.test.ts): each an honest page with a way on.
const it = await stage()
const act = await acting(it)
const action = '/actions/write-to-your-representative'
const words = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')
const site = async () => (await openPages(act)).origin
const { origin } = await openPages(act)

async function after(typed: Record<string, string>, on = origin): Promise<{ status: number, text: string }> {
  const answer = await submitForm(on, (await rawRequest(on, action)).text, '/write', { name: 'Amara', email: 'amara@example.org', ...typed })
  return { status: answer.status, text: await answer.text() }
}

test('a postcode in any width, case and spacing, with the usual slips, is found', async () => {
  for (const postcode of ['ar110', ' AR  110  ', 'ＡＲ１１０', 'ａｒ　１１０', 'AR\u00a0110', 'AR–110', 'AR 11O', 'AR 1I0', 'AR ۱۱۰', 'A R 1 1 0']) assert.match((await after({ postcode })).text, /Oriel Tavan/, postcode)
})

test('half a postcode is called that, and a whole one is asked for', async () => {
  for (const postcode of ['AR', 'ar ', 'ＡＲ']) {
    const { text } = await after({ postcode })
    assert.match(words(text), /is the first part of a postcode\. Many areas can share it/)
    assert.match(words(text), /AR 110/, 'with an example')
    assert.match(await (await submitForm(origin, text, '/write', { postcode: 'AR 110' })).text(), /Oriel Tavan/)
  }
  assert.match(words((await after({ postcode: 'AR 1' })).text), /could not read/)
})

test('three thousand characters where a postcode goes are answered quickly, with a page as short as any other, and are not written down', async () => {
  const before = await everyTable(it, ['lookup_failures'])
  for (const postcode of ['9'.repeat(3000), 'ＡＲ'.repeat(1500), '\u0301'.repeat(3000), '﷽'.repeat(1000), 'AR 110'.padEnd(3000, ' ').concat('x')]) {
    // What it takes of the processor, in microseconds: the site is in this process, and the clock also counts what else the machine does.
    const spent = process.cpuUsage()
    const { status, text } = await after({ postcode })
    const { user, system } = process.cpuUsage(spent)
    assert.ok(user + system < 500_000)
    assert.ok([200, 422].includes(status), String(status))
    assert.match(words(text), /too long|does not look like a postcode/i)
    const alone = await (await post(origin, `${action}/by-yourself`, { postcode })).text()
    assert.match(alone, /<h1>This does not look like a postcode/)
  }
  await act.settle()
  assert.deepEqual(await everyTable(it, ['lookup_failures']), before)
  const counted = await it.db.selectFrom('lookup_failures').selectAll().execute()
  assert.ok(JSON.stringify(counted).length < 500 * (counted.length + 1), 'what is counted of it is short')
})

test('a postcode that is no longer used, or is not used yet, is not known on that day', async () => {
  await sql`update lookup_codes set valid_until = '2027-02-01' where code = 'DE110'`.execute(it.db)
  await sql`update lookup_codes set valid_from = '2027-06-01' where code = 'ES110'`.execute(it.db)
  const on = await site()
  for (const postcode of ['DE 110', 'ES 110']) assert.match((await after({ postcode }, on)).text, /<h1>We do not know this postcode/)
})

test('where a postcode lies in two areas, it is chosen by address or by area, by keyboard as well, nothing is chosen beforehand, and the choice is what is kept', async () => {
  const { text } = await after({ postcode: 'BC 150' })
  const radios = [...text.matchAll(/<input type="radio" name="area"[^>]*>/g)].map(([tag]) => tag)
  assert.equal(radios.length, 5, 'three addresses and two areas')
  assert.match(words(text), /My address is Bell Street 1–80 .* Station Square .* Bell Street 81–200 .* Another address/)
  for (const radio of radios) assert.doesNotMatch(radio, /checked|tabindex|disabled/)
  assert.match(text, /data-point/, 'the position can tell which it is')
  const composed = await (await submitForm(origin, text, '/write', { area: 'marovia:CO' })).text()
  assert.equal(formOn(composed, '/send').fields.find(([name]) => name === 'area')?.[1], 'marovia:CO')
  await submitForm(origin, composed, '/send', {})
  await act.settle()
  const { rows } = await sql<{ area_id: string }>`select area_id from participations where action_id = ${act.message} order by taken_at desc limit 1`.execute(it.db)
  assert.equal(rows[0]!.area_id, 'marovia:CO')
  assert.match(words(await (await submitForm(origin, text, '/write', {})).text()), /Which of these is yours/, 'without a choice it is asked again')
})

test('what is posted besides the form changes nothing: one area, its own offices, and no more of them', async () => {
  const composed = (await after({ postcode: 'AR 110' })).text
  const { fields } = formOn(composed, '/send')
  const flood = Array.from({ length: 400 }, (_, n): [string, string] => ['offices', `marovia-assembly:${n}`])
  const answer = await post(origin, `${action}/send`, [...fields.filter(([name]) => name !== 'key'), ['key', 'B'.repeat(22)], ...flood])
  assert.equal(answer.status, 303)
  await act.settle()
  const before = await act.it.db.selectFrom('messages').select('office_id').execute()
  assert.ok(before.length <= 2)
  const many = await post(origin, `${action}/write`, [['name', 'Amara'], ['email', 'amara@example.org'], ...['AR', 'BE', 'GA', 'KE'].map((code): [string, string] => ['area', `marovia:${code}`])])
  assert.doesNotMatch(await many.text(), /Senna Kovic[\s\S]*Piet Hallorn/)
})

test('two members of one name are told apart by their office, and a member who changed party yesterday is still the member', async () => {
  await sql`update officials set name = 'Oriel Tavan', formal_name = '' where id in (select official_id from terms where office_id = 'marovia-assembly:BE')`.execute(it.db)
  await sql`update officials set party = 'Independent' where id in (select official_id from terms where office_id = 'marovia-assembly:AR')`.execute(it.db)
  const on = await site()
  assert.match(words((await after({ postcode: 'AR 110' }, on)).text), /Oriel Tavan Member for Ardenhal/)
  assert.match(words((await after({ postcode: 'BE 110' }, on)).text), /Oriel Tavan Member for Belmora/)
})

test('an office with two addresses is written to at the one that was checked last, and one with none is told with its other ways', async () => {
  await sql`insert into contact_details (id, office_id, kind, value, source, checked_on) values (gen_random_uuid(), 'marovia-assembly:AR', 'email', 'former@assembly.example', 'test', '2026-01-01'), (gen_random_uuid(), 'marovia-assembly:AR', 'email', 'office@assembly.example', 'test', '2027-02-01'),
    (gen_random_uuid(), 'marovia-assembly:SO', 'phone', '+99 1 234', 'test', '2027-02-01'), (gen_random_uuid(), 'marovia-assembly:SO', 'url', 'https://assembly.example/form', 'test', '2027-02-01')`.execute(it.db)
  const on = await site()
  const own = await (await submitForm(on, (await rawRequest(on, `${action}/by-yourself`)).text, '/by-yourself', { postcode: 'AR 110' })).text()
  assert.match(own, /mailto:office@assembly\.example/)
  assert.doesNotMatch(own, /former@/)
  const silent = (await after({ postcode: 'SO 110' }, on)).text
  assert.match(silent, /href="tel:\+991234"/)
  assert.match(silent, /href="https:\/\/assembly\.example\/form"/)
})

test('a seat that falls vacant between page one and page two is said on page two, and the message goes to the others', async () => {
  const composed = (await after({ postcode: 'KE 110' })).text
  await sql`update terms set until = '2027-02-28' where office_id = 'marovia-assembly:KE'`.execute(it.db)
  const on = await site()
  await inTransaction(it.db, (tx) => setTargets(tx, act.message, [{ body: 'marovia-assembly' }]))
  const later = await site()
  const told = await (await submitForm(later, composed, '/send', {})).text()
  assert.match(told, /<h1>Nobody can be written to right now/)
  assert.match(words(told), /Nobody holds this office at the moment: .*Kestrel Point/)
  await inTransaction(it.db, (tx) => setTargets(tx, act.message, [{ body: 'marovia-assembly' }, { office: 'marovia-government:justice' }]))
  assert.match(words((await after({ postcode: 'KE 110' }, on)).text), /Halden Morrow/)
})

test('an area that came to its end is no longer chosen, listed or found, from its day on', async () => {
  await sql`update areas set valid_until = '2027-03-01' where id = 'marovia:GA'`.execute(it.db)
  await sql`update areas set valid_from = '2027-09-01' where id = 'marovia:HO'`.execute(it.db)
  const on = await site()
  const page = (await rawRequest(on, action)).text
  for (const gone of ['Galdara', 'Hollin']) assert.doesNotMatch(page, new RegExp(`<option[^>]*>${gone}`))
  assert.match((await after({ area: 'marovia:GA' }, on)).text, /<h1>Where do you live\?/)
  assert.match((await after({ area: 'marovia:HO' }, on)).text, /<h1>Where do you live\?/)
  assert.match((await after({ area: 'no-such-area' }, on)).text, /<h1>Where do you live\?/)
  // Where the publisher is the day has begun already.
  await sql`update publisher set zone = 'Pacific/Kiritimati'`.execute(it.db)
  await sql`update areas set valid_from = '2027-03-02' where id = 'marovia:HO'`.execute(it.db)
  assert.doesNotMatch((await after({ area: 'marovia:HO' }, await site())).text, /<h1>Where do you live\?/)
})
