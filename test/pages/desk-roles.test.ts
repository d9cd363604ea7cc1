import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { inTransaction, sql } from '#platform/db.ts'
import { addStaff, assignPlaces, auditFirst, checkChain, makeRecoveryCodes, newOneTimeSecret, openSession, recoveryCodesLeft, roles, sealAudit, setOneTimeSecret, setPassword, type Role } from '#modules/staff/index.ts'
import { addSubject } from '#modules/places/index.ts'
import { acting } from '#test/support/acting.ts'
import { openDeskPages, postRaw, rawRequest } from '#test/support/pages.ts'
import { stage } from '#test/support/stage.ts'

const it = await stage()
const act = await acting(it)
const { origin } = await openDeskPages(it, () => act.now)
const password = 'seven lanterns in a window'
const { secret } = newOneTimeSecret('desk')
const code = () => new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30, algorithm: 'SHA1' }).generate({ timestamp: act.now.getTime() })

async function staff(role: Role): Promise<string> {
  return inTransaction(it.as('desk'), async (tx) => {
    const key = it.secrets.desk.contact.at(-1)!
    const id = await addStaff(tx, key, { name: `The ${role}`, email: `${role}@lamplight.example`, role, language: 'en' }, act.now)
    await setPassword(tx, id, password)
    await setOneTimeSecret(tx, key, id, secret)
    return id
  })
}

const ids = Object.fromEntries(await Promise.all(roles.map(async (role) => [role, await staff(role)]))) as Record<Role, string>
const session = async (role: Role) => ({ cookie: `clarion-desk=${await inTransaction(it.as('desk'), (tx) => openSession(tx, ids[role], act.now))}` })
const get = async (path: string, headers: Record<string, string>) => rawRequest(origin, path, { headers })
const form = (typed: Record<string, string>) => new URLSearchParams(typed).toString()
const signIn = (role: Role, typed: Record<string, string> = {}) => postRaw(origin, '/sign-in', form({ email: `${role}@lamplight.example`, password, code: code(), ...typed }))
const [taken] = await act.takes(act.signature({ name: 'Amara Lind' }))
await act.confirms(taken!)

const finds: [path: string, ...roles: Role[]][] = [
  ['/actions', 'administrator', 'campaigner', 'coordinator', 'researcher', 'press-officer', 'translator', 'data-steward'],
  [`/actions/${act.petition}/words`, 'administrator', 'campaigner', 'translator'],
  [`/actions/${act.petition}/settings`, 'administrator', 'campaigner'],
  [`/actions/${act.petition}/people`, 'administrator', 'campaigner', 'data-steward'],
  [`/actions/${act.petition}/export`, 'administrator', 'campaigner', 'data-steward'],
  ['/participations', 'administrator', 'campaigner', 'coordinator', 'data-steward'],
  ['/supporters', 'administrator', 'campaigner', 'data-steward'],
  ['/targets', 'administrator', 'campaigner', 'researcher'],
  ['/imports', 'administrator', 'campaigner', 'researcher'],
  ['/outbox/messages', 'administrator', 'campaigner'],
  ['/settings', 'administrator', 'data-steward', 'security-lead'],
  ['/settings/organisation', 'administrator'],
  ['/settings/staff', 'administrator'],
  ['/settings/statements', 'administrator', 'data-steward'],
  ['/audit', 'administrator', 'data-steward', 'security-lead'],
  ['/keys', 'administrator', 'security-lead'],
  ['/sessions', 'administrator', 'security-lead'],
  ['/lock', 'administrator', 'security-lead'],
  ['/approvals', 'administrator', 'campaigner', 'data-steward', 'security-lead'],
]

test('each role finds its own pages; the others do not exist for it', async () => {
  assert.match((await get('/', await session('coordinator'))).text, /No country and no action has been assigned to you yet/)
  assert.doesNotMatch((await get(`/actions/${act.petition}/words`, await session('translator'))).text, /\/settings\/languages/, 'no way to a page that is not there for them')
  for (const role of roles) {
    const headers = await session(role)
    for (const [path, ...allowed] of finds) assert.equal((await get(path, headers)).status, allowed.includes(role) ? 200 : 404, `${role} ${path}`)
  }
})

test('nobody is shown a way to what does not exist for them', async () => {
  for (const role of roles) {
    const headers = await session(role)
    const seen = new Set<string>()
    for (let next = ['/']; next.length > 0;) {
      const found: string[] = []
      for (const path of next.filter((each) => !seen.has(each)).slice(0, 20)) {
        seen.add(path)
        const answer = await get(path, headers)
        assert.ok(answer.status === 200 || answer.status === 303, `${role} ${path} ${answer.status}`)
        // Two steps deep: what hangs below one action or office is the same for the next.
        if (path.split('/').length <= 3) found.push(...[...answer.text.matchAll(/<a[^>]* href="(\/[^"?#]*)/g)].map(([, href]) => href!))
      }
      next = seen.size > 20 ? [] : [...new Set(found)]
    }
    assert.ok(seen.size > 1, role)
  }
})

test('a coordinator of a place finds it, and may write about it', async () => {
  await inTransaction(it.as('desk'), (tx) => addSubject(tx, { kind: 'place', language: 'en', name: 'Westhaven' }, act.now))
  const [boss, headers] = [await session('administrator'), await session('coordinator')]
  assert.doesNotMatch((await get('/subjects', headers)).text, /Westhaven/)
  const offered = /value="(place:[^"]+)"[^>]*>(?:<[^>]+>|\s)*Westhaven/.exec((await get(`/settings/staff/${ids.coordinator}`, boss)).text)![1]!
  await postRaw(origin, `/settings/staff/${ids.coordinator}/places`, form({ places: offered }), boss)
  for (const path of ['/subjects', '/items/new', '/items']) assert.match((await get(path, headers)).text, /Westhaven/, path)
  const { id } = await it.db.selectFrom('subjects').select('id').where('slug', '=', 'westhaven').executeTakeFirstOrThrow()
  const saved = (code: string, who: Record<string, string>, actions: Record<string, string> = {}) => postRaw(origin, `/subjects/${id}`, form({ slug: 'westhaven', short_code: code, 'names.en': 'Westhaven', ...actions }), who)
  assert.equal((await saved('HARBOR', boss)).status, 303)
  assert.match((await get('/subjects', headers)).text, /Westhaven/, 'under another short code it is still theirs')
  assert.doesNotMatch((await get(`/subjects/${id}`, headers)).text, /name="short_code"/)
  assert.equal((await saved('OTHER', headers, { subject_actions: act.petition })).status, 303)
  assert.deepEqual(await it.db.selectFrom('staff_places').select('place').execute(), [{ place: 'place:HARBOR' }])
  assert.equal((await get(`/actions/${act.petition}`, headers)).status, 404, 'nobody takes an action by leading to it')
})

test('a coordinator has the actions that were assigned, and of everything those alone', async () => {
  const headers = await session('coordinator')
  assert.doesNotMatch((await get('/actions', headers)).text, /href="\/actions\/[0-9a-f]/)
  assert.match((await get('/participations', headers)).text, /Nobody|nobody|Nothing|No /)
  assert.equal((await postRaw(origin, `/actions/${act.petition}/move`, form({ to: 'suspended', reason: 'x' }), headers)).status, 404)
  await inTransaction(it.as('desk'), (tx) => assignPlaces(tx, ids.coordinator, [`action:${act.petition}`], act.now))
  const listed = [...(await get('/actions', headers)).text.matchAll(/href="\/actions\/([0-9a-f-]{36})"/g)].map(([, id]) => id)
  assert.deepEqual(listed, [act.petition])
  assert.equal((await get(`/actions/${act.petition}/people`, headers)).status, 200)
  assert.doesNotMatch((await get('/participations', headers)).text, /\/open"/, 'states, and no names')
  assert.equal((await postRaw(origin, '/actions/new', form({ template: 'petition' }), headers)).status, 404, 'what is limited reaches nothing that limits nothing')
  const rolesOf = (...held: Role[]) => sql`update staff set roles = ${held}::text[] where id = ${ids.translator}`.execute(it.db)
  await rolesOf('translator', 'coordinator')
  const other = await session('translator')
  assert.doesNotMatch((await get(`/actions/${act.petition}/words/en`, other)).text, /value="publish"/)
  assert.equal((await postRaw(origin, `/actions/${act.petition}/words/en`, `${form({ title: 'Theirs', ask: 'x' })}&then=publish`, other)).headers.location, `/actions/${act.petition}?said=saved`, 'who translates everywhere publishes only their own')
  await rolesOf('translator')
})

test('exports, keys and staff ask who is there after ten minutes, and what was typed goes on with the answer', async () => {
  const headers = await session('administrator')
  act.later({ minutes: 10 })
  const typed = form({ name: 'Jun <Aldane>', email: 'jun@lamplight.example', language: 'ar' }) + '&roles=translator&roles=researcher'
  const asked = await postRaw(origin, '/settings/staff', typed, headers)
  assert.equal(asked.status, 403)
  assert.match(asked.text, /Is it still you\?/)
  assert.equal((await it.db.selectFrom('staff').select('id').execute()).length, roles.length, 'nothing is done yet')
  const hidden = [...asked.text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [name!, value!.replaceAll('&lt;', '<').replaceAll('&gt;', '>')])
  assert.deepEqual(hidden, [['name', 'Jun <Aldane>'], ['email', 'jun@lamplight.example'], ['language', 'ar'], ['roles', 'translator'], ['roles', 'researcher']])
  const again = (answer: Record<string, string>) => postRaw(origin, '/settings/staff', `${new URLSearchParams(hidden).toString()}&${form(answer)}`, headers)
  assert.equal((await again({ again_password: 'not this one', again_code: code() })).status, 422)
  const [spare] = await inTransaction(it.as('desk'), (tx) => makeRecoveryCodes(tx, ids.administrator, act.now))
  assert.equal((await again({ again_password: password, again_code: spare! })).status, 422)
  assert.deepEqual(await recoveryCodesLeft(it.db, ids.administrator), { left: 10, made: 10 }, 'here none is used up')
  const done = await again({ again_password: password, again_code: code() })
  assert.equal(done.status, 200)
  assert.match(done.text, /\/sign-in\//)
  const added = await it.db.selectFrom('staff').select(['roles', 'language']).orderBy('created_at', 'desc').executeTakeFirstOrThrow()
  assert.deepEqual(added, { roles: ['researcher', 'translator'], language: 'ar' })
  assert.equal((await postRaw(origin, '/settings/approvals', form({ 'above-mailing': '500', 'hours-mailing': '24', 'above-export': '50', 'hours-export': '24' }), headers)).status, 303, 'for ten minutes nothing more is asked')
})

test('a deputy may what the absent person may, from the first day to the last, and the log says on whose behalf', async () => {
  const [boss, translator] = [await session('administrator'), await session('translator')]
  const day = (days: number) => new Date(act.now.getTime() + days * 86_400_000).toISOString().slice(0, 10)
  assert.equal((await get('/supporters', translator)).status, 404)
  assert.equal((await postRaw(origin, `/settings/staff/${ids['data-steward']}/deputies`, form({ deputy: ids.translator, first_day: day(2), last_day: day(1) }), boss)).status, 422)
  assert.equal((await postRaw(origin, `/settings/staff/${ids['data-steward']}/deputies`, form({ deputy: ids.translator, first_day: day(0), last_day: day(0) }), boss)).status, 303)
  for (const [path, whom] of [['/', translator], ['/', await session('data-steward')], ['/supporters', translator]] as const) assert.match((await get(path, whom)).text, path === '/' ? /The translator for The data-steward/ : /<form/, 'both are told')
  const { person_id: person } = await it.db.selectFrom('participations').select('person_id').executeTakeFirstOrThrow()
  assert.equal((await postRaw(origin, `/supporters/${person}/erase`, form({ reason: 'asked by letter', 'erase-who': 'themselves', 'erase-way': 'letter' }), translator)).status, 303)
  const line = await it.db.selectFrom('audit_log').select(['staff_id', 'details']).where('verb', '=', 'erase-person').executeTakeFirstOrThrow()
  assert.deepEqual(line, { staff_id: ids.translator, details: { by: 'themselves', way: 'letter', behalfOf: ids['data-steward'] } })
  assert.match((await get('/audit?verb=erase-person', boss)).text, /for The data-steward/)
  act.later({ days: 1 })
  assert.equal((await get('/supporters', await session('translator'))).status, 404)
})

test('a coordinator hands over to another coordinator and to nobody else, and not what they stand in for', async () => {
  const rolesOf = (...held: Role[]) => sql`update staff set roles = ${held}::text[] where id = ${ids.researcher}`.execute(it.db)
  const give = async (successor: string, from: Role = 'coordinator') => (await postRaw(origin, '/account/hand-over', form({ successor }), await session(from))).status
  assert.deepEqual([await give(ids.administrator), await give(ids.coordinator, 'press-officer'), await rolesOf('researcher', 'coordinator')].slice(0, 2), [422, 404])
  await sql`insert into deputies (id, staff_id, deputy_id, from_at, until_at, created_at) values (gen_random_uuid(), ${ids.administrator}, ${ids.coordinator}, ${new Date(act.now.getTime() + 86_400_000)}, ${new Date(act.now.getTime() + 2 * 86_400_000)}, ${act.now})`.execute(it.db)
  assert.deepEqual([await give(ids.researcher), await give(ids.researcher)], [303, 404], 'once')
  assert.deepEqual(await it.db.selectFrom('staff_places').select(['staff_id', 'place']).execute(), [{ staff_id: ids.researcher, place: `action:${act.petition}` }])
  assert.deepEqual((await sql`delete from deputies where staff_id = ${ids.administrator} returning deputy_id`.execute(it.db)).rows, [{ deputy_id: ids.coordinator }], 'who stands in for whom others decide')
  assert.deepEqual([await give(ids.coordinator, 'researcher'), await rolesOf('researcher')][0], 303)
})

test('everything goes from one person to another in one step', async () => {
  const boss = await session('administrator')
  await sql`insert into alert_requests values (${ids.coordinator}, ${act.now})`.execute(it.db)
  assert.equal((await postRaw(origin, `/settings/staff/${ids.coordinator}/hand-over`, form({ successor: ids.coordinator }), boss)).status, 422)
  assert.equal((await postRaw(origin, `/settings/staff/${ids.coordinator}/hand-over`, form({ successor: ids['press-officer'] }), boss)).status, 303)
  assert.deepEqual(await it.db.selectFrom('staff_places').select(['staff_id', 'place']).execute(), [{ staff_id: ids['press-officer'], place: `action:${act.petition}` }])
  assert.deepEqual((await it.db.selectFrom('alert_requests').select('staff_id').execute()).map((row) => row.staff_id), [ids['press-officer']])
  assert.doesNotMatch((await get('/actions', await session('coordinator'))).text, /href="\/actions\/[0-9a-f]/)
})

test('a recovery code lets in once, also while wrong passwords have locked the account; the security lead unlocks it', async () => {
  const headers = await session('researcher')
  const shown = await postRaw(origin, '/account/recovery-codes', '', headers)
  const codes = [...shown.text.matchAll(/<code>([a-z0-9-]{19})<\/code>/g)].map(([, each]) => each!)
  assert.equal(new Set(codes).size, 10)
  for (let tries = 0; tries < 5; tries++) await signIn('researcher', { password: 'not this one' })
  act.later({ seconds: 60 })
  assert.equal((await signIn('researcher')).status, 422, 'locked')
  assert.equal((await signIn('researcher', { code: codes[0]!.toUpperCase().replaceAll('-', ' '), password: 'not this one' })).status, 422)
  assert.match((await signIn('researcher', { code: codes[0]!.toUpperCase().replaceAll('-', ' ') })).headers.location!, /^\/account\?said=recovery-used/)
  assert.equal((await signIn('researcher', { code: codes[0]! })).status, 422, 'used up')
  for (let tries = 0; tries < 5; tries++) await signIn('researcher', { password: 'not this one' })
  const lead = await session('security-lead')
  assert.match((await get('/sessions', lead)).text, /Locked until/)
  assert.equal((await postRaw(origin, `/sessions/${ids.researcher}/unlock`, '', lead)).status, 303)
  assert.equal((await signIn('researcher')).status, 303)
})

test('sessions are listed and ended one by one, by their owner and by the security lead', async () => {
  const [one, other] = [await session('campaigner'), await session('campaigner')]
  const id = /name="id" value="([0-9a-f]{64})"/.exec((await get('/account', one)).text)![1]!
  assert.equal((await postRaw(origin, '/account/sessions/end', form({ id }), await session('translator'))).status, 303)
  assert.equal((await get('/', other)).status, 200, 'a session of somebody else is not theirs to end')
  await postRaw(origin, '/account/sessions/end', '', one)
  assert.deepEqual([(await get('/', one)).status, (await get('/', other)).status], [200, 303])
  const [lead, elsewhere] = [await session('security-lead'), await session('security-lead')]
  await postRaw(origin, `/sessions/${ids.campaigner}/end`, '', lead)
  assert.equal((await get('/', one)).status, 303)
  await postRaw(origin, `/sessions/${ids['security-lead']}/end`, '', lead)
  assert.deepEqual([(await get('/', lead)).status, (await get('/', elsewhere)).status], [200, 303], 'all others, not this one')
})

test('the log is filtered in the database and downloaded as a table that no spreadsheet runs', async () => {
  const lead = await session('security-lead')
  await auditFirst(it.as('desk'), { staffId: ids.campaigner, verb: 'export', subjectKind: 'action', subjectIds: [act.petition], reason: '=1+1' })
  assert.match((await get(`/audit?staff=${ids.campaigner}&verb=export&kind=action&subject=${act.petition}`, lead)).text, /One line/)
  assert.match((await get('/audit?last=2001-01-01', lead)).text, /No lines/)
  for (const staff of ['x%27', '-'.repeat(36)]) assert.equal((await get(`/audit?staff=${staff}&verb=%22&subject=%7B&first=2027-13-40&page=99999999999`, lead)).status, 200)
  const table = await postRaw(origin, '/audit/export?verb=export', '', lead)
  assert.match(table.headers['content-type'] as unknown as string, /^text\/csv/)
  assert.match(table.text, /,export,action,[0-9a-f-]{36},"'=1\+1",/)
  assert.equal((await postRaw(origin, '/audit/export', '', await session('campaigner'))).status, 404)
})

test('when everything is locked, everybody is out, and only who may unlock comes back in', async () => {
  const [lead, campaigner] = [await session('security-lead'), await session('campaigner')]
  assert.equal((await postRaw(origin, '/lock', '', lead)).status, 422)
  assert.equal((await postRaw(origin, '/lock', form({ reason: 'a stolen laptop' }), lead)).headers.location, '/sign-in?next=/lock')
  for (const headers of [lead, campaigner]) assert.equal((await get('/', headers)).status, 303)
  act.later({ seconds: 60 })
  const refused = await signIn('campaigner')
  assert.deepEqual([refused.status, refused.text], [422, (await signIn('campaigner', { password: 'wrong' })).text], 'right or wrong, it is the same page')
  assert.match(refused.text, /The desk is closed for a while/)
  assert.match((await get('/sign-in', {})).text, /The desk is closed for a while/)
  assert.equal((await get('/', await session('campaigner'))).status, 303, 'even a session that was made meanwhile')
  const back = await signIn('administrator')
  assert.equal(back.status, 303)
  const boss = { cookie: back.headers['set-cookie']![0]!.split(';')[0]! }
  assert.match((await get('/', boss)).text, /Everything is locked/)
  for (const path of ['/supporters', `/actions/${act.petition}/export`, '/keys/open']) assert.equal((await get(path, boss)).status, 403, path)
  assert.deepEqual([(await get('/keys/open', await session('security-lead'))).status, (await postRaw(origin, '/keys/open', '', await session('security-lead'))).status], [403, 403])
  const line = await auditFirst(it.as('desk'), { staffId: ids.administrator, verb: 'open-person', subjectKind: 'person', subjectIds: [] })
  await assert.rejects(sql`select * from open_people(${line})`.execute(it.as('desk')), /everything is locked/)
  assert.equal((await postRaw(origin, '/lock/end', form({ reason: 'the laptop is back' }), boss)).status, 303)
  act.later({ seconds: 60 })
  assert.equal((await signIn('campaigner')).status, 303)
  while (await sealAudit(it.as('worker'))) { /* until all are sealed */ }
  assert.equal((await checkChain(it.db)).holds, true)
})
