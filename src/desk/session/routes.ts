import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { inTransaction } from '#platform/db.ts'
import { html, type Html } from '#platform/html/html.ts'
import { setCookie } from '#platform/http/cookies.ts'
import { field, seeOther, type FastifyReply, type FastifyRequest } from '#platform/http/server.ts'
import { qrSvg } from '#platform/qr.ts'
import { isToken } from '#platform/tokens.ts'
import { interfaceLanguages, isInterfaceLanguage } from '#platform/words.ts'
import { nativeName } from '#platform/formats.ts'
import { readAddress } from '#modules/people/index.ts'
import { reachedAt } from '#modules/publisher/index.ts'
import {
  addPasskey, addStaff, allStaff, askForPasskey, audit, changeStaff, closeOtherSessions, closeSession, codeFits, findSigninLink, newOneTimeSecret, offerPasskey, openSession,
  passkeysOf, passkeyStaff, passwordAndCodeFit, readLockdown, removePasskey, rolesGive, sessionHours, setOneTimeSecret, setPassword, shortestPassword, useSigninLink, type Staff,
} from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { button, emailFault, form, formFields, type Faults, type Typed } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { accountSafety } from './account-safety.ts'
import { handingOverPart } from './handing-over.ts'
import { readJson } from './read-json.ts'
import { chosenLanguage, sessionCookie } from './who.ts'
import type { DeskPages, Visit } from '../pages.ts'
import { deskWords, type DeskWords } from '../words/index.ts'

export function sessionRoutes(pages: DeskPages, desk: Desk): void {
  const { server } = pages

  /** Lets somebody in: their browser gets a session. False, and nobody is let in, where everything is locked and it is not for them to unlock. */
  async function letIn(request: FastifyRequest, reply: FastifyReply, staffId: string): Promise<boolean> {
    const token = await inTransaction(desk.db, async (tx) => {
      const staff = (await allStaff(tx, desk.opener)).find(({ id }) => id === staffId)!
      if (await readLockdown(tx) && !rolesGive(staff.roles, 'lock-everything')) return undefined
      await audit(tx, { staffId, verb: 'sign-in', subjectKind: 'session', subjectIds: [] }, desk.now())
      return openSession(tx, staffId, desk.now())
    })
    if (token) void reply.header('set-cookie', setCookie(sessionCookie, token, { secure: request.isSecure, seconds: sessionHours * 3600, strict: true }))
    return token !== undefined
  }

  server.get('/sign-in', (request, reply) => pages.outside(request, reply, (t) => signInPage(t, nextOf(request), {})))

  server.post('/sign-in', async (request, reply) => {
    const email = field(request.body, 'email').trim().toLowerCase()
    const staff = (await allStaff(desk.db, desk.opener)).find((each) => each.email.toLowerCase() === email && each.leftAt === null)
    const fits = await inTransaction(desk.db, (tx) => passwordAndCodeFit(tx, desk.opener, staff, field(request.body, 'password'), field(request.body, 'code'), desk.now()))
    if (fits && await letIn(request, reply, staff!.id)) {
      if (fits === 'recovery') await inTransaction(desk.db, (tx) => audit(tx, { staffId: staff!.id, verb: 'use-recovery-code', subjectKind: 'staff', subjectIds: [staff!.id] }, desk.now()))
      return seeOther(reply, fits === 'recovery' ? '/account?said=recovery-used#recovery' : nextOf(request))
    }
    return pages.outside(request, reply, (t) => ({ ...signInPage(t, nextOf(request), { email: field(request.body, 'email') }, { email: t('fault.sign-in') }), status: 422 }))
  })

  server.get('/sign-in/:token', async (request, reply) => {
    const { token } = request.params as { token: string }
    const link = isToken(token) ? await desk.reading(() => findSigninLink(desk.db, token, desk.now())) : undefined
    return pages.outside(request, reply, (t) => (link ? linkPage(t, token, link.staffId === null, { language: chosenLanguage(request) }, {}) : deadLinkPage(t)))
  })

  server.post('/sign-in/:token', async (request, reply) => {
    const { token } = request.params as { token: string }
    const t = deskWords(chosenLanguage(request))
    const link = isToken(token) ? await findSigninLink(desk.db, token, desk.now()) : undefined
    if (!link) return pages.outside(request, reply, deadLinkPage)
    const newcomer = link.staffId === null ? readNewcomer(t, request.body) : undefined
    if (newcomer && Object.keys(newcomer.faults).length) return pages.outside(request, reply, (words) => ({ ...linkPage(words, token, true, newcomer.typed, newcomer.faults), status: 422 }))
    const staffId = await inTransaction(desk.db, async (tx) => {
      if (!await useSigninLink(tx, token, desk.now())) return undefined
      const id = link.staffId ?? await addStaff(tx, desk.contactKey, { name: newcomer!.typed.name, email: newcomer!.typed.email, role: 'administrator', language: newcomer!.typed.language }, desk.now())
      await audit(tx, { staffId: id, verb: link.staffId ? 'use-sign-in-link' : 'become-administrator', subjectKind: 'staff', subjectIds: [id] }, desk.now())
      return id
    })
    if (!staffId) return pages.outside(request, reply, deadLinkPage)
    return await letIn(request, reply, staffId) ? seeOther(reply, '/account') : pages.outside(request, reply, deadLinkPage)
  })

  pages.post('/sign-out', async ({ session, reply, request }) => {
    await inTransaction(desk.db, (tx) => closeSession(tx, session))
    return seeOther(reply.header('set-cookie', setCookie(sessionCookie, '', { secure: request.isSecure, seconds: 0, strict: true })).header('clear-site-data', '"cache"'), '/sign-in')
  }, 'desk')

  // Passkeys: the one part of the desk that only a script can do.
  server.post('/passkeys/use/start', async (_, reply) => reply.send(await inTransaction(desk.db, (tx) => askForPasskey(tx, desk.place, desk.now()))))
  server.post('/passkeys/use/finish', async (request, reply) => {
    const response = readJson<AuthenticationResponseJSON>(field(request.body, 'response'))
    const token = field(request.body, 'token')
    const staffId = response && isToken(token) ? await inTransaction(desk.db, (tx) => passkeyStaff(tx, desk.place, token, response, desk.now())) : undefined
    if (!staffId || !await letIn(request, reply, staffId)) return reply.code(403).send({})
    return reply.send({ next: nextOf(request) })
  })
  pages.post('/passkeys/add/start', async ({ staff, reply, now }) => reply.send(await inTransaction(desk.db, (tx) => offerPasskey(tx, desk.place, staff, now))), 'account')
  pages.post('/passkeys/add/finish', async (visit) => {
    const response = readJson<RegistrationResponseJSON>(field(visit.body, 'response'))
    const token = field(visit.body, 'token')
    const added = response !== undefined && isToken(token) && await pages.change(visit, { verb: 'add-passkey', subjectKind: 'staff', subjectIds: [visit.staff.id] },
      (tx) => addPasskey(tx, desk.place, visit.staff, token, response, field(visit.body, 'label').trim() || visit.t('passkey.unnamed'), visit.now))
    return visit.reply.code(added ? 200 : 403).send({ next: '/account?said=passkey' })
  }, 'account')
  pages.post('/passkeys/remove', async (visit) => {
    await pages.change(visit, { verb: 'remove-passkey', subjectKind: 'staff', subjectIds: [visit.staff.id] }, (tx) => removePasskey(tx, visit.staff.id, field(visit.body, 'id')))
    return { to: '/account', said: 'said.saved' }
  }, 'account')

  pages.get('/account', async (visit) => accountPage(desk, visit, {}), 'desk')
  pages.post('/account/password', async (visit) => {
    const { t, body, staff, now } = visit
    const faults: Faults = {}
    const password = field(body, 'password')
    const secret = field(body, 'secret')
    if (password.length < shortestPassword) faults.password = t('fault.password', { count: shortestPassword })
    if (!codeFits(secret, field(body, 'code'), now)) faults.code = t('fault.code')
    if (Object.keys(faults).length) return { ...await accountPage(desk, visit, faults, secret), status: 422 }
    await pages.change(visit, { verb: 'set-password', subjectKind: 'staff', subjectIds: [staff.id] }, async (tx) => {
      await setPassword(tx, staff.id, password)
      await setOneTimeSecret(tx, desk.contactKey, staff.id, secret)
      await closeOtherSessions(tx, staff.id, visit.session)
    })
    return { to: await setUpOrAccount(desk, staff), said: 'said.password' }
  }, 'account')
  // The secret half is shown once and kept nowhere.
  pages.post('/account/age-key', async (visit) => {
    const { generateX25519Identity, identityToRecipient } = await import('age-encryption')
    const identity = await generateX25519Identity()
    const recipient = await identityToRecipient(identity)
    await pages.change(visit, { verb: 'make-age-key', subjectKind: 'staff', subjectIds: [visit.staff.id] }, (tx) => changeStaff(tx, visit.staff.id, { ageRecipient: recipient }))
    const { t } = visit
    return { title: t('account.age-key.title'), crumbs: [{ href: '/account', label: visit.staff.name }], body: html`<div class="card"><p>${t('account.age-key.shown')}</p><pre id="age-key" dir="ltr"># ${recipient}\n${identity}</pre><button type="button" class="plain" hidden data-copy="age-key" data-done="${t('copied')}">${t('copy')}</button></div>` }
  }, 'account')
  // Nobody gains anything by it: it is not asked whether it is still them.
  pages.post('/account/language', async (visit) => {
    const language = field(visit.body, 'language')
    if (isInterfaceLanguage(language)) await pages.change(visit, { verb: 'change-account', subjectKind: 'staff', subjectIds: [visit.staff.id] }, (tx) => changeStaff(tx, visit.staff.id, { language }))
    return { to: '/account', said: 'said.saved' }
  }, 'desk')
  pages.post('/account/key', async (visit) => {
    const recipient = field(visit.body, 'age').trim()
    if (recipient && !/^age1[02-9ac-hj-np-z]{58}$/.test(recipient)) return { ...await accountPage(desk, visit, { age: visit.t('fault.age') }), status: 422 }
    await pages.change(visit, { verb: 'change-account', subjectKind: 'staff', subjectIds: [visit.staff.id] }, (tx) => changeStaff(tx, visit.staff.id, { ageRecipient: recipient || null }))
    return { to: '/account', said: 'said.saved' }
  }, 'account')
}

function nextOf(request: FastifyRequest): string {
  const next = field(request.query, 'next') || field(request.body, 'next')
  return /^\/(?![/\\])[\w\-/?=&.%]*$/.test(next) ? next : '/'
}

/** Whoever has just come to stay goes on to set the place up. */
async function setUpOrAccount(desk: Desk, staff: Staff): Promise<string> {
  return staff.roles.includes('administrator') && await reachedAt(desk.db, 'set-up') === undefined ? '/set-up' : '/account'
}

function signInPage(t: DeskWords, next: string, typed: Typed, faults: Faults = {}): DeskPage {
  return {
    title: t('sign-in'), passkeys: true,
    body: html`<p id="passkey-fault" class="errors" role="alert" hidden>${t('passkey.fault')}</p><div class="row"><button type="button" hidden data-passkey="use">${t('passkey.use')}</button></div>
${form(t, {
    action: `/sign-in?next=${encodeURIComponent(next)}`, button: t('sign-in.button'), faults,
    fields: formFields(t, [{ name: 'email', kind: 'email', required: true, autocomplete: 'username' }, { name: 'own_password', as: 'password', kind: 'password', required: true, autocomplete: 'current-password' },
      { name: 'code_or_recovery', as: 'code', kind: 'line', required: true, autocomplete: 'one-time-code', direction: 'ltr', narrow: true }], typed, faults),
  })}<p class="soft">${t('sign-in.lost')}</p><pre dir="ltr">npx clarion signin-link</pre>`,
  }
}

function linkPage(t: DeskWords, token: string, first: boolean, typed: Typed, faults: Faults): DeskPage {
  const language = { value: typed.language as string }
  return {
    title: first ? t('first.title') : t('sign-in'),
    body: html`<p>${first ? t('first.why') : t('link.why')}</p>${form(t, {
      action: `/sign-in/${token}?lang=${language.value}`, button: first ? t('first.button') : t('link.button'), faults,
      fields: first ? formFields(t, [{ name: 'name', kind: 'line', required: true, autocomplete: 'name' }, { name: 'email', kind: 'email', required: true, autocomplete: 'email' },
        { name: 'language', kind: 'choice', choices: interfaceLanguages.map((value) => ({ value, label: nativeName(value) })) }], typed, faults) : html``,
    })}`,
  }
}

function deadLinkPage(t: DeskWords): DeskPage {
  return { title: t('link.dead'), status: 410, body: html`<p>${t('link.dead.why')}</p><pre dir="ltr">npx clarion signin-link</pre><p><a href="/sign-in">${t('sign-in')}</a></p>` }
}

function readNewcomer(t: DeskWords, body: unknown): { typed: { name: string, email: string, language: string }, faults: Faults } {
  const name = field(body, 'name').trim().slice(0, 200)
  const typedEmail = field(body, 'email').trim()
  const language = field(body, 'language')
  const email = readAddress(typedEmail)
  return {
    typed: { name, email: email ?? typedEmail, language: isInterfaceLanguage(language) ? language : t.language },
    faults: { ...(!name && { name: t('fault.name') }), ...(!email && { email: emailFault(t, typedEmail) }) },
  }
}

async function accountPage(desk: Desk, visit: Visit, faults: Faults, secret?: string): Promise<DeskPage> {
  const { t, staff, zone } = visit
  const keys = await passkeysOf(desk.db, staff.id)
  const offered = secret ? { secret, uri: newOneTimeSecret(staff.email).uri.replace(/secret=[A-Z2-7]+/, `secret=${secret}`) } : newOneTimeSecret(staff.email)
  return {
    title: staff.name, passkeys: true,
    body: html`<section class="card"><h2>${t('account.passkeys')}</h2><p>${t('account.passkeys.why')}</p><p id="passkey-fault" class="errors" role="alert" hidden>${t('passkey.fault')}</p>
${keys.length > 0 && html`<ul class="todo">${keys.map((key) => html`<li><bdi>${key.label}</bdi> <small>${t('account.passkey.since', { day: t.day(key.createdAt, zone) })}</small>${button('/passkeys/remove', t('remove'), { id: key.id })}</li>`)}</ul>`}
${passkeyLabel(t)}<noscript><p class="soft">${t('account.passkeys.script')}</p></noscript><button type="button" hidden data-passkey="add">${t('passkey.add')}</button></section>
${form(t, {
    action: '/account/password', button: t('account.password.button'), faults: faults.password || faults.code ? faults : {},
    fields: html`<h2>${t('account.password')}</h2><p>${staff.hasOneTimeCode ? t('account.password.is-set') : t('account.password.why')}</p>
${formFields(t, [{ name: 'password', kind: 'password', required: true, autocomplete: 'new-password' }], {}, faults)}
<p class="label">${t('account.code.scan')}</p><div class="qr">${qrSvg(offered.uri, t('account.code.qr'))}</div><p>${t('account.code.or')} <code dir="ltr">${offered.secret.match(/.{4}/g)!.join(' ')}</code></p><input type="hidden" name="secret" value="${offered.secret}">
${formFields(t, [{ name: 'code', kind: 'line', required: true, autocomplete: 'one-time-code', direction: 'ltr', narrow: true }], {}, faults)}`,
  })}
${form(t, {
    action: '/account/language', button: t('save'),
    fields: html`<h2>${t('account.details')}</h2>${formFields(t, [{ name: 'language', kind: 'choice', choices: interfaceLanguages.map((value) => ({ value, label: nativeName(value) })) }], { language: staff.language }, {})}`,
  })}
${form(t, { action: '/account/key', button: t('save'), faults: faults.age ? faults : {}, fields: formFields(t, [{ name: 'age', kind: 'line', direction: 'ltr' }], { age: staff.ageRecipient ?? '' }, faults) })}<section class="card"><h2>${t('account.age-key')}</h2><p>${t('account.age-key.why')}</p>${button('/account/age-key', t('account.age-key'))}</section>${await handingOverPart(desk, visit)}${await accountSafety(desk, visit)}`,
  }
}

function passkeyLabel(t: DeskWords): Html {
  return html`<div class="field" id="passkey-named" hidden><label for="passkey-label">${t('passkey.label')}</label><input id="passkey-label" maxlength="100"></div>`
}
