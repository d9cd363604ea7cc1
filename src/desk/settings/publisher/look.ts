import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import { encodeLogo, ImageFault } from '#platform/images.ts'
import { storeFile } from '#modules/files/index.ts'
import { contrast, palette, papers, readColour } from '#modules/publisher/index.ts'
import { formFields, type Faults } from '../../forms.ts'
import { upload } from '../../upload.ts'
import type { DeskWords } from '../../words/index.ts'
import type { Step } from './step.ts'

/** Logo and colour, which is checked for contrast. */
export const look: Step = {
  typed: (publisher) => ({ accent: publisher.accent }),
  fields: (t, publisher, typed, faults) => html`${publisher.logo && html`<p><img src="/files/${publisher.logo}" alt="${t('look.logo')}" height="60"></p>`}
${formFields(t, [{ name: 'logo', kind: 'file', accept: 'image/png,image/jpeg,image/webp' }, { name: 'accent', kind: 'colour' }], typed, faults)}${contrastNotes(t, publisher.accent)}`,
  async read(t, publisher, body) {
    const accent = readColour(field(body, 'accent'))
    const file = await upload(body, 'logo')
    const image = file && await encodeLogo(file.bytes).catch((error: unknown) => {
      if (error instanceof ImageFault) return undefined
      throw error
    })
    const faults: Faults = { ...(!accent && { accent: t('fault.colour') }), ...(file && !image && { logo: t('fault.picture-unreadable') }) }
    const changed = { ...publisher, accent: accent ?? publisher.accent }
    return { publisher: changed, faults, keep: image && (async (tx) => { changed.logo = (await storeFile(tx, image.bytes, image.mediaType)).toString('hex') }) }
  },
}

/** What becomes of the colour: as it is behind buttons, darker or lighter where it stands on paper. */
function contrastNotes(t: DeskWords, accent: string): Html {
  const made = palette(accent)
  return html`<ul class="todo"><li>${t('look.button', { ratio: contrast(made.accent, made.onAccent).toFixed(1) })}</li><li>${t('look.light', { colour: made.light, ratio: contrast(made.light, papers.light).toFixed(1) })}</li><li>${t('look.dark', { colour: made.dark, ratio: contrast(made.dark, papers.dark).toFixed(1) })}</li></ul>`
}
