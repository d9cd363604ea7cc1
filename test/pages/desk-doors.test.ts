import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { inTransaction, sql } from '#platform/db.ts'
import { addStaff, makeSigninLink, newOneTimeSecret, openSession, setOneTimeSecret, setPassword, type Role } from '#modules/staff/index.ts'
import { everyTable, openDeskPages, postRaw, rawRequest, type Answer } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
let now = new Date('2027-03-01T12:00:00Z')
const { origin, server } = await openDeskPages(it, () => now)
const later = (minutes: number) => { now = new Date(now.getTime() + minutes * 60_000) }
const password = 'seven lanterns in a window'
const { secret } = newOneTimeSecret('desk')

async function staff(role: Role, email: string): Promise<string> {
  return inTransaction(it.as('desk'), async (tx) => {
    const key = it.secrets.desk.contact.at(-1)!
    const id = await addStaff(tx, key, { name: 'Salma', email, role, language: 'en' }, now)
    await setPassword(tx, id, password)
    await setOneTimeSecret(tx, key, id, secret)
    return id
  })
}

const administrator = await staff('administrator', 'administrator@lamplight.example')
const campaigner = await staff('campaigner', 'campaigner@lamplight.example')
const sessionOf = async (id: string) => ({ cookie: `clarion-desk=${await inTransaction(it.as('desk'), (tx) => openSession(tx, id, now))}` })

/** What anybody may open: signing in, and what says nothing. */
const open = (path: string) => /^\/(sign-in|passkeys\/use|assets|robots\.txt|healthz|readyz|metrics)/.test(path)
const addresses = [...server.knownAddresses].filter(([path]) => !open(path)).map(([pattern, methods]) => ({ methods, path: pattern.replaceAll(/:(id|\w*[iI]d)\b/g, randomUUID()).replaceAll(/:\w+/g, 'en') }))
const get = (path: string, headers: Record<string, string> = {}) => rawRequest(origin, path, { headers })

test('whoever is not signed in finds one door, and nothing is done for them', async () => {
  assert.ok(addresses.length > 50, `${addresses.length} addresses`)
  const before = await everyTable(it)
  for (const headers of [{}, { cookie: `clarion-desk=${'A'.repeat(22)}` }, { cookie: 'clarion-desk=nonsense' }] as Record<string, string>[]) {
    for (const { path, methods } of addresses) {
      if (methods.has('GET')) {
        const answer = await get(path, headers)
        assert.equal(answer.status, 303, path)
        assert.match(answer.headers.location!, /^\/sign-in(\?next=|$)/, path)
        assert.equal(answer.text, '')
      }
      if (methods.has('POST')) {
        const answer = await postRaw(origin, path, 'name=Amara&again_password=x&one_time_code=1', headers)
        assert.deepEqual([answer.status, answer.headers.location], [403, undefined], path)
        assert.deepEqual([...answer.text.matchAll(/<input[^>]*name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => `${name} ${value}`), ['name Amara'], 'what was typed is in the page, to be sent again, and no secret is')
        assert.equal((await postRaw(origin, path, '', headers)).headers.location, '/sign-in', path)
      }
    }
  }
  const ended = await postRaw(origin, '/settings/links', 'column-area_code=GSS&short_code=MAR&secret=ABC&password=x&code=1')
  for (const [name, value] of [['column-area_code', 'GSS'], ['short_code', 'MAR']]) assert.ok(ended.text.includes(`name="${name}" value="${value}"`), `a code that opens nothing stays: ${name}`)
  for (const name of ['secret', 'password', 'code']) assert.ok(!ended.text.includes(`name="${name}"`), name)
  assert.equal((await postRaw(origin, '/keys/outside/file', 'reason=x&passphrase=open+sesame')).headers.location, '/sign-in', 'a form that brings a key leaves nothing behind')
  assert.deepEqual(await everyTable(it), before)
})

test('a form from elsewhere, or one that does not say where it comes from, does nothing even with a session', async () => {
  const session = await sessionOf(administrator)
  const before = await everyTable(it)
  for (const { path, methods } of addresses.filter((each) => each.methods.has('POST'))) {
    assert.ok(methods.size > 0)
    for (const headers of [{ origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' }, { origin: 'null', 'sec-fetch-site': 'none' }]) assert.equal((await postRaw(origin, path, 'name=x', { ...session, ...headers })).status, 403, path)
    assert.equal((await rawRequest(origin, path, { method: 'POST', body: 'name=x', headers: { ...session, 'content-type': 'application/x-www-form-urlencoded' } })).status, 403, path)
  }
  assert.equal((await get('/', { host: 'elsewhere.example' })).status, 421)
  assert.deepEqual(await everyTable(it), before)
})

test('a campaigner finds no page that is for administrators, and an administrator finds them all', async () => {
  const [one, other] = [await sessionOf(administrator), await sessionOf(campaigner)]
  const guarded: string[] = []
  for (const { path, methods } of addresses) {
    if (!methods.has('GET') || path.includes('-')) continue
    const [mine, theirs] = [await get(path, one), await get(path, other)]
    assert.ok(mine.status < 500 && theirs.status < 500, path)
    if (mine.status !== theirs.status) {
      assert.deepEqual([mine.status, theirs.status], [200, 404], path)
      guarded.push(path)
    }
  }
  for (const path of ['/settings', '/settings/staff', '/settings/statements', '/health']) assert.ok(guarded.includes(path), `${path} among ${guarded.join(' ')}`)
  assert.equal((await get('/going-live', other)).status, 404)

  const before = await everyTable(it)
  const forms = addresses.filter(({ path, methods }) => methods.has('POST') && (/^\/(settings|going-live|set-up)/.test(path) || path.endsWith('/erase')))
  assert.ok(forms.length > 8, `${forms.length} forms`)
  for (const { path } of forms) assert.equal((await postRaw(origin, path, 'name=Amara', other)).status, 404, path)
  const changed = Object.entries(await everyTable(it)).filter(([name, print]) => before[name] !== print)
  assert.deepEqual(changed, [])
})

const signIn = (typed: Record<string, string>): Promise<Answer> => postRaw(origin, '/sign-in', new URLSearchParams(typed).toString())
const code = () => new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30, algorithm: 'SHA1' }).generate({ timestamp: now.getTime() })

test('a password needs its code, works once with it, and says nothing about who has an account', async () => {
  const email = 'campaigner@lamplight.example'
  const right = await signIn({ email, password, code: code() })
  assert.equal(right.status, 303)
  assert.match(right.headers['set-cookie']![0]!, /^clarion-desk=[\w-]{22}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/)
  const wrong = [await signIn({ email, password, code: code() }), await signIn({ email, password, code: '000000' }), await signIn({ email, password: 'not this one', code: '1' }), await signIn({ email: 'nobody@lamplight.example', password, code: code() })]
  assert.deepEqual(wrong.map(({ status }) => status), [422, 422, 422, 422])
  assert.equal(new Set(wrong.map(({ text }) => text.replaceAll(/value="[^"]*@[^"]*"/g, ''))).size, 1)
  later(1)
  assert.equal((await signIn({ email, password, code: code() })).status, 303, 'a right one starts the count again')
})

test('five wrong passwords lock an account for a quarter of an hour, also for who knows the right one', async () => {
  const email = 'administrator@lamplight.example'
  for (let tries = 0; tries < 5; tries++) assert.equal((await signIn({ email, password: 'not this one', code: code() })).status, 422)
  later(1)
  assert.equal((await signIn({ email, password, code: code() })).status, 422)
  later(15)
  assert.equal((await signIn({ email, password, code: code() })).status, 303)
})

test('a sign-in link works once, by its button, within a quarter of an hour', async () => {
  const link = async () => `/sign-in/${await inTransaction(it.as('desk'), (tx) => makeSigninLink(tx, campaigner, now))}`
  const path = await link()
  const before = await everyTable(it)
  for (let opened = 0; opened < 3; opened++) {
    const answer = await get(path)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers['set-cookie'], undefined)
  }
  assert.deepEqual(await everyTable(it), before, 'a mail scanner does not use it up')
  const answers = await Promise.all([1, 2, 3].map(() => postRaw(origin, path, '')))
  assert.deepEqual(answers.map(({ status }) => status).toSorted((one, other) => one - other), [303, 410, 410])
  assert.deepEqual([(await get(path)).status, (await postRaw(origin, path, '')).status], [410, 410])
  const old = await link()
  later(16)
  assert.equal((await postRaw(origin, old, '')).status, 410)
  for (const token of ['A'.repeat(22), 'x', '%00']) assert.equal((await postRaw(origin, `/sign-in/${token}`, '')).status, 410)
})

test('after ten minutes one’s own language is still changed at once; one’s own key is not', async () => {
  const session = await sessionOf(campaigner)
  later(11)
  const [language, key] = [await postRaw(origin, '/account/language', 'language=en', session), await postRaw(origin, '/account/key', 'age=', session)]
  assert.deepEqual([language.headers.location, key.status], ['/account?said=saved', 403])
  assert.match(key.text, /Is it still you\?/)
})

test('a session ends after four idle hours, and at once when its owner signs out or leaves', async () => {
  const session = await sessionOf(campaigner)
  assert.equal((await get('/account', session)).status, 200)
  assert.equal((await postRaw(origin, '/sign-out', '', session)).headers.location, '/sign-in')
  assert.equal((await get('/account', session)).status, 303)
  const [idle, boss] = [await sessionOf(campaigner), await sessionOf(administrator)]
  assert.match((await postRaw(origin, `/settings/staff/${campaigner}/leave`, '', boss)).text, /<a href="#sure">/, 'it cannot be taken back, so it is asked')
  assert.equal((await get('/account', idle)).status, 200)
  await sql`insert into staff_places values (${campaigner}, 'place:MAR', now())`.execute(it.db)
  assert.equal((await postRaw(origin, `/settings/staff/${campaigner}/leave`, `sure=yes&leave_successor=${administrator}`, boss)).status, 303)
  assert.deepEqual(await it.db.selectFrom('staff_places').select(['staff_id', 'place']).execute(), [{ staff_id: administrator, place: 'place:MAR' }], 'handed over in the same step')
  assert.equal((await get('/account', idle)).status, 303)
  assert.equal((await signIn({ email: 'campaigner@lamplight.example', password, code: code() })).status, 422)
  later(4 * 60 + 1)
  assert.equal((await get('/account', boss)).status, 303)
})
