import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { encodePhoto, ImageFault } from '#platform/images.ts'
import { changeAction, findAction, newestRevisions, setPicture, shownLanguages, type Described } from '#modules/actions/index.ts'
import { storeImage } from '#modules/files/index.ts'
import { readPublisher } from '#modules/publisher/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults, type Field, type Typed } from '../forms.ts'
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
    const languages = await describedIn(desk, id, visit.now)
    const faults: Faults = {
      ...(!file && { picture: t('fault.picture') }), ...(!credit && { credit: t('fault.credit') }),
      ...Object.fromEntries(languages.filter((language) => !field(body, `image_alt-${language}`).trim()).map((language) => [`image_alt-${language}`, t('fault.picture-words', { language: t.languageName(language) })])),
    }
    // A browser never gives a chosen file back.
    if (Object.keys(faults).length) return { ...await picturePage(desk, visit, { ...(file && { picture: t('fault.picture-again') }), ...faults }), status: 422 }
    const files = await encodePhoto(file!.bytes).catch((error: unknown) => {
      if (error instanceof ImageFault) return undefined
      throw error
    })
    if (!files) return { ...await picturePage(desk, visit, { picture: t('fault.picture-unreadable') }), status: 422 }
    const described = new Map<string, Described>(languages.map((language) => [language, { imageAlt: field(body, `image_alt-${language}`).trim().slice(0, 400), imageCaption: field(body, `image_caption-${language}`).trim().slice(0, 400) }]))
    const set = await pages.change(visit, { verb: 'set-picture', subjectKind: 'action', subjectIds: [id] }, async (tx) => {
      const image = await storeImage(tx, { credit, files })
      return setPicture(tx, { actionId: id, imageId: image.id, described, staffId: visit.staff.id }, visit.now)
    }, Boolean)
    // Another language became public while this page was open.
    if (!set) return { ...await picturePage(desk, visit, { picture: t('fault.picture-again') }), status: 422 }
    return { to: `/actions/${id}`, said: languages.length > 0 ? 'said.picture-shown' : 'said.picture' }
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

/** Readers see a picture at once: what it shows is said here, in each language that they read. */
function describing(t: Visit['t'], languages: string[], typed: Typed, faults: Faults): Html | false {
  const fields = (language: string): Field[] => [{ name: 'image_alt', as: `image_alt-${language}`, kind: 'line', required: true, maxLength: 400 }, { name: 'image_caption', as: `image_caption-${language}`, kind: 'line', maxLength: 400 }]
  return languages.length > 0 && html`${languages.map((language) => html`<h2>${t('picture.in-language', { language: t.languageName(language) })}</h2>${formFields(t, fields(language), typed, faults)}`)}`
}

async function picturePage(desk: Desk, visit: Visit, faults: Faults): Promise<DeskPage> {
  const { t, body, now } = visit
  const action = orNotFound(await findAction(desk.db, { id: idOf(visit) }))
  const revisions = await newestRevisions(desk.db, action.id)
  const shown = action.imageId && await desk.db.selectFrom('image_files').innerJoin('images', 'images.id', 'image_files.image_id').select(['image_files.hash', 'images.credit', 'image_files.width', 'image_files.height'])
    .where('image_id', '=', action.imageId).where('media_type', '=', 'image/webp').orderBy('width').executeTakeFirst()
  const languages = await describedIn(desk, action.id, now)
  const typed: Typed = Object.fromEntries(['credit', ...languages.flatMap((language) => [`image_alt-${language}`, `image_caption-${language}`])].map((name) => [name, field(body, name)]))
  return {
    title: t('action.picture'), section: 'actions', crumbs: [{ href: '/actions', label: t('nav.actions') }, { href: `/actions/${action.id}`, label: titleOf(action, revisions, t.language) }],
    body: html`${shown && html`<div class="card"><img src="/files/${shown.hash.toString('hex')}" width="${shown.width}" height="${shown.height}" alt=""><p>${t('picture.credit', { credit: shown.credit })}</p>${button(`/actions/${action.id}/picture/remove`, t('picture.remove'))}</div>`}
${form(t, { action: `/actions/${action.id}/picture`, button: t('picture.upload'), faults, files: true, fields: html`${formFields(t, [{ name: 'picture', kind: 'file', accept: 'image/jpeg,image/png,image/webp,image/avif,image/heic', required: true }, { name: 'credit', kind: 'line', required: true, maxLength: 300 }], typed, faults)}${describing(t, languages, typed, faults)}` })}
<p class="soft">${t(languages.length > 0 ? 'picture.alt-now' : 'picture.alt-later')}</p>`,
  }
}

/** The languages in which it is described, in the order of the site. */
async function describedIn({ db }: Desk, actionId: string, now: Date): Promise<string[]> {
  const shown = await shownLanguages(db, actionId, now)
  const { languages } = await readPublisher(db)
  return [...languages.filter((each) => shown.includes(each)), ...shown.filter((each) => !languages.includes(each))]
}
