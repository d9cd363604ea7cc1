import assert from 'node:assert/strict'
import { inTransaction } from '#platform/db.ts'
import { shownItem } from '#modules/publishing/index.ts'
import { addStaff, assignPlaces, openSession, type Role } from '#modules/staff/index.ts'
import { acting } from './acting.ts'
import { formOn } from './http.ts'
import { openDeskPages, postRaw, rawRequest, type Answer } from './pages.ts'
import { stage } from './stage.ts'

export const words = ({ text }: Answer) => text.replace(/<style>[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ')
/** The address of the page that is shown within a page. */
export const framedIn = ({ text }: Answer) => /<iframe[^>]* src="([^"]+)"/.exec(text)![1]!.replaceAll('&amp;', '&')
export const saidOf = (answer: Answer) => /said=([a-z-]+)/.exec(String(answer.headers.location))?.[1]

/** The desk, with two people at it who write: Salma, who is a campaigner, and Idris, an administrator. */
export async function writingDesk() {
  const it = await stage()
  const act = await acting(it)
  act.now = new Date()
  const { origin } = await openDeskPages(it, () => act.now)

  async function signedIn(role: Role | readonly Role[], places: string[] = []): Promise<string> {
    return inTransaction(it.as('desk'), async (tx) => {
      const id = await addStaff(tx, it.secrets.desk.contact.at(-1)!, { name: String(role), email: `${[role].flat().join('-')}@lamplight.example`, role, language: 'en' }, act.now)
      await assignPlaces(tx, id, places, act.now)
      return `clarion-desk=${await openSession(tx, id, act.now)}`
    })
  }
  const salma = await signedIn('campaigner')
  const idris = await signedIn('administrator')

  const get = (path: string, cookie = salma) => rawRequest(origin, path, { headers: { cookie } })
  const post = (path: string, fields: [string, string][], cookie = salma) => postRaw(origin, path, new URLSearchParams(fields).toString(), { cookie })

  /** Fills in the editor of a language as a browser does, and presses one of its buttons. */
  async function write(path: string, typed: Record<string, string | string[]>, then: string, cookie = salma, page?: Answer): Promise<Answer> {
    const { action, fields } = formOn((page ?? await get(path, cookie)).text, path.split('?')[0]!)
    const answer = await post(action, [...fields.filter(([name]) => !(name in typed)), ...Object.entries(typed).flatMap(([name, all]) => [all].flat().map((each): [string, string] => [name, each])), ['then', then]], cookie)
    // What only shows the form again leads to a page of its own.
    const onward = answer.headers.location ?? ''
    return /[?&]draft=/.test(onward) ? get(onward, cookie) : answer
  }

  /** Begins an item about the sample's place. Returns its id. */
  async function begun(title: string, form: string, kind = 'news'): Promise<string> {
    const marovia = await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()
    const answer = await post('/items/new', [['title', title], ['item_kind', kind], ['item_form', form], ['item_about', marovia.id]])
    assert.equal(answer.status, 303, words(answer))
    return String(answer.headers.location).split('/')[2]!
  }

  return { it, act, origin, signedIn, salma, idris, get, post, write, begun, shown: (slug: string) => shownItem(it.as('site'), { slug }) }
}
