import { html, type Html } from '#platform/html/html.ts'
import type { Capsule } from '#modules/own-data/index.ts'
import type { Faults, Typed } from '../forms/fields.ts'
import { localPath, type Frame } from '../look/layout.ts'

/** A capsule that has been opened. */
export type Ready = Extract<Capsule, { state: 'ready' }>

/** What a page is made with beside the capsule. */
export interface DataView {
  frame: Pick<Frame, 't' | 'publisher' | 'rehearsal' | 'textOnly'> & Partial<Pick<Frame, 'places'>>
  token: string
  ready: Ready
  now: Date
  typed: Typed
  faults: Faults
  /** To be read as a file: nothing in it leads anywhere or changes anything. */
  plain?: boolean
}

/** A form on the page that changes one thing. */
export function changeForm({ frame, token }: Pick<DataView, 'frame' | 'token'>, what: string, button: string, inside: Html | false = false, look = 'plain'): Html {
  return html`<form method="post" action="${localPath(frame, `/my-data/${token}/change`)}" novalidate><input type="hidden" name="what" value="${what}">${inside}<div class="row"><button class="${look}">${button}</button></div></form>`
}
