import { createHash } from 'node:crypto'
import { html, type Html } from '#platform/html/html.ts'
import { field } from '#platform/http/server.ts'
import type { Typed } from '../forms.ts'

/** In a form of what has no versions: what stood there when it was opened, so that nobody saves over what somebody else has saved since. After a fault, still the same. */
export function stoodField(now: Typed, given?: Typed): Html {
  return html`<input type="hidden" name="stood" value="${given?.stood ?? printOf(now)}">`
}

/** Whether somebody else has saved since the form was opened, and something else than it says. */
export function savedMeanwhile(body: unknown, now: Typed, mine: Typed): boolean {
  const stood = field(body, 'stood')
  return stood !== '' && stood !== printOf(now) && printOf(mine) !== printOf(now)
}

const turns = new Map<string, Promise<unknown>>()

/**
 * Lets saves of one thing wait for each other, so that whoever comes second is compared with what the first has left. There is one desk, so its own
 * memory is enough.
 */
export async function inTurn<Result>(thing: string, save: () => Promise<Result>): Promise<Result> {
  const mine = (turns.get(thing) ?? Promise.resolve()).then(save, save)
  turns.set(thing, mine)
  try {
    return await mine
  } finally {
    if (turns.get(thing) === mine) turns.delete(thing)
  }
}

function printOf(typed: Typed): string {
  const filled = Object.entries(typed).map(([name, value]): [string, string[]] => [name, [value ?? []].flat().map((each) => each.trim()).filter(Boolean).toSorted()]).filter(([, values]) => values.length > 0)
  return createHash('sha256').update(JSON.stringify(filled.toSorted(([a], [b]) => (a < b ? -1 : 1)))).digest('base64url').slice(0, 22)
}
