import { Readable } from 'node:stream'
import { sql } from '#platform/db.ts'
import { csvRow } from '#platform/csv.ts'
import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { detailsPlace, findAction, newestRevisions, recordPlace, type Details, type RecordDetails } from '#modules/actions/index.ts'
import { openContact } from '#modules/people/index.ts'
import { auditFirst } from '#modules/staff/index.ts'
import { titleOf } from '../actions/overview.ts'
import type { Desk } from '../context.ts'
import { form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'

const pageSize = 500

interface Row {
  person_id: string
  participation_id: string
  contact: Buffer
  details: Buffer | null
  record: Buffer | null
}

interface Facts {
  id: string
  confirmed_at: Date
  language: string
  country: string | null
  area: string | null
  source: string | null
}

/** Everybody who confirmed an action, as a table that only whoever asked for it can open. */
export function exportRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/:id/export', (visit) => exportPage(desk, visit, {}), 'export-people')

  pages.post('/actions/:id/export', async (visit): Promise<Answer> => {
    const { t, staff, reply, now } = visit
    const id = idOf(visit)
    const reason = field(visit.body, 'reason').trim().slice(0, 500)
    if (!reason) return { ...await exportPage(desk, visit, { reason: t('fault.log-reason') }), status: 422 }
    if (!staff.ageRecipient) return { ...await exportPage(desk, visit, {}), status: 409 }
    const line = await auditFirst(desk.db, { staffId: staff.id, verb: 'export', subjectKind: 'action', subjectIds: [id], reason })
    const { Encrypter } = await import('age-encryption')
    const encrypter = new Encrypter()
    encrypter.addRecipient(staff.ageRecipient)
    const plain = Readable.toWeb(Readable.from(rows(desk, line, id, t.language))) as ReadableStream<Uint8Array>
    const sealed = Readable.fromWeb(await encrypter.encrypt(plain) as never)
    return reply.type('application/octet-stream').header('content-disposition', `attachment; filename="export-${now.toISOString().slice(0, 10)}.csv.age"`).header('cache-control', 'no-store').send(sealed)
  }, 'export-people')
}

/** The lines of the table, a page of people at a time, so that memory stays flat however many there are. */
async function* rows(desk: Desk, line: string, actionId: string, language: string): AsyncGenerator<Buffer> {
  yield Buffer.from(csvRow(['name', 'email', 'confirmed_at', 'language', 'country', 'area', 'source', 'postcode', 'phone', 'postal_address', 'comment']))
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows: page } = await sql<Row>`select * from open_action(${line}, ${after}, ${pageSize})`.execute(desk.db)
    if (page.length === 0) return
    const { rows: facts } = await sql<Facts>`
      select p.id, p.confirmed_at, p.language, p.country, coalesce(areas.names ->> ${language}, areas.name) as area, p.source from participations p left join areas on areas.id = p.area_id
      where p.action_id = ${actionId} and p.id = any (${page.map((row) => row.participation_id)}::uuid[])`.execute(desk.db)
    const byId = new Map(facts.map((each) => [each.id, each]))
    const lines = await Promise.all(page.map(async (row) => {
      const contact = await openContact(desk.opener, row.person_id, row.contact)
      const details = row.details ? await desk.opener.open<Details>(detailsPlace(row.participation_id), row.details) : {}
      const record = row.record ? await desk.opener.open<RecordDetails>(recordPlace(row.participation_id), row.record) : {}
      const it = byId.get(row.participation_id)
      return csvRow([details.name ?? contact.name, contact.email, it?.confirmed_at.toISOString(), it?.language, it?.country, it?.area, it?.source, details.postcode, record.phone, record.postalAddress, details.comment])
    }))
    yield Buffer.from(lines.join(''))
    after = page.at(-1)!.person_id
  }
}

async function exportPage(desk: Desk, visit: Visit, faults: Faults): Promise<DeskPage> {
  const { t, staff } = visit
  const action = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
  return {
    title: t('action.export'), section: 'actions', crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, await newestRevisions(desk.db, action.id), t.language) }],
    body: html`<div class="card"><p>${t('export.what')}</p><p>${t('export.how')}</p><pre dir="ltr">age --decrypt --identity KEY.txt export.csv.age &gt; export.csv</pre></div>
${staff.ageRecipient ? form(t, { action: `/actions/${action.id}/export`, button: t('export.button'), faults, fields: formFields(t, [{ name: 'log_reason', as: 'reason', kind: 'text', required: true, maxLength: 500 }], {}, faults) }) : html`<div class="notice"><p>${t('export.no-key')}</p><p><a href="/account">${t('export.make-key')}</a></p></div>`}`,
  }
}
