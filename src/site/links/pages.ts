import { html, type Html } from '#platform/html/html.ts'
import { errorSummary, textField, type Faults } from '../forms/fields.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'
import { actionPath, type ActionView } from '../actions/parts.ts'
import type { SiteWord } from '../words/index.ts'
import type { LinkStatus } from './status.ts'

export type LinkVerb = 'confirm' | 'not-me' | 'withdraw' | 'unsubscribe'

/** After an action was taken: one more step. The same page for everybody, whatever becomes of it. */
export function oneMoreStepPage({ frame, action, words }: ActionView, faults: Faults = {}): PageParts {
  const { t } = frame
  const message = action.kind === 'message'
  return {
    title: t('step.title'), path: actionPath(action, '/one-more-step'), narrow: true,
    body: html`<p class="kind"><a href="${localPath(frame, actionPath(action))}">${words.words.title}</a></p>
<h1>${t(message ? 'step.message' : 'step.petition')}</h1><p class="stand">${t('step.look-for-mail')}</p>
${errorSummary(t, faults)}
<form method="post" class="card" action="${localPath(frame, actionPath(action, '/code'))}" novalidate>${textField({ name: 'code', label: t('step.code'), hint: t('step.code.hint'), typed: {}, faults, required: true, autocomplete: 'one-time-code', maxLength: 12, direction: 'ltr' })}<button class="go">${t('step.code.button')}</button></form>
${frame.off.has('reminders') && html`<p>${t('switch.reminders')}</p>`}<p>${t('step.known')}</p>
<details><summary>${t('step.no-mail')}</summary><ul><li>${t('step.no-mail.spam')}</li><li>${t('step.no-mail.wait')}</li><li>${t.html('step.no-mail.again', { link: (inside) => html`<a href="${localPath(frame, actionPath(action))}">${inside}</a>` })}</li></ul></details>
<p class="fine">${t('step.same')}</p>`,
  }
}

const verbWords = {
  confirm: { title: 'link.confirm.title', why: 'link.confirm.why', button: 'link.confirm.button' },
  message: { title: 'link.confirm.title', why: 'link.confirm.why-message', button: 'link.confirm.button-message' },
  dropped: { title: 'link.confirm.title', why: 'link.confirm.why-dropped', button: 'link.confirm.button-dropped' },
  'not-me': { title: 'link.not-me.title', why: 'link.not-me.why', button: 'link.not-me.button' },
  withdraw: { title: 'link.withdraw.title', why: 'link.withdraw.why', button: 'link.withdraw.button' },
  unsubscribe: { title: 'link.unsubscribe.title', why: 'link.unsubscribe.why', button: 'link.unsubscribe.button' },
} as const satisfies Record<LinkVerb | 'message' | 'dropped', Record<string, SiteWord>>

/** What a mail's link leads to: a page with one button. Opening it changes nothing; only the button does, or the browser that took the action. Where a message would be sent to nobody, whoever wrote it reads so first. */
export function linkPage(frame: Frame, status: Pick<LinkStatus, 'token'> & Partial<LinkStatus>, verb: LinkVerb, { title, nothingLeaves }: { title: string, nothingLeaves: boolean }): PageParts {
  const { t } = frame
  const words = verb !== 'confirm' || status.kind !== 'message' ? verbWords[verb] : nothingLeaves ? verbWords.dropped : verbWords.message
  const byItself = verb === 'confirm' && status.sameBrowser && !nothingLeaves
  return {
    title: t(words.title), narrow: true,
    body: html`${title && html`<p class="kind"><bdi>${title}</bdi></p>`}<h1>${t(words.title)}</h1><p>${t(words.why)}</p>
<form method="post" class="card" action="${localPath(frame, `/${verb}/${status.token}`)}"${byItself && html` data-confirm-by-itself`}><button class="go">${t(words.button)}</button></form>
${verb === 'confirm' && html`<p class="fine"><a href="${localPath(frame, `/not-me/${status.token}`)}">${t('link.not-me.title')}</a></p>`}`,
  }
}

/** Leads out of one topic of a newsletter; and, below, out of all mail. */
export function leaveTopicPage(frame: Frame, token: string, topic: { id: string, name: string }): PageParts {
  const { t } = frame
  const title = t('link.topic.title', { topic: topic.name })
  return {
    title, narrow: true,
    body: html`<h1>${title}</h1><p>${t('link.topic.why')}</p>
<form method="post" class="card" action="${localPath(frame, `/unsubscribe/${token}/${topic.id}`)}"><button class="go">${t('link.topic.button', { topic: topic.name })}</button></form>
<h2>${t('link.topic.all')}</h2><p>${t('link.unsubscribe.why')}</p><form method="post" action="${localPath(frame, `/unsubscribe/${token}`)}"><button class="plain">${t('link.unsubscribe.button')}</button></form>`,
  }
}

/** What a link says that has done its work already, or has nothing left to do. */
export function settledPage(frame: Frame, status: LinkStatus, heading: SiteWord, why: SiteWord, title: string): PageParts {
  const { t } = frame
  return {
    title: t(heading), narrow: true,
    body: html`<p class="kind"><bdi>${title}</bdi></p><h1>${t(heading)}</h1><p>${t(why)}</p><div class="row"><a class="plain" href="${localPath(frame, actionPath({ slug: status.slug }))}">${t('action.back')}</a></div>`,
  }
}

/** A link that we do not know: old, cut short or mistyped. It says no more than that. */
export function unknownLinkPage(frame: Frame): PageParts {
  const { t } = frame
  return { title: t('link.unknown.title'), narrow: true, body: html`<h1>${t('link.unknown.title')}</h1><p>${t('link.unknown.why')}</p><ul><li>${t('link.unknown.whole')}</li><li>${t('link.unknown.old')}</li><li>${t('link.unknown.erased')}</li></ul><div class="row"><a class="plain" href="${localPath(frame, '/actions')}">${t('action.others')}</a></div>` }
}

export function forgetPage(frame: Frame, done: boolean): PageParts {
  const { t } = frame
  return {
    title: t('forget.title'), path: '/forget-me', narrow: true,
    body: done ? html`<h1>${t('forget.done')}</h1><p>${t('forget.done.why')}</p>`
      : html`<h1>${t('forget.title')}</h1><p>${t('forget.why')}</p><form method="post" class="card" action="${localPath(frame, '/forget-me')}"><button class="go">${t('forget.button')}</button></form>`,
  }
}

export function doneBody(frame: Frame, verb: LinkVerb | 'topic'): Html {
  const { t } = frame
  return html`<h1>${t(`link.${verb}.done`)}</h1><p>${t(`link.${verb}.done.why`)}</p><div class="row"><a class="plain" href="${localPath(frame, '/actions')}">${t('action.others')}</a></div>`
}

export function busyBody({ t }: Frame): Html {
  return html`<h1>${t('busy.title')}</h1><p>${t('busy.why')}</p>`
}
