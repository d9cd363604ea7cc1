import { readAddress } from '#modules/people/index.ts'
import { isWebAddress } from './part-row.ts'
import type { Thing } from './popolo-file.ts'
import { textIn } from './popolo-names.ts'
import type { RefusalReason } from './report.ts'
import type { RosterContact } from './roster.ts'

const kinds: Record<string, 'email' | 'phone' | 'address' | 'url'> = {
  email: 'email', phone: 'phone', voice: 'phone', cell: 'phone', mobile: 'phone', tel: 'phone', address: 'address', postal: 'address', url: 'url', form: 'url', website: 'url', web: 'url',
}

/** What is wrong with a contact detail, and with which. */
export interface RefusedContact {
  reason: RefusalReason
  what: string
}

/** How these can be reached: by the contact details that hold. What is no way that we know, or no address, is said and left out. */
export function contactsOf(of: Thing[], whose: RosterContact['of'], holds: (detail: Thing) => boolean | undefined): { contacts: RosterContact[], refused: RefusedContact[] } {
  const contacts: RosterContact[] = []
  const refused = new Map<string, RefusedContact>()
  for (const thing of of) {
    const details = (Array.isArray(thing.contact_details) ? thing.contact_details : []) as unknown[]
    const own = textIn(thing, 'email') ? [{ type: 'email', value: textIn(thing, 'email') }] : []
    for (const detail of [...own, ...details]) {
      if (typeof detail !== 'object' || detail === null) continue
      const held = holds(detail as Thing)
      if (held === false) continue
      const value = textIn(detail as Thing, 'value')
      const type = textIn(detail as Thing, 'type')
      const kind = kinds[type.toLowerCase()]
      const problem = !value ? undefined : held === undefined ? 'bad-date' : !kind ? 'unknown-kind' : kind === 'email' && !readAddress(value) ? 'bad-email' : kind === 'url' && !isWebAddress(value) ? 'bad-url' : undefined
      if (problem) refused.set(`${problem} ${type}`, { reason: problem, what: problem === 'unknown-kind' ? type : value })
      else if (value) contacts.push({ of: whose, kind: kind!, value, source: sourceOf(detail as Thing), checkedOn: undefined })
    }
  }
  return { contacts, refused: [...refused.values()] }
}

function sourceOf(detail: Thing): string | undefined {
  const first: unknown = Array.isArray(detail.sources) ? detail.sources[0] : undefined
  return typeof first === 'object' && first !== null ? textIn(first as Thing, 'url') || undefined : undefined
}
