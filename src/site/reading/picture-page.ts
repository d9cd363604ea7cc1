import { reading } from '#platform/db.ts'
import { html } from '#platform/html/html.ts'
import { renderPicture, shownRecords } from '#modules/publishing/index.ts'
import type { Site } from '../context.ts'
import type { Frame, PageParts } from '../look/layout.ts'
import { picturesIn } from './readable.ts'

/** A picture alone: where somebody asks to see one that texts show blurred. Nothing where none is public under this handle. */
export async function picturePage(site: Site, frame: Frame, handle: string): Promise<PageParts | undefined> {
  const { t, publisher } = frame
  const { records } = await reading(site.db, (tx) => shownRecords(tx, [{ kind: 'image', handle }]))
  const record = records.get(`image ${handle}`)
  if (record?.kind !== 'image') return undefined
  const shown = renderPicture(handle, record.content, { language: t.language, fallback: publisher.defaultLanguage, ...picturesIn(frame) }, { first: true, asked: true })
  return {
    title: t('picture.title'), path: `/pictures/${handle}`, reading: true, head: html`<meta name="robots" content="noindex">`,
    body: html`<article class="reading item"><h1>${t('picture.title')}</h1>${shown}${frame.off.has('images') && !frame.textOnly && html`<p class="fine">${t('switch.images')}</p>`}</article>`,
  }
}
