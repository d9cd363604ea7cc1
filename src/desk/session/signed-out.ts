import { html, type Html } from '#platform/html/html.ts'
import type { DeskPage } from '../look/layout.ts'
import type { DeskWords } from '../words/index.ts'
import { typedBefore } from './again.ts'

/** What opens something, or somebody's account: it is typed again, and stands in no page. */
const secret = /pass(?:word|phrase)|secret|^(?:one_time_)?code$/

/** What was typed, without such; nothing of a form that brings a key and what opens it. */
function wordsIn(body: unknown): [name: string, value: unknown][] {
  const all = Object.entries((body ?? {}) as Record<string, unknown>)
  return all.some(([name]) => name.includes('passphrase')) ? [] : all.filter(([name]) => !secret.test(name))
}

/** Whether a form came with anything that somebody would have to type again. */
export function holdsWords(body: unknown): boolean {
  return wordsIn(body).some(([, value]) => (typeof value === 'string' ? value.trim() !== '' : value !== undefined))
}

/** For whoever handed in a form after their session had ended: what was typed stays in the page, to be sent again from there once they are signed in. Browsers keep nothing of our pages themselves. */
export async function keptWords(t: DeskWords, body: unknown): Promise<Html> {
  return typedBefore(Object.fromEntries(wordsIn(body)), html`<p>${t('again.file')}</p>`)
}

export function signedOutPage(t: DeskWords, action: string, kept: Html): DeskPage {
  return {
    title: t('signed-out.title'), status: 403, holdsWords: true,
    body: html`<form method="post" action="${action}" class="card" data-keep data-at-risk><p>${t('signed-out.why')}</p>${kept}<div class="row"><a class="btn plain" href="/sign-in" target="_blank" rel="noopener">${t('signed-out.sign-in')}</a><button>${t('signed-out.again')}</button></div></form>`,
  }
}
