import { readFileSync } from 'node:fs'
import multipart from '@fastify/multipart'
import { sql } from '#platform/db.ts'
import { hostsFor } from '#platform/http/hosts.ts'
import { isLoopback, metricsText } from '#platform/http/metrics.ts'
import { createWebServer, notFound, type FastifyInstance } from '#platform/http/server.ts'
import { securityHeaders } from '#platform/http/security.ts'
import { factRoutes } from './actions/facts.ts'
import { bodyWaitRoutes } from './actions/body-waits.ts'
import { groupRoutes } from './actions/groups.ts'
import { backlogNumbers } from '#modules/alerts/index.ts'
import { lockRoutes } from './lock/routes.ts'
import { accountSafetyRoutes } from './session/account-safety.ts'
import { handingOverRoutes } from './session/handing-over.ts'
import { houseStyleRoutes } from './settings/house-style.ts'
import { limitRoutes } from './integrity/limits.ts'
import { removalRoutes } from './integrity/removals.ts'
import { surgeRoutes } from './integrity/surges.ts'
import { listRoutes } from './actions/list.ts'
import { newRoutes } from './actions/new.ts'
import { numberRoutes } from './actions/numbers.ts'
import { overviewRoutes } from './actions/overview.ts'
import { pictureRoutes } from './actions/picture.ts'
import { questionRoutes } from './actions/questions.ts'
import { ruleRoutes } from './actions/rules.ts'
import { sendingRoutes } from './actions/sending.ts'
import { settingsRoutes } from './actions/settings.ts'
import { actionTargetRoutes } from './actions/targets.ts'
import { variantRoutes } from './actions/variants.ts'
import { wordsRoutes } from './actions/words.ts'
import { approvalLimitRoutes } from './approvals/limits.ts'
import { approvalRoutes } from './approvals/routes.ts'
import { auditRoutes } from './audit/routes.ts'
import type { Desk } from './context.ts'
import { partnerRoutes } from './exports/partners.ts'
import { exportRoutes } from './exports/routes.ts'
import { recordKeyRoutes } from './keys/outside.ts'
import { keyRoutes } from './keys/routes.ts'
import { goingLiveRoutes } from './going-live/routes.ts'
import { healthRoutes } from './health/routes.ts'
import { deskPolicy, deskScript, deskScriptPath, passkeyScript, passkeyScriptPath } from './look/layout.ts'
import { editingScripts } from './look/scripts.ts'
import { letterRoutes } from './outbox/letters.ts'
import { audienceRoutes } from './mailings/audience.ts'
import { habitRoutes } from './mailings/habits.ts'
import { mailingListRoutes } from './mailings/list.ts'
import { mailingPageRoutes } from './mailings/page.ts'
import { mailingEndingRoutes } from './mailings/ending.ts'
import { quietRoutes } from './mailings/quiet.ts'
import { mailingSendingRoutes } from './mailings/sending.ts'
import { topicRoutes } from './mailings/topics.ts'
import { mailingWordsRoutes } from './mailings/words.ts'
import { outboxRoutes } from './outbox/routes.ts'
import { successorRoutes } from './outbox/successors.ts'
import { DeskPages } from './pages.ts'
import { editorRoutes } from './publishing/editor.ts'
import { historyRoutes } from './publishing/history.ts'
import { documentRoutes } from './publishing/documents.ts'
import { pictureRecordRoutes } from './publishing/pictures.ts'
import { itemListRoutes } from './publishing/list.ts'
import { itemRoutes } from './publishing/overview.ts'
import { previewRoutes } from './publishing/preview.ts'
import { contactMessageRoutes } from './publishing/contact-messages.ts'
import { bulletinRoutes } from './publishing/bulletin.ts'
import { contactRoutes } from './publishing/contacts.ts'
import { chronologyRoutes } from './publishing/chronologies.ts'
import { relatedRoutes } from './publishing/related.ts'
import { recordPickerRoutes } from './publishing/record-picker.ts'
import { recordRoutes } from './publishing/records.ts'
import { tellingRoutes } from './publishing/telling.ts'
import { subjectRoutes } from './publishing/subjects.ts'
import { participationRoutes } from './participations/list.ts'
import { nameRoutes } from './participations/names.ts'
import { againRoutes } from './session/again.ts'
import { holdRoutes } from './retention/holds.ts'
import { retentionRoutes } from './retention/routes.ts'
import { sessionRoutes } from './session/routes.ts'
import { publisherRoutes } from './settings/publisher-pages.ts'
import { settingRoutes } from './settings/routes.ts'
import { accessRoutes } from './staff/access.ts'
import { assignmentRoutes } from './staff/assignments.ts'
import { personRoutes } from './staff/person.ts'
import { staffRoutes } from './staff/routes.ts'
import { supporterRoutes } from './supporters/routes.ts'
import { suppressionRoutes } from './suppressions/routes.ts'
import { switchRoutes } from './switches/routes.ts'
import { bodyRoutes } from './targets/bodies.ts'
import { calendarRoutes } from './targets/body.ts'
import { candidateRoutes } from './targets/candidates.ts'
import { checkingRoutes } from './targets/checking.ts'
import { paceRoutes } from './outbox/sending.ts'
import { replyRoutes } from './targets/replies.ts'
import { writingRoutes } from './targets/writing.ts'
import { hourRoutes } from './targets/hours.ts'
import { importRoutes } from './targets/imports.ts'
import { digestImportRoutes } from './publishing/digest-imports.ts'
import { importedDemandRoutes } from './publishing/imported-demands.ts'
import { draftsTogetherRoutes } from './publishing/drafts-together.ts'
import { importedPictureRoutes } from './publishing/imported-pictures.ts'
import { areaRoutes } from './targets/areas.ts'
import { officeRoutes } from './targets/office.ts'
import { targetRoutes } from './targets/routes.ts'
import { todayRoutes } from './today/routes.ts'
import { troublePage } from './trouble.ts'

const icon = readFileSync(new URL('../site/client/icon.svg', import.meta.url))
const largestUpload = 100_000_000
// The longest text of a page in the script that takes most room, written as browsers send it, is somewhat less. Reading more would keep everybody else waiting.
const largestPlainForm = 4_000_000
// A thread of several hundred paragraphs, each with its days and links.
const mostTyped = 20_000
const forever = 'private, max-age=31536000, immutable'

interface FormPart {
  type?: string
  value?: string
}

function fieldOf(part: FormPart): FormPart | string | undefined {
  return part.type === 'field' ? part.value : part
}

/** The desk as a server that is not listening yet. */
export async function createDeskServer(desk: Desk): Promise<FastifyInstance> {
  const { config } = desk
  const pages: { current?: DeskPages } = {}
  const server = createWebServer({
    hosts: hostsFor(config.deskOrigin ? [config.deskOrigin] : [], config.deskPort, { loopbackOnly: true }), log: desk.log,
    headers: securityHeaders(deskPolicy, { strictTransport: config.deskOrigin?.startsWith('https:') ?? false }), trustedProxies: config.trustedProxies,
    bodyLimit: largestUpload * 1.5, plainFormLimit: largestPlainForm, mostFields: mostTyped, allowUnlabelledPosts: false,
    troublePage: (trouble, request) => troublePage(pages.current!, trouble, request),
  })
  await server.register(multipart, { attachFieldsToBody: true, limits: { fileSize: largestUpload, files: 2, fields: 200, fieldSize: largestUpload * 1.4 } })
  // A form with a file looks like any other to whoever reads it.
  server.addHook('preHandler', async (request) => {
    if (!request.isMultipart()) return
    request.body = Object.fromEntries(Object.entries(request.body as Record<string, FormPart | FormPart[]>).map(([name, part]) => [name, Array.isArray(part) ? part.map(fieldOf) : fieldOf(part)]))
  })
  const desktop = new DeskPages(desk, server)
  pages.current = desktop

  for (const routes of [
    sessionRoutes, houseStyleRoutes, againRoutes, accountSafetyRoutes, handingOverRoutes, lockRoutes, approvalRoutes, approvalLimitRoutes, todayRoutes, listRoutes, newRoutes, overviewRoutes, wordsRoutes, pictureRoutes, actionTargetRoutes, bodyWaitRoutes, groupRoutes, ruleRoutes, variantRoutes, factRoutes, questionRoutes, settingsRoutes, numberRoutes, exportRoutes, partnerRoutes, retentionRoutes, holdRoutes, participationRoutes,
    nameRoutes, outboxRoutes, targetRoutes, areaRoutes, officeRoutes, importRoutes, checkingRoutes, bodyRoutes, supporterRoutes, settingRoutes, staffRoutes, personRoutes, assignmentRoutes, accessRoutes, publisherRoutes, goingLiveRoutes, auditRoutes, healthRoutes,
    keyRoutes, recordKeyRoutes,
    mailingListRoutes, mailingPageRoutes, mailingWordsRoutes, audienceRoutes, topicRoutes, mailingSendingRoutes, mailingEndingRoutes, quietRoutes, habitRoutes,
    switchRoutes, limitRoutes, surgeRoutes, removalRoutes,
    sendingRoutes, successorRoutes, calendarRoutes, candidateRoutes, hourRoutes,
    paceRoutes, writingRoutes, replyRoutes,
    itemListRoutes, digestImportRoutes, importedDemandRoutes, draftsTogetherRoutes, importedPictureRoutes, itemRoutes, previewRoutes, historyRoutes, editorRoutes, subjectRoutes, suppressionRoutes, letterRoutes, recordPickerRoutes, recordRoutes, chronologyRoutes, relatedRoutes, tellingRoutes, bulletinRoutes, contactRoutes, contactMessageRoutes, documentRoutes, pictureRecordRoutes,
  ]) routes(desktop, desk)

  server.get(deskScriptPath, (_, reply) => reply.type('text/javascript; charset=utf-8').header('cache-control', forever).send(deskScript))
  for (const [path, script] of editingScripts) server.get(path, (_, reply) => reply.type('text/javascript; charset=utf-8').header('cache-control', forever).send(script))
  server.get(passkeyScriptPath, (_, reply) => reply.type('text/javascript; charset=utf-8').header('cache-control', forever).send(passkeyScript))
  server.get('/assets/icon.svg', (_, reply) => reply.type('image/svg+xml').header('cache-control', forever).send(icon))
  server.get('/robots.txt', (_, reply) => reply.type('text/plain').send('User-agent: *\nDisallow: /\n'))
  server.get('/healthz', (_, reply) => reply.send({ ok: true }))
  server.get('/readyz', async (_, reply) => {
    const ready = await sql`select 1`.execute(desk.db).then(() => true, () => false)
    return reply.code(ready ? 200 : 503).send({ ok: ready })
  })
  server.get('/metrics', async (request, reply) => {
    if (!isLoopback(request.raw.socket.remoteAddress) || request.headers['x-forwarded-for']) return notFound()
    return reply.type('text/plain; version=0.0.4').send(metricsText('desk', await backlogNumbers(desk.db, desk.now()).catch(() => ({}))))
  })
  return server
}
