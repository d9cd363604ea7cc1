import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { inTransaction } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { field, fields } from '#platform/http/server.ts'
import { isToken } from '#platform/tokens.ts'
import { askForPasskey, audit, passkeysOf, passkeyStaff, passwordAndCodeFit, proveSession, type Staff } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { errorSummary, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import type { DeskPages, Visit } from '../pages.ts'
import { readJson } from './read-json.ts'

/** Larger files are chosen again; smaller ones travel in the page. */
const largestKept = 5_000_000
const own = new Set(['again_password', 'again_code', 'again_file'])

interface FilePart {
  filename?: string
  toBuffer?: () => Promise<Buffer>
}

/** The same by passkey: the script asks for it, and then hands the form in as it was. */
export function againRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/account/again', async (visit) => signInAgainPage(desk, visit, 'asked', '/account/again'), 'desk')
  pages.post('/account/again', async () => ({ to: '/account' }), 'account')
  pages.post('/passkeys/again/start', async ({ reply, now }) => reply.send(await inTransaction(desk.db, (tx) => askForPasskey(tx, desk.place, now))), 'desk')
  pages.post('/passkeys/again/finish', async (visit) => {
    const response = readJson<AuthenticationResponseJSON>(field(visit.body, 'response'))
    const token = field(visit.body, 'token')
    const proved = response !== undefined && isToken(token) && await inTransaction(desk.db, async (tx) => {
      if (await passkeyStaff(tx, desk.place, token, response, visit.now) !== visit.staff.id) return false
      await proveAgain(tx, visit)
      return true
    })
    return visit.reply.code(proved ? 200 : 403).send({})
  }, 'desk')
}

/**
 * Reads whether a form came with password and code, because it was asked for them. 'proved': they fit, and the session is fresh. Recovery
 * codes are for signing in: here none is used up.
 */
export async function answeredAgain(desk: Desk, visit: Visit): Promise<'proved' | 'asked' | 'wrong'> {
  const { body, staff, now } = visit
  const password = field(body, 'again_password')
  if (!password) return field(body, 'again_code') ? 'wrong' : 'asked'
  const fits = await inTransaction(desk.db, async (tx) => {
    if (await passwordAndCodeFit(tx, desk.opener, staff, password, field(body, 'again_code'), now, { recovery: false }) !== 'code') return false
    await proveAgain(tx, visit)
    return true
  })
  return fits ? 'proved' : 'wrong'
}

/** Notes that whoever has this session showed again that it is them. */
export async function proveAgain(tx: Parameters<typeof proveSession>[0], { session, staff, now }: Pick<Visit, 'session' | 'staff' | 'now'>): Promise<void> {
  await proveSession(tx, session, now)
  await audit(tx, { staffId: staff.id, verb: 'sign-in-again', subjectKind: 'session', subjectIds: [] }, now)
}

/** Asks for password and code, or the passkey, and carries along what was typed. */
export async function signInAgainPage(desk: Desk, visit: Visit, why: 'asked' | 'wrong', action = visit.request.url): Promise<DeskPage> {
  const { t, request, staff } = visit
  if (!await canProve(desk, staff)) return { title: t('again.title'), status: 403, body: html`<div class="notice"><p>${t('again.nothing-to-prove')}</p><p><a href="/account">${t('again.to-account')}</a></p></div>` }
  const faults: Faults = why === 'wrong' ? { again_password: t('fault.sign-in') } : {}
  return {
    title: t('again.title'), passkeys: true, status: why === 'wrong' ? 422 : request.method === 'GET' ? 200 : 403,
    body: html`<p>${t('again.why')}</p><p id="passkey-fault" class="errors" role="alert" hidden>${t('passkey.fault')}</p>
<form method="post" id="again" action="${action}" class="card" novalidate>${errorSummary(t, faults)}${await typedBefore(visit.body, html`<p>${t('again.file')}</p>`)}
<div class="row"><button type="button" hidden data-passkey="again">${t('passkey.use')}</button></div>
${staff.hasPassword && html`${formFields(t, [{ name: 'own_password', as: 'again_password', kind: 'password', required: true, autocomplete: 'current-password' }, { name: 'code', as: 'again_code', kind: 'line', required: true, autocomplete: 'one-time-code', direction: 'ltr', narrow: true }], {}, faults)}
<div class="row"><button>${t('again.button')}</button></div>`}</form>`,
  }
}

/** Whether somebody has anything to show that it is them. */
export async function canProve(desk: Desk, staff: Staff): Promise<boolean> {
  return (staff.hasPassword && staff.hasOneTimeCode) || (await passkeysOf(desk.db, staff.id)).length > 0
}

/** Everything that a form had, as fields that nobody sees; `tooLarge` in the place of a file that cannot be. */
export async function typedBefore(body: unknown, tooLarge: Html): Promise<Html> {
  const parts: Html[] = []
  for (const name of Object.keys((body ?? {})).filter((each) => !own.has(each))) {
    const part = (body as Record<string, FilePart | undefined>)[name]
    if (!part?.toBuffer) parts.push(...fields(body, name).map((value) => html`<input type="hidden" name="${name}" value="${value}">`))
    else if (part.filename) {
      const bytes = await part.toBuffer()
      parts.push(bytes.length > largestKept ? tooLarge : html`<input type="hidden" name="again_file" value="${JSON.stringify([name, part.filename, bytes.toString('base64')])}">`)
    }
  }
  for (const value of fields(body, 'again_file')) parts.push(html`<input type="hidden" name="again_file" value="${value}">`)
  return html`${parts}`
}

/** Puts files that travelled in the page back in their places. */
export function restoreFiles(body: unknown): void {
  for (const kept of fields(body, 'again_file')) {
    const file = readKept(kept)
    if (!file) continue
    const [name, filename, base64] = file
    if (!own.has(name) && name !== '__proto__') (body as Record<string, FilePart>)[name] = { filename, toBuffer: () => Promise.resolve(Buffer.from(base64, 'base64')) }
  }
}

function readKept(text: string): [name: string, filename: string, base64: string] | undefined {
  try {
    const read: unknown = JSON.parse(text)
    return Array.isArray(read) && read.length === 3 && read.every((each) => typeof each === 'string') ? read as [string, string, string] : undefined
  } catch {
    return undefined
  }
}
