import { randomUUID } from 'node:crypto'
import { documentType } from '#platform/document-types.ts'
import { languageNamed } from '#platform/languages.ts'
import { html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { storeFile } from '#modules/files/index.ts'
import { fileTexts } from '#modules/search/index.ts'
import { saveItem, wordsWith, type ItemWords, type Revision } from '#modules/publishing/index.ts'
import type { Desk } from '../context.ts'
import { button, form, formFields, type Faults } from '../forms.ts'
import type { DeskPage } from '../look/layout.ts'
import { notFoundUnless, orNotFound, type Answer, type DeskPages, type Visit } from '../pages.ts'
import { upload } from '../upload.ts'
import { typedIn } from './item-form.ts'
import { itemCrumbs, itemPath, mayHere, openItem, writingHere, type Opened } from './parts.ts'
import { choices, languageChoices } from './choices.ts'

const writing = ['write-pages', 'translate'] as const
const largest = 25_000_000

/** The files that an item offers in one language: added and taken away in a new version, which is public when somebody publishes it. */
export function documentRoutes(pages: DeskPages, desk: Desk): void {
  pages.get('/items/:id/:language/files', async (visit) => filesPage(desk, visit, await load(desk, visit), {}), writing, { limited: true })

  pages.post('/items/:id/:language/files', async (visit): Promise<Answer> => {
    const { t, body } = visit
    const { opened, present } = await load(desk, visit)
    const [file, title, language] = [await upload(body, 'item_file'), field(body, 'file_title').trim().slice(0, 300), languageNamed(field(body, 'file_language'))]
    const mediaType = file && file.bytes.length <= largest ? documentType(file.bytes, file.fileName) : undefined
    const faults: Faults = { ...(!file && { item_file: t('fault.file') }), ...(file && !mediaType && { item_file: t('fault.item-file') }), ...(!title && { file_title: t('fault.title') }), ...(!language && { file_language: t('fault.language-code') }) }
    if (!file || !mediaType || !language || Object.keys(faults).length > 0) return { ...await filesPage(desk, visit, { opened, present }, faults), status: 422 }
    await change(pages, visit, opened, present, async (words, keep) => ({ ...words, documents: [...words.documents, { id: randomUUID().slice(0, 8), hash: await keep(file.bytes, mediaType), mediaType, size: file.bytes.length, title, language }] }))
    return { to: itemPath(opened.item.id, `/${present.language}/files`), said: 'said.saved' }
  }, writing, { limited: true })

  pages.post('/items/:id/:language/files/:file/remove', async (visit): Promise<Answer> => {
    const { opened, present } = await load(desk, visit)
    await change(pages, visit, opened, present, async (words) => ({ ...words, documents: words.documents.filter(({ id }) => id !== visit.params.file) }))
    return { to: itemPath(opened.item.id, `/${present.language}/files`), said: 'said.saved' }
  }, writing, { limited: true })
}

async function load(desk: Desk, visit: Visit): Promise<{ opened: Opened, present: Revision }> {
  const opened = await openItem(desk, visit)
  const present = orNotFound(opened.revisions.find((each) => each.language === visit.params.language))
  notFoundUnless(present, ({ language }) => mayHere(visit, opened, 'write-pages') || language !== opened.original)
  return { opened, present }
}

async function change(pages: DeskPages, visit: Visit, opened: Opened, present: Revision, changed: (words: ItemWords, keep: (bytes: Buffer, mediaType: string) => Promise<string>) => Promise<ItemWords>): Promise<void> {
  await pages.change(writingHere(visit, opened), { verb: 'save-item', subjectKind: 'item', subjectIds: [opened.item.id], details: { language: present.language } }, async (tx) => {
    const words = await changed(wordsWith(present.words), async (bytes, mediaType) => (await storeFile(tx, bytes, mediaType)).toString('hex'))
    return saveItem(tx, { itemId: opened.item.id, language: present.language, words, staffId: visit.staff.id }, visit.now)
  })
}

async function filesPage(desk: Desk, { t, body }: Visit, { opened, present }: { opened: Opened, present: Revision }, faults: Faults): Promise<DeskPage> {
  const path = itemPath(opened.item.id, `/${present.language}/files`)
  const { documents } = present.words
  const texts = await fileTexts(desk.db, documents.map(({ hash }) => hash))
  return {
    title: t('documents.title'), section: 'items', crumbs: itemCrumbs(t, opened),
    body: html`${languageChoices(t)}<p class="soft">${t('documents.why')}</p><div class="card">${documents.length === 0 ? html`<p>${t('documents.none')}</p>` : html`<ul class="todo">${documents.map((each) => html`<li><a href="/files/${each.hash}"><bdi>${each.title}</bdi></a> <span class="soft">${t.languageName(each.language)}${texts.has(each.hash) && html` · ${t(`file-text.${texts.get(each.hash)!.state}`, { pages: texts.get(each.hash)!.pages })}`}</span>${button(`${path}/${each.id}/remove`, t('documents.remove'))}</li>`)}</ul>`}</div>
${form(t, { action: path, faults, files: true, button: t('documents.add'), fields: formFields(t, [{ name: 'item_file', kind: 'file', accept: '.pdf,.docx,.xlsx,.odt,.ods,.csv,.txt', required: true }, { name: 'file_title', kind: 'line', required: true, maxLength: 300 }, { name: 'file_language', kind: 'line', from: choices.languages, required: true, narrow: true, maxLength: 60 }], { file_language: t.languageName(present.language), ...typedIn(body) }, faults) })}`,
  }
}
