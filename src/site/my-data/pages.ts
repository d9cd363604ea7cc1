import { html } from '#platform/html/html.ts'
import { errorSummary, textField, type Faults, type Typed } from '../forms/fields.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import type { SiteWord } from '../words/index.ts'

/** Asking for a link: one field. */
export function requestPage(frame: Frame, typed: Typed, faults: Faults): PageParts {
  const { t } = frame
  return {
    title: t('my.request.title'), path: '/my-data', narrow: true,
    body: html`<h1>${t('my.request.title')}</h1><p class="stand">${t('my.request.why')}</p>${errorSummary(t, faults)}
<form method="post" class="card" action="${localPath(frame, '/my-data')}" novalidate>${textField({ name: 'email', label: t('field.email'), hint: t('my.request.hint'), typed, faults, required: true, autocomplete: 'email', type: 'email', maxLength: 254, direction: 'ltr' })}<button class="go">${t('my.request.button')}</button></form>
<p class="fine">${t('my.request.fine')}</p>`,
  }
}

/** The same page for everybody, whatever becomes of it. */
export function onItsWayPage({ t }: Frame): PageParts {
  return { title: t('my.sent.title'), path: '/my-data/on-its-way', narrow: true, body: html`<h1>${t('my.sent.title')}</h1><p class="stand">${t('my.sent.why')}</p><ul><li>${t('step.no-mail.spam')}</li><li>${t('my.sent.limit')}</li></ul>` }
}

/** What a link leads to: a page with one button. Opening it shows nothing and changes nothing. */
export function openPage(frame: Frame, token: string, said: string): PageParts {
  const { t } = frame
  return {
    title: t('my.open.title'), narrow: true,
    body: html`${saidNotice(frame, said)}<h1>${t('my.open.title')}</h1><p>${t('my.open.why')}</p>
<form method="post" class="card" action="${localPath(frame, `/my-data/${token}`)}"><button class="go">${t('my.open.button')}</button></form><p class="fine">${t('my.open.fine')}</p>`,
  }
}

export function saidNotice({ t }: Frame, said: string | undefined) {
  const key = `my.said.${said}`
  return said && t.has(key) && html`<div class="notice" role="status"><p>${t(key)}</p></div>`
}

/** It is being gathered: the page looks again by itself, or by its button. `again` is where. */
export function waitingPage({ t }: Frame, again: string): PageParts {
  return {
    title: t('my.waiting.title'), narrow: true,
    body: html`<h1>${t('my.waiting.title')}</h1><p role="status">${t('my.waiting.why')}</p><form method="post" class="card" action="${again}"><button class="go">${t('my.waiting.button')}</button></form>`,
  }
}

/** A link that has run out says so, and how to get another one. */
export function expiredPage(frame: Frame): PageParts {
  const { t } = frame
  return { title: t('my.expired.title'), narrow: true, body: html`<h1>${t('my.expired.title')}</h1><p>${t('my.expired.why')}</p><div class="row"><a class="go" href="${localPath(frame, '/my-data')}">${t('my.request.title')}</a></div>` }
}

/** A link to somebody's data that we do not know: cut short, run out long ago, or erased. It says how to get another one. */
export function unknownPage(frame: Frame): PageParts {
  const { t } = frame
  return {
    title: t('link.unknown.title'), narrow: true,
    body: html`<h1>${t('link.unknown.title')}</h1><p>${t('link.unknown.why')}</p><ul><li>${t('link.unknown.whole')}</li><li>${t('my.unknown.old')}</li></ul><div class="row"><a class="plain" href="${localPath(frame, '/my-data')}">${t('my.request.title')}</a></div>`,
  }
}

/** What erasing means, before it can happen. */
export function erasePage(frame: Frame, token: string): PageParts {
  const { t } = frame
  const list = (words: SiteWord[]) => html`<ul>${words.map((word) => html`<li>${t(word)}</li>`)}</ul>`
  return {
    title: t('my.erase.title'), narrow: true,
    body: html`<h1>${t('my.erase.title')}</h1><p class="stand">${t('my.erase.why')}</p>
<h2>${t('my.erase.goes')}</h2>${list(['my.erase.goes.you', 'my.erase.goes.words', 'my.erase.goes.waiting'])}<h2>${t('my.erase.stays')}</h2>${list(['my.erase.stays.count', 'my.erase.stays.sent', 'my.erase.stays.mark', 'my.erase.stays.backups'])}
<form method="post" class="card" action="${localPath(frame, `/my-data/${token}/change`)}"><input type="hidden" name="what" value="erase"><p>${t('my.erase.shared')}</p><button class="go">${t('my.erase.button')}</button></form>
<form method="post" action="${localPath(frame, `/my-data/${token}`)}"><button class="plain">${t('my.erase.back')}</button></form>`,
  }
}

export function erasedPage(frame: Frame): PageParts {
  const { t } = frame
  return { title: t('my.erased.title'), path: '/done/erased', narrow: true, body: html`<h1>${t('my.erased.title')}</h1><p>${t('my.erased.why')}</p><div class="row"><a class="plain" href="${localPath(frame, '/forget-me')}">${t('nav.forget-me')}</a></div>` }
}

export function newAddressPage(frame: Frame, token: string): PageParts {
  const { t } = frame
  return {
    title: t('my.new.title'), narrow: true,
    body: html`<h1>${t('my.new.title')}</h1><p>${t('my.new.why')}</p><form method="post" class="card" action="${localPath(frame, `/new-address/${token}`)}"><button class="go">${t('my.new.button')}</button></form><p class="fine">${t('my.new.not-me')}</p>`,
  }
}

export function newAddressDonePage(frame: Frame): PageParts {
  const { t } = frame
  return { title: t('my.new.done'), path: '/done/new-address', narrow: true, body: html`<h1>${t('my.new.done')}</h1><p>${t('my.new.done.why')}</p><div class="row"><a class="plain" href="${localPath(frame, '/my-data')}">${t('my.request.title')}</a></div>` }
}
