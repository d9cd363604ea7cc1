import { html } from '#platform/html/html.ts'
import { localLabel } from '#modules/targets/index.ts'
import { actionPath } from '../actions/parts.ts'
import { localPath, type Frame, type PageParts } from '../look/layout.ts'

export const answers = ['none', 'standard', 'real', 'unsaid'] as const

export interface Asked {
  office: { id: string, label: string, labels: Record<string, string> }
  reply: string | null
}

/** The question whether they answered: one choice for each office, none of them ticked before its owner does. */
export function repliedPage(frame: Frame, { token, title, asked, fault }: { token: string, title: string, asked: Asked[], fault: boolean }): PageParts {
  const { t } = frame
  return {
    title: t('replied.title'), narrow: true,
    body: html`<p class="kind"><bdi>${title}</bdi></p><h1>${t('replied.title')}</h1><p>${t('replied.why')}</p>
<form method="post" class="card" action="${localPath(frame, `/replied/${token}`)}" novalidate>${fault && html`<div class="errors" role="alert" tabindex="-1" autofocus><h2>${t('errors.title')}</h2><p>${t('fault.replied')}</p></div>`}
${asked.map(({ office, reply }, place) => html`<fieldset><legend><bdi>${localLabel(office, t.language)}</bdi></legend><input type="hidden" name="office-${place}" value="${office.id}">${answers.map((answer) => html`<label class="opt"><input type="radio" name="answer-${place}" value="${answer}"${reply === answer && html` checked`}>${t(`replied.${answer}`)}</label>`)}</fieldset>`)}
<button class="go">${t('replied.button')}</button></form><p class="fine">${t('replied.counted')}</p>
<ul class="other"><li><a href="${localPath(frame, `/withdraw/${token}`)}">${t('link.withdraw.title')}</a></li><li><a href="${localPath(frame, `/unsubscribe/${token}`)}">${t('link.unsubscribe.title')}</a></li></ul>`,
  }
}

/** Nothing is asked here: too early, taken back, or answered by a link that is about something else. */
export function nothingAskedPage(frame: Frame, slug: string): PageParts {
  const { t } = frame
  return {
    title: t('replied.title'), narrow: true,
    body: html`<h1>${t('replied.title')}</h1><p>${t('replied.nothing')}</p><div class="row"><a class="plain" href="${localPath(frame, actionPath({ slug }))}">${t('action.back')}</a></div>`,
  }
}

export function repliedDonePage(frame: Frame): PageParts {
  const { t } = frame
  return {
    title: t('replied.done'), path: '/done/replied', narrow: true,
    body: html`<h1>${t('replied.done')}</h1><p>${t('replied.done.why')}</p><div class="row"><a class="plain" href="${localPath(frame, '/actions')}">${t('action.others')}</a></div>`,
  }
}

