import { html, type Html } from '#platform/html/html.ts'
import { directionOf } from '#platform/words.ts'
import type { SubjectKind } from '#modules/places/index.ts'
import type { ShownSubject } from '#modules/publishing/index.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { folders, fromAToZ, lookedUnder, subjectPath, type Named } from './subjects.ts'

/** A list that fits on a screen needs no letters. */
const mostWithoutLetters = 20

/** All places, or all topics, from A to Z as the page's language sorts them; under their letters where they are many. */
export function indexPage(frame: Frame, kind: SubjectKind, subjects: ShownSubject[]): PageParts {
  const { t } = frame
  const named = fromAToZ(frame, subjects.filter((each) => each.kind === kind))
  const title = t(kind === 'place' ? 'nav.places' : 'nav.topics')
  const other = kind === 'place' ? 'topic' : 'place'
  return {
    title, path: folders[kind], reading: true,
    body: html`<h1>${title}</h1>${named.length === 0 ? html`<p>${t('reading.none')}</p>` : named.length <= mostWithoutLetters ? list(frame, named) : byLetter(frame, named)}
<div class="row">${subjects.some((each) => each.kind === other) && html`<a class="plain" href="${localPath(frame, folders[other])}">${t(other === 'place' ? 'nav.places' : 'nav.topics')}</a>`}${frame.campaigns && html`<a class="plain" href="${localPath(frame, '/campaigns')}">${t('nav.campaigns')}</a>`}</div>`,
  }
}

function byLetter(frame: Frame, named: Named[]): Html {
  const { t } = frame
  // Letters that the language sorts as one stand under one.
  const base = new Intl.Collator(t.language, { sensitivity: 'base' })
  const letters: { letter: string, named: Named[] }[] = []
  for (const each of named) {
    const letter = letterOf(lookedUnder(each.name), t.language)
    const last = letters.at(-1)
    if (last && base.compare(last.letter, letter) === 0) last.named.push(each)
    else letters.push({ letter, named: [each] })
  }
  return html`<nav aria-label="${t('reading.letters')}"><p class="to-letters">${letters.map(({ letter }, place) => html`<a class="plain" href="#letter-${place + 1}">${letter}</a> `)}</p></nav>
<div class="letters">${letters.map((each, place) => html`<section aria-labelledby="letter-${place + 1}"><h2 id="letter-${place + 1}">${each.letter}</h2>${list(frame, each.named)}</section>`)}</div>`
}

function list(frame: Frame, named: Named[]): Html {
  return html`<ul class="bare index">${named.map(({ subject, name, language }) => html`<li><a href="${localPath(frame, subjectPath(subject))}"${language !== frame.t.language && html` lang="${language}" dir="${directionOf(language)}"`}>${name}</a></li>`)}</ul>`
}

/** What somebody would look under: the first letter, as it is written large, without its accents. */
function letterOf(name: string, language: string): string {
  const [first] = new Intl.Segmenter(language).segment(name)
  return (first?.segment ?? '').normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC').toLocaleUpperCase(language)
}
