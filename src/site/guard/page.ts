import { html } from '#platform/html/html.ts'
import { fields, type FastifyRequest } from '#platform/http/server.ts'
import type { Challenge } from '#platform/work.ts'
import { hidden } from '../forms/fields.ts'
import type { Frame, PageParts } from '../look/layout.ts'
import { workScriptPath } from './guard.ts'

/** Holds everything that was typed, and sends it again by itself once the browser has worked, or by its button after a wait. */
export function workPage({ t }: Frame, request: FastifyRequest, { text, seed, bits, waitSeconds }: Challenge): PageParts {
  const typed = Object.keys((request.body ?? {})).filter((name) => name !== 'work' && name !== 'solution')
  return {
    title: t('work.title'), narrow: true,
    body: html`<h1>${t('work.title')}</h1><p role="status">${t('work.why')}</p>
<form method="post" class="card" action="${request.originalUrl.split('?')[0]}" data-seed="${seed}" data-bits="${bits}">${typed.flatMap((name) => fields(request.body, name).map((value) => hidden({ [name]: value })))}
${hidden({ work: text })}<input type="hidden" name="solution" value=""><p>${t('work.wait', { seconds: waitSeconds })}</p><button class="go">${t('work.button')}</button></form>
<p class="fine">${t('work.fine')}</p><script src="${workScriptPath}" defer></script>`,
  }
}
