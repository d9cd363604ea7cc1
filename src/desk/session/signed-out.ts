import { html, type Html } from '#platform/html/html.ts'
import type { DeskPage } from '../look/layout.ts'
import type { DeskWords } from '../words/index.ts'
import { typedBefore } from './again.ts'

/** Whether a form came with anything that somebody would have to type again. */
export function holdsWords(body: unknown): boolean {
  return Object.values((body ?? {}) as Record<string, unknown>).some((each) => (typeof each === 'string' ? each.trim() !== '' : each !== undefined))
}

/** For whoever handed in a form after their session had ended: what was typed stays in the page, to be sent again from there once they are signed in. Browsers keep nothing of our pages themselves. */
export async function keptWords(t: DeskWords, body: unknown): Promise<Html> {
  const secret = (name: string) => /password|code/.test(name)
  return typedBefore(Object.fromEntries(Object.entries((body ?? {}) as Record<string, unknown>).filter(([name]) => !secret(name))), html`<p>${t('again.file')}</p>`)
}

export function signedOutPage(t: DeskWords, action: string, kept: Html): DeskPage {
  return {
    title: t('signed-out.title'), status: 403, holdsWords: true,
    body: html`<form method="post" action="${action}" class="card" data-keep data-at-risk><p>${t('signed-out.why')}</p>${kept}<div class="row"><a class="btn plain" href="/sign-in" target="_blank" rel="noopener">${t('signed-out.sign-in')}</a><button>${t('signed-out.again')}</button></div></form>`,
  }
}
