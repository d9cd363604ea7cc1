import type { TargetsMapping } from './mapping.ts'
import { contactsOf } from './popolo-contacts.ts'
import { gatherPopolo, type Gathered, type Thing } from './popolo-file.ts'
import { dayTextIn, formalNameOf, nameOf, namesOf, otherNamesOf, textIn } from './popolo-names.ts'
import { withWhat, type RefusalReason } from './report.ts'
import type { RefusedRow, Roster, RosterHolder, RosterRow } from './roster.ts'
import { parseWhole } from './rows.ts'
import { wholeText, type TextFile } from './source.ts'
import { slug } from '#platform/slug.ts'
import { dayWritten } from './day-written.ts'

/**
 * Reads Popolo JSON: organisations with posts and memberships, persons, areas, by reference or one within another. A post is an
 * office; where memberships have none, the office is that of the organisation in the area. A year or a month stands for its first
 * day where a term begins, and for the day after its last where one ends.
 * What has a day that cannot be read, or ends before it begins, is refused: nobody knows when it is over.
 */
export async function popoloRoster(mapping: TargetsMapping, file: TextFile, asOf: string): Promise<Roster> {
  const gathered = gatherPopolo(await parseWhole(await wholeText(file)))
  const reader = new PopoloReader(mapping, gathered, asOf)
  gathered.memberships.forEach((membership, index) => reader.membership(membership, index + 1))
  for (const [id, post] of gathered.posts) if (!reader.held.has(id)) reader.vacant(id, post)
  for (const [id, person] of gathered.persons) if (!reader.placed.has(id)) reader.refuse(0, nameOf(person), 'no-office', '')
  return reader.roster()
}

class PopoloReader {
  /** Posts and persons that a membership names. */
  readonly held = new Set<string>()
  readonly placed = new Set<string>()
  readonly #mapping: TargetsMapping
  readonly #all: Gathered
  readonly #asOf: string
  readonly #rows: RosterRow[] = []
  readonly #refused: RefusedRow[] = []
  readonly #bodies = new Set<string>()
  #read = 0

  constructor(mapping: TargetsMapping, all: Gathered, asOf: string) {
    this.#mapping = mapping
    this.#all = all
    this.#asOf = asOf
  }

  refuse(number: number, label: string, reason: RefusalReason, officeId: string): void {
    this.#refused.push({ row: number, outcome: 'refused', label: label.slice(0, 200), reason, officeId })
  }

  membership(membership: Thing, number: number): void {
    this.#read += 1
    const postId = textIn(membership, 'post_id')
    const person = this.#all.persons.get(textIn(membership, 'person_id'))
    const post = this.#all.posts.get(postId)
    const bodyId = (post && textIn(post, 'organization_id')) || textIn(membership, 'organization_id')
    const body = this.#all.organizations.get(bodyId)
    const label = person ? nameOf(person) : textIn(membership, 'person_id') || textIn(membership, 'id')
    const officeId = this.#id(postId || this.#seatOf(membership, bodyId))
    if (person) this.placed.add(textIn(membership, 'person_id'))
    if (postId) this.held.add(postId)
    if (!person) return this.refuse(number, label, 'unknown-person', officeId)
    if (postId && !post) return this.refuse(number, withWhat(label, postId), 'unknown-office', officeId)
    if (!body) return this.refuse(number, withWhat(label, bodyId), 'unknown-body', officeId)
    if (!post && this.#all.parties.has(bodyId)) return this.refuse(number, label, 'no-office', officeId)
    const areaId = (post && textIn(post, 'area_id')) || textIn(membership, 'area_id')
    const area = this.#all.areas.get(areaId)
    if (areaId && !area) return this.refuse(number, withWhat(label, areaId), 'unknown-area', officeId)
    const period = this.#all.periods.get(textIn(membership, 'legislative_period_id'))
    const [start, end] = ['start_date', 'end_date'].map((name) => dayTextIn(membership, name) || (period ? dayTextIn(period, name) : ''))
    const [since, until] = [firstDay(start!), dayAfter(end!)]
    if (since === undefined || until === undefined) return this.refuse(number, withWhat(label, (since === undefined ? start : end)!), 'bad-date', officeId)
    if (since && until && until < since) return this.refuse(number, label, 'bad-date', officeId)
    const validUntil = post ? dayAfter(dayTextIn(post, 'end_date')) : null
    if (validUntil === undefined) return this.refuse(number, withWhat(label, dayTextIn(post!, 'end_date')), 'bad-date', officeId)
    const { contacts, refused } = this.#contacts([person, membership], 'holder')
    const ofPost = post ? this.#contacts([post], 'office') : { contacts: [], refused: [] }
    for (const { reason, what } of [...refused, ...ofPost.refused]) this.refuse(number, withWhat(label, what), reason, officeId)
    const said = post ? textIn(post, 'label') || textIn(post, 'role') : textIn(membership, 'label') || textIn(membership, 'role')
    const office = post ? said || nameOf(body) : [said || nameOf(body), area && nameOf(area)].filter(Boolean).join(', ')
    this.#rows.push({
      number, label: office, areaId: areaId ? this.#id(areaId) : null, seats: post ? seatsOf(post) : 0,
      office: { id: officeId, bodyId: this.#body(bodyId), label: office, labels: post ? namesOf(post, 'label') : {}, salutations: this.#mapping.salutations, validUntil },
      holder: this.#holder(person, textIn(membership, 'person_id'), membership), since, until, expectedUntil: null, contacts: [...contacts, ...ofPost.contacts],
    })
  }

  /** A post that nobody holds is vacant, and an office all the same. */
  vacant(id: string, post: Thing): void {
    this.#read += 1
    const bodyId = textIn(post, 'organization_id')
    const body = this.#all.organizations.get(bodyId)
    const label = textIn(post, 'label') || textIn(post, 'role') || (body ? nameOf(body) : id)
    const areaId = textIn(post, 'area_id')
    if (!body) return this.refuse(0, withWhat(label, bodyId), 'unknown-body', this.#id(id))
    if (areaId && !this.#all.areas.has(areaId)) return this.refuse(0, withWhat(label, areaId), 'unknown-area', this.#id(id))
    const validUntil = dayAfter(dayTextIn(post, 'end_date'))
    if (validUntil === undefined) return this.refuse(0, withWhat(label, dayTextIn(post, 'end_date')), 'bad-date', this.#id(id))
    const { contacts, refused } = this.#contacts([post], 'office')
    for (const { reason, what } of refused) this.refuse(0, withWhat(label, what), reason, this.#id(id))
    this.#rows.push({
      number: 0, label, areaId: areaId ? this.#id(areaId) : null, seats: seatsOf(post), holder: undefined, since: null, until: null, expectedUntil: null, contacts,
      office: { id: this.#id(id), bodyId: this.#body(bodyId), label, labels: namesOf(post, 'label'), salutations: this.#mapping.salutations, validUntil },
    })
  }

  /** How they can be reached on the day of the file: what ended by then, or is not so yet, is left out. */
  #contacts(of: Thing[], whose: 'office' | 'holder') {
    return contactsOf(of, whose, (detail) => {
      const [from, until] = [firstDay(dayTextIn(detail, 'valid_from')), dayAfter(dayTextIn(detail, 'valid_until'))]
      return from === undefined || until === undefined ? undefined : (from === null || from <= this.#asOf) && (until === null || until > this.#asOf)
    })
  }

  roster(): Roster {
    return {
      bodies: [...this.#bodies].map((id) => ({ id: this.#id(id), name: nameOf(this.#all.organizations.get(id)!), names: namesOf(this.#all.organizations.get(id)!) })),
      areas: [...this.#all.areas].map(([id, area]) => {
        const parent = textIn(area, 'parent_id')
        return { id: this.#id(id), name: nameOf(area), names: namesOf(area), kind: textIn(area, 'classification'), parentId: this.#all.areas.has(parent) ? this.#id(parent) : null }
      }),
      rows: this.#rows, refused: this.#refused, read: this.#read,
    }
  }

  #id(id: string): string {
    return `${this.#mapping.prefix}:${id}`
  }

  #body(id: string): string {
    this.#bodies.add(id)
    return this.#id(id)
  }

  /** Where there is no post: the organisation's members for an area, and apart from them whoever has another role there. */
  #seatOf(membership: Thing, bodyId: string): string {
    const role = textIn(membership, 'role')
    return [bodyId, textIn(membership, 'area_id'), role && role.toLowerCase() !== 'member' ? slug(role) : ''].filter(Boolean).join(':')
  }

  #holder(person: Thing, id: string, membership: Thing): RosterHolder {
    const party = this.#all.organizations.get(textIn(membership, 'on_behalf_of_id'))
    return { id: this.#id(id), name: nameOf(person), names: namesOf(person), otherNames: otherNamesOf(person), formalName: formalNameOf(person), party: party ? nameOf(party) : '' }
  }
}

/** How many may hold a post at once: Popolo does not say, some files do; otherwise as many as they name. */
function seatsOf(post: Thing): number {
  const seats = Number(post.maximum_memberships ?? 0)
  return Number.isInteger(seats) && seats > 0 && seats <= 1000 ? seats : 0
}

/** Null where nothing is said, undefined where it is no day. */
function firstDay(text: string): string | null | undefined {
  if (!text) return null
  return dayWritten(/^\d{4}$/.test(text) ? `${text}-01-01` : /^\d{4}-\d{2}$/.test(text) ? `${text}-01` : text, 'ymd')
}

function dayAfter(text: string): string | null | undefined {
  if (/^\d{4}$/.test(text)) return firstDay(String(Number(text) + 1).padStart(4, '0'))
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return firstDay(text)
  const [year, month] = text.split('-').map(Number) as [number, number]
  return firstDay(month === 12 ? `${String(year + 1)}-01` : `${year}-${String(month + 1).padStart(2, '0')}`)
}
