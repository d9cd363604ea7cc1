import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { readRecordFile, recordFile, shortestPassphrase } from '#platform/record-file.ts'
import { generateKey, keyId, type OpeningKey } from '#platform/sealing/index.ts'
import { publicHalf } from '#platform/secrets.ts'
import { notDestroyed } from '#modules/keys/index.ts'
import { auditFirst } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults, type Field } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { type Answer, type DeskPages, type Visit } from '../pages.ts'
import { upload } from '../upload.ts'
import { fileFields, openPage } from './open.ts'
import { belowKeys } from './page.ts'
import { after, change } from './routes.ts'

const newFields: Field[] = [{ name: 'passphrase', as: 'new_passphrase', kind: 'password', required: true, autocomplete: 'off' }, { name: 'passphrase_again', kind: 'password', required: true, autocomplete: 'off' }]

/**
 * Keeping the record key outside of this server: a file is made, then shown to open with its passphrase, and only then the server's own copy
 * goes. Whoever needs what lies under it brings the file, and this process has the key in its memory for half an hour.
 */
export function recordKeyRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/keys/outside', async (visit) => outsidePage(desk, visit), 'keys')

  pages.post('/keys/outside/file', async (visit): Promise<Answer> => {
    const { t, body, reply, staff, now } = visit
    const passphrase = field(body, 'new_passphrase')
    const faults: Faults = {
      ...(passphrase.length < shortestPassphrase && { new_passphrase: t('fault.passphrase', { count: shortestPassphrase }) }),
      ...(passphrase !== field(body, 'passphrase_again') && { passphrase_again: t('fault.passphrase-again') }),
    }
    if (Object.keys(faults).length) return { ...outsidePage(desk, visit, { making: faults }), status: 422 }
    if (!desk.recordLock.opensAll()) return { ...openPage(visit), status: 409 }
    const keys = field(body, 'rotate') === 'yes' ? [...desk.recordLock.keys, generateKey('record')] : desk.recordLock.keys
    await auditFirst(desk.db, { staffId: staff.id, verb: 'make-record-file', subjectKind: 'settings', subjectIds: keys.map(keyId) })
    const file = await recordFile(keys, passphrase)
    return reply.type('application/octet-stream').header('content-disposition', `attachment; filename="record-key-${now.toISOString().slice(0, 10)}-${keyId(keys.at(-1)!)}.age"`).header('cache-control', 'no-store').send(file)
  }, 'keys')

  pages.post('/keys/outside', async (visit): Promise<Answer> => {
    const brought = await bring(desk, visit)
    if ('faults' in brought) return { ...outsidePage(desk, visit, { proving: brought.faults }), status: 422 }
    const record = brought.keys.map(publicHalf)
    const answer = await change(desk, visit, { do: 'keep-outside', record }, { verb: 'keep-outside', subjectIds: record.map(keyId) })
    // Held for a while by whoever has just brought it, so that what lies under an older key can move.
    if (answer.outcome === 'done') desk.recordLock.open(brought.keys, visit.now)
    return after(visit, answer, 'said.key-outside')
  }, 'keys')

  pages.post('/keys/outside/back', async (visit): Promise<Answer> => {
    const brought = await bring(desk, visit)
    if ('faults' in brought) return { ...outsidePage(desk, visit, { bringing: brought.faults }), status: 422 }
    return after(visit, await change(desk, visit, { do: 'bring-back', record: brought.keys }, { verb: 'bring-back', subjectIds: brought.keys.map(keyId) }), 'said.key-back')
  }, 'keys')

  pages.get('/keys/open', async (visit) => openPage(visit), ['open-people', 'keys'], { opens: true })
  pages.post('/keys/open', async (visit): Promise<Answer> => {
    const brought = await bring(desk, visit)
    if ('faults' in brought) return { ...openPage(visit, brought.faults), status: 422 }
    await auditFirst(desk.db, { staffId: visit.staff.id, verb: 'open-record-key', subjectKind: 'settings', subjectIds: brought.keys.map(keyId) })
    desk.recordLock.open(brought.keys, visit.now)
    return { to: visit.may('keys') ? '/keys' : '/participations', said: 'said.key-open' }
  }, ['open-people', 'keys'], { opens: true })
  pages.post('/keys/lock', async (visit): Promise<Answer> => {
    await pages.change(visit, { verb: 'lock-record-key', subjectKind: 'settings', subjectIds: [] }, async () => desk.recordLock.close())
    return { to: visit.may('keys') ? '/keys' : '/participations', said: 'said.key-locked' }
  }, ['keys', 'open-people'])
}

/** The keys of an uploaded file, if it opens and has all that are in use; without those that have been destroyed since it was made. */
async function bring(desk: Desk, { t, body }: Visit): Promise<{ keys: OpeningKey[] } | { faults: Faults }> {
  const file = await upload(body, 'record_file')
  if (!file) return { faults: { record_file: t('fault.file') } }
  const read = await readRecordFile(file.bytes, field(body, 'passphrase'))
  if (!read) return { faults: { passphrase: t('fault.record-file') } }
  const keys = await notDestroyed(desk.db, read)
  return desk.recordLock.fits(keys) ? { keys } : { faults: { record_file: t('fault.other-record-file') } }
}

function outsidePage(desk: Desk, visit: Visit, faults: { making?: Faults, proving?: Faults, bringing?: Faults } = {}): DeskPage {
  const { t, now } = visit
  const { state } = desk.recordLock.standing(now)
  const away = state !== 'here'
  return {
    title: t('keys.outside.title'), section: 'settings', crumbs: belowKeys(visit),
    body: html`<div class="notice"><p>${t('keys.outside.loss')}</p></div><div class="card"><p>${t('keys.outside.what')}</p><p>${t('keys.outside.cost')}</p><p>${t('keys.outside.backups')}</p></div>
${state === 'locked' ? html`<div class="card"><p>${t('keys.outside.open-first')}</p><p><a class="btn" href="/keys/open">${t('keys.record.open')}</a></p></div>` : html`
${form(t, { action: '/keys/outside/file', button: t('keys.outside.make'), faults: faults.making, fields: html`<h2>${t('keys.outside.step-1')}</h2><p>${t('keys.outside.step-1.what')}</p>${formFields(t, [...newFields, away && { name: 'rotate', kind: 'tick' }], {}, faults.making)}` })}
${form(t, { action: '/keys/outside', files: true, button: t(away ? 'keys.outside.use' : 'keys.outside.remove'), faults: faults.proving, fields: html`<h2>${t('keys.outside.step-2')}</h2><p>${t(away ? 'keys.outside.step-2.use' : 'keys.outside.step-2.what')}</p>${formFields(t, fileFields, {}, faults.proving)}` })}`}
${away && html`<details><summary>${t('keys.outside.back')}</summary>${backForm(visit, faults.bringing)}</details>`}`,
  }
}

function backForm({ t }: Visit, faults: Faults = {}): Html {
  return form(t, { action: '/keys/outside/back', files: true, button: t('keys.outside.back'), faults, fields: html`<p>${t('keys.outside.back.what')}</p>${formFields(t, fileFields, {}, faults)}` })
}
