import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leavingToken, linkToken, shortCode, type Taking } from '#modules/actions/index.ts'
import { acting } from '#test/support/acting.ts'
import { formOn, post, sign } from '#test/support/http.ts'
import { everyTable, openPages, postRaw, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const { origin } = await openPages(act)
const petition = '/actions/no-one-should-vanish'
const page = (path: string, headers: Record<string, string> = {}) => rawRequest(origin, path, { headers })
const tokenOf = (taking: Taking) => linkToken(it.keys.linkKey, taking.id)
const stateOf = async (taking: Taking) => (await it.db.selectFrom('participations').select('state').where('id', '=', taking.id).executeTakeFirstOrThrow()).state
const heading = (text: string) => /<h1>([\s\S]*?)<\/h1>/.exec(text)![1]!
const one = async (email: string, confirmed = false) => {
  const [taking] = await act.takes(act.signature({ email, answers: (await yes()) }))
  if (confirmed) await act.confirms(taking!)
  return taking!
}

/** A yes to being written to, as the page asks for it. */
async function yes(): Promise<Taking['answers']> {
  const { id } = await it.db.selectFrom('consent_statements').select('id').where('channel', '=', 'email').executeTakeFirstOrThrow()
  const wording = await it.db.selectFrom('consent_wordings').select('id').where('statement_id', '=', id).where('language', '=', 'en').executeTakeFirstOrThrow()
  return [{ statement: id, wording: wording.id, answer: 'yes' }]
}

for (const { verb, confirmed, becomes, leads, again } of [
  { verb: 'confirm', confirmed: false, becomes: 'confirmed', leads: `${petition}/thanks`, again: 'It is confirmed' },
  { verb: 'not-me', confirmed: false, becomes: 'refused', leads: '/done/not-me', again: 'It is deleted' },
  { verb: 'withdraw', confirmed: true, becomes: 'withdrawn', leads: '/done/withdraw', again: 'taken back' },
]) {
  test(`the link to ${verb} asks on a page first; its button does it, and pressing it again is fine`, async () => {
    const taking = await one(`${verb}@example.org`, confirmed)
    const path = `/${verb}/${tokenOf(taking)}`
    const before = await everyTable(it)
    const asked = await page(path)
    assert.equal(asked.status, 200)
    assert.deepEqual(formOn(asked.text, path), { action: path, fields: [] })
    assert.doesNotMatch(asked.text, new RegExp(`${verb}@|Amara`), 'nobody is named to whoever holds the link')
    assert.deepEqual(await everyTable(it), before)

    for (let click = 0; click < 2; click++) {
      const answer = await postRaw(origin, path, '')
      assert.equal(answer.status, 303)
      assert.equal(answer.headers.location, leads)
    }
    await act.settle()
    assert.equal(await stateOf(taking), becomes)
    const settled = await postRaw(origin, path, '')
    assert.equal(settled.status, 303)
    const then = await page(settled.headers.location!)
    assert.equal(then.status, 200)
    assert.match(heading(then.text), new RegExp(again, 'i'))
    assert.doesNotMatch(then.text, /<form method="post"/)
    await act.settle()
    assert.equal(await stateOf(taking), becomes)
  })
}

test('whoever unsubscribes by the page gets no more updates, and may do it twice', async () => {
  const taking = await one('updates@example.org', true)
  const path = `/unsubscribe/${tokenOf(taking)}`
  const before = await everyTable(it)
  assert.match((await page(path)).text, /<button class="go">/)
  assert.deepEqual(await everyTable(it), before)
  for (let click = 0; click < 2; click++) assert.equal((await postRaw(origin, path, '')).headers.location, '/done/unsubscribe')
  await act.settle()
  assert.deepEqual((await it.db.selectFrom('consents').select(['answer', 'way']).where('person_id', '=', await personOf(taking)).orderBy('recorded_at').execute()).map((row) => `${row.answer} ${row.way}`), ['yes form', 'withdrawn unsubscribe-page'])
  assert.equal(await stateOf(taking), 'confirmed', 'the signature stands')
})

async function personOf(taking: Taking): Promise<string> {
  return (await it.db.selectFrom('participations').select('person_id').where('id', '=', taking.id).executeTakeFirstOrThrow()).person_id
}

test('the link that mail programs post to lets out of mail, opens nothing else, and is looked up by nobody', async () => {
  const taking = await one('leaving@example.org', true)
  const token = leavingToken(it.keys.linkKey, taking.id)
  const path = `/unsubscribe/${token}`
  assert.match((await page(path)).text, /<button class="go">/)
  for (const other of ['confirm', 'withdraw', 'not-me', 'my-data', 'receipt']) assert.equal((await page(`/${other}/${token}`)).status, 404, other)
  const forged = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`
  assert.equal((await postRaw(origin, `/unsubscribe/${forged}`, '')).headers.location, '/done/unsubscribe')
  await act.settle()
  const answers = async () => (await it.db.selectFrom('consents').select('answer').where('person_id', '=', await personOf(taking)).orderBy('recorded_at').execute()).map(({ answer }) => answer)
  assert.deepEqual(await answers(), ['yes'], 'a forged one changes nothing')
  for (let click = 0; click < 2; click++) assert.equal((await postRaw(origin, path, 'List-Unsubscribe=One-Click')).status, 200)
  await act.settle()
  assert.deepEqual(await answers(), ['yes', 'withdrawn'])
})

test('whoever was erased unsubscribes like everybody else', async () => {
  const path = `/unsubscribe/${'A'.repeat(22)}`
  const before = await everyTable(it)
  const shown = await page(path)
  assert.equal(shown.status, 200)
  assert.match(shown.text, /<button class="go">/)
  assert.equal((await postRaw(origin, path, '')).headers.location, '/done/unsubscribe')
  assert.deepEqual(await everyTable(it), before)
})

test('a mail program unsubscribes in one click: either kind of form, no cookie, from anywhere, no redirect', async () => {
  const multipart = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
  for (const [place, [type, body]] of ([['application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'], ['multipart/form-data; boundary=x', multipart]] as const).entries()) {
    const taking = await one(`one-click.${place}@example.org`, true)
    const path = `/unsubscribe/${tokenOf(taking)}`
    const senders: Record<string, string>[] = [{}, { origin: 'https://mail.example' }, { origin: 'null', 'sec-fetch-site': 'cross-site' }]
    for (const headers of senders) {
      const answer = await rawRequest(origin, path, { method: 'POST', body, headers: { 'content-type': type, ...headers } })
      assert.equal(answer.status, 200)
      assert.equal(answer.text, '')
      assert.equal(answer.headers['set-cookie'], undefined)
    }
    await act.settle()
    assert.deepEqual((await it.db.selectFrom('consents').select(['answer', 'way']).where('person_id', '=', await personOf(taking)).orderBy('recorded_at').execute()).map((row) => `${row.answer} ${row.way}`), ['yes form', 'withdrawn one-click'])
  }
  assert.equal((await rawRequest(origin, `/unsubscribe/${'A'.repeat(22)}`, { method: 'POST', body: 'List-Unsubscribe=One-Click', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status, 200, 'an old link gives nobody an error to retry')
  for (const broken of ['--x\r\nnonsense', '', '--y--']) {
    assert.ok((await rawRequest(origin, `/unsubscribe/${'A'.repeat(22)}`, { method: 'POST', body: broken, headers: { 'content-type': 'multipart/form-data; boundary=x' } })).status < 500)
  }
})

test('every link that we do not know gets the same page, and posting to it changes nothing', async () => {
  const before = await everyTable(it)
  const pages = new Set<string>()
  for (const verb of ['confirm', 'not-me', 'withdraw', 'unsubscribe']) {
    // A link to unsubscribe that looks like one of ours may be of somebody who was erased: they get the page of everybody else.
    for (const token of [...(verb === 'unsubscribe' ? [] : ['A'.repeat(22), 'B'.repeat(22)]), 'short', 'x'.repeat(100)]) {
      for (const answer of [await page(`/${verb}/${token}`), await postRaw(origin, `/${verb}/${token}`, '')]) {
        assert.equal(answer.status, 404)
        pages.add(answer.text)
      }
    }
  }
  assert.equal(pages.size, 1)
  await act.settle()
  assert.deepEqual(await everyTable(it), before)
})

test('the browser that signed may confirm by itself and by the code; any other is asked to press the button', async () => {
  const signed = await sign(origin, petition, { name: 'Amara', email: 'code@example.org' })
  const cookie = signed.headers.get('set-cookie')!.split(';')[0]!
  await act.settle()
  const { id } = await it.db.selectFrom('participations').select('id').where('state', '=', 'waiting').executeTakeFirstOrThrow()
  const path = `/confirm/${linkToken(it.keys.linkKey, id)}`
  assert.match((await page(path, { cookie })).text, /data-confirm-by-itself/)
  for (const other of [{}, { cookie: `clarion-signed=${'A'.repeat(22)}` }, { cookie: 'clarion-signed=%00; x=y' }]) assert.doesNotMatch((await page(path, other as Record<string, string>)).text, /data-confirm-by-itself/)

  const code = shortCode(it.keys.linkKey, id)
  assert.equal((await post(origin, `${petition}/code`, { code })).status, 422, 'the code alone is nothing')
  const typed = `${code.slice(0, 3)} ${code.slice(3)}`.replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))
  assert.equal((await post(origin, `${petition}/code`, { code: '000' }, { cookie })).status, 422)
  const right = await post(origin, `${petition}/code`, { code: typed }, { cookie })
  assert.equal(right.status, 303, 'also with Arabic digits')
  assert.match(right.headers.get('set-cookie')!, /^clarion-known=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/)
  await act.settle()
  assert.deepEqual((await it.db.selectFrom('participations').select('state').where('id', '=', id).execute()).map(({ state }) => state), ['confirmed'])
})

test('a device forgets by a button: both cookies end, and nothing is stored', async () => {
  const before = await everyTable(it)
  assert.equal((await page('/forget-me')).headers['set-cookie'], undefined)
  const answer = await postRaw(origin, '/forget-me', '', { cookie: `clarion-signed=${'A'.repeat(22)}` })
  assert.deepEqual(answer.headers['set-cookie'], ['clarion-signed=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0', 'clarion-known=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0'])
  assert.ok((await postRaw(origin, '/forget-me', '')).status < 400)
  assert.deepEqual(await everyTable(it), before)
})

test('behind a proxy that we trust, cookies are bound to the encrypted host', async () => {
  const { origin: inside } = await openPages(act, { CLARION_ORIGIN: 'https://act.lamplight.example', TRUSTED_PROXIES: '127.0.0.1' })
  const headers = { host: 'act.lamplight.example', 'x-forwarded-host': 'act.lamplight.example', 'x-forwarded-proto': 'https', origin: 'https://act.lamplight.example' }
  const answer = await postRaw(inside, '/forget-me', '', headers)
  assert.deepEqual(answer.headers['set-cookie'], ['signed', 'known'].map((name) => `__Host-clarion-${name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure`))
  assert.match(String(answer.headers['strict-transport-security']), /max-age=31536000/)
  assert.equal((await postRaw(inside, '/forget-me', '', { ...headers, 'x-forwarded-host': 'elsewhere.example' })).status, 421)
})

test('a reader asks for the bulletin by e-mail, says yes by the mail’s link, and changes how often it comes; the page says the same to everybody', async () => {
  const path = '/places/marovia/bulletin/by-mail'
  const form = await page(path)
  assert.match((await page('/places/marovia')).text, new RegExp(`href="${path}"`))
  assert.doesNotMatch(form.text, / checked/)
  const wording = /name="wording" value="([^"]+)"/.exec(form.text)![1]!
  const ask = (fields: Record<string, string>) => postRaw(origin, path, new URLSearchParams({ wording, ...fields }).toString())
  assert.equal((await ask({ email: 'reader@example.org' })).status, 422)
  assert.equal((await ask({ email: 'not an address', often: 'weekly' })).status, 422)
  for (const email of ['reader@example.org', 'reader@example.org', 'amara@example.org']) assert.equal((await ask({ email, often: 'weekly' })).headers.location, `${path}/asked`)
  await act.settle()
  const [request] = await it.db.selectFrom('bulletin_requests').selectAll().execute()
  assert.equal((await it.db.selectFrom('bulletin_requests').select('id').execute()).length, 2, 'a second click asks once')
  const link = `/bulletin/${linkToken(it.keys.linkKey, request!.id)}`
  assert.match((await page(link)).text, /Do you want this bulletin/)
  assert.match((await page(link.replace('/bulletin/', '/unsubscribe/'))).text, /Stop all mail/)
  assert.equal((await page(link.replace('/bulletin/', '/confirm/'))).status, 404)
  const press = async (what: string, more = {}) => {
    const { status } = await postRaw(origin, link, new URLSearchParams({ what, ...more }).toString())
    await act.settle()
    return status
  }
  assert.equal(await press('yes'), 303)
  assert.match((await page(link)).text, /once a week/)
  assert.equal(await press('at-once', { wording }), 303)
  assert.match((await page(link)).text, /whenever something new/)
  assert.equal(await press('never'), 303)
  assert.match((await page(link)).text, /does not come any more/)
  assert.equal((await page('/bulletin/AAAAAAAAAAAAAAAAAAAAAA')).status, 404)
})

test('a shared link shows a card of ours where a page has no picture, and nothing of what is not public', async () => {
  for (const path of ['/places/marovia', '/items/judge-orders-list', '/actions/no-one-should-vanish']) {
    const { text } = await page(path)
    assert.match(text, /<meta property="og:image" content="http[^"]+\/(?:cards|files)\/[^"]+"><meta property="og:image:width" content="\d+"><meta property="og:image:height" content="\d+"><meta property="og:image:alt" content="[^"]+"><meta name="twitter:card" content="summary_large_image">/)
  }
  for (const name of ['00000000-0000-0000-0000-000000000000', 'house-xx', '..%2f']) assert.equal((await page(`/cards/${name}.png`)).status, 404)
})
