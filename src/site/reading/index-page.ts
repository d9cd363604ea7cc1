import { html } from '#platform/html/html.ts'
import { directionOf } from '#platform/words.ts'
import type { SubjectKind } from '#modules/places/index.ts'
import type { ShownSubject } from '#modules/publishing/index.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { folders, subjectName, subjectPath } from './subjects.ts'

/** All places, or all topics, from A to Z as the page's language sorts them. */
export function indexPage(frame: Frame, kind: SubjectKind, subjects: ShownSubject[]): PageParts {
  const { t } = frame
  const order = new Intl.Collator(t.language)
  const named = subjects.filter((each) => each.kind === kind).map((subject) => ({ subject, ...subjectName(frame, subject) })).toSorted((a, b) => order.compare(sorted(a.name), sorted(b.name)))
  const title = t(kind === 'place' ? 'nav.places' : 'nav.topics')
  return {
    title, path: folders[kind], narrow: true,
    body: html`<h1>${title}</h1>${named.length === 0 ? html`<p>${t('reading.none')}</p>` : html`<ul class="bare">${named.map(({ subject, name, language }) => html`<li><a href="${localPath(frame, subjectPath(subject))}"${language !== t.language && html` lang="${language}" dir="${directionOf(language)}"`}>${name}</a></li>`)}</ul>`}`,
  }
}

/** An Arabic name is looked for without its article. */
function sorted(name: string): string {
  return name.replace(/^ال(?=..)/, '')
}
