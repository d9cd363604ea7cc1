import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { encodePhoto, ImageFault } from '#platform/images.ts'
import { changeAction, findAction, newestRevisions, setPicture } from '#modules/actions/index.ts'
import { storeImage } from '#modules/files/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { idOf, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { upload } from '../upload.ts'
import { titleOf } from './naming.ts'

export function pictureRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/actions/:id/picture', (visit) => picturePage(desk, visit, {}), 'campaign')

  pages.post('/actions/:id/picture', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const id = idOf(visit)
    const file = await upload(body, 'picture')
    const credit = field(body, 'credit').trim().slice(0, 300)
    const faults: Faults = { ...(!file && { picture: t('fault.picture') }), ...(!credit && { credit: t('fault.credit') }) }
    if (Object.keys(faults).length) return { ...await picturePage(desk, visit, faults), status: 422 }
    const files = await encodePhoto(file!.bytes).catch((error: unknown) => {
      if (error instanceof ImageFault) return undefined
      throw error
    })
    if (!files) return { ...await picturePage(desk, visit, { picture: t('fault.picture-unreadable') }), status: 422 }
    await pages.change(visit, { verb: 'set-picture', subjectKind: 'action', subjectIds: [id] }, async (tx) => {
      const image = await storeImage(tx, { credit, files })
      await setPicture(tx, { actionId: id, imageId: image.id, staffId: visit.staff.id }, visit.now)
    })
    return { to: `/actions/${id}`, said: 'said.picture' }
  }, 'campaign')

  pages.post('/actions/:id/picture/remove', async (visit) => {
    const id = idOf(visit)
    await pages.change(visit, { verb: 'remove-picture', subjectKind: 'action', subjectIds: [id] }, (tx) => changeAction(tx, id, { imageId: null }))
    return { to: `/actions/${id}`, said: 'said.saved' }
  }, 'campaign')

  // The desk shows what it has stored, public or not.
  pages.get('/files/:name', async (visit) => {
    const name = visit.params.name!
    const file = /^[0-9a-f]{64}$/.test(name) ? await desk.db.selectFrom('files').select(['media_type', 'bytes']).where('hash', '=', Buffer.from(name, 'hex')).executeTakeFirst() : undefined
    const { media_type: type, bytes } = orNotFound(file)
    return visit.reply.type(type).header('cache-control', 'private, max-age=3600').header('content-security-policy', "default-src 'none'").send(bytes)
  }, 'desk')
}

async function picturePage(desk: Desk, visit: Visit, faults: Faults): Promise<DeskPage> {
  const { t, body } = visit
  const action = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
  const revisions = await newestRevisions(desk.db, action.id)
  const shown = action.imageId && await desk.db.selectFrom('image_files').innerJoin('images', 'images.id', 'image_files.image_id').select(['image_files.hash', 'images.credit', 'image_files.width', 'image_files.height'])
    .where('image_id', '=', action.imageId).where('media_type', '=', 'image/webp').orderBy('width').executeTakeFirst()
  return {
    title: t('action.picture'), section: 'actions', crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, revisions, t.language) }],
    body: html`${shown && html`<div class="card"><img src="/files/${shown.hash.toString('hex')}" width="${shown.width}" height="${shown.height}" alt=""><p>${t('picture.credit', { credit: shown.credit })}</p>${button(`/actions/${action.id}/picture/remove`, t('picture.remove'))}</div>`}
${form(t, { action: `/actions/${action.id}/picture`, button: t('picture.upload'), faults, files: true, fields: formFields(t, [{ name: 'picture', kind: 'file', accept: 'image/jpeg,image/png,image/webp,image/avif,image/heic', required: true }, { name: 'credit', kind: 'line', required: true, maxLength: 300 }], { credit: field(body, 'credit') }, faults) })}
<p class="soft">${t('picture.alt-later')}</p>`,
  }
}
