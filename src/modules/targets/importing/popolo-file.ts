import { FileFault } from './source.ts'

export type Thing = Record<string, unknown>

/** Everything that a Popolo file has, by id, wherever in it it stood. */
export interface Gathered {
  persons: Map<string, Thing>
  organizations: Map<string, Thing>
  posts: Map<string, Thing>
  areas: Map<string, Thing>
  periods: Map<string, Thing>
  /** With ids in place of what was embedded. */
  memberships: Thing[]
  /** Organisations that people belong to without an office in them: those on whose behalf others are held, and those called parties. */
  parties: Set<string>
}

/** Takes a Popolo file apart. Throws a FileFault where it is none. */
export function gatherPopolo(content: unknown): Gathered {
  if (!isThing(content) || !['persons', 'posts', 'memberships', 'organizations'].some((list) => Array.isArray(content[list]))) throw new FileFault('This file is not Popolo: it has neither persons nor organizations nor posts nor memberships.')
  const all: Gathered = { persons: new Map(), organizations: new Map(), posts: new Map(), areas: new Map(), periods: new Map(), memberships: [], parties: new Set() }
  for (const area of things(content.areas)) takeArea(all, area)
  for (const event of things(content.events)) all.periods.set(idOf(event), event)
  for (const organization of things(content.organizations)) takeOrganization(all, organization)
  for (const post of things(content.posts)) takePost(all, post)
  for (const person of things(content.persons)) takePerson(all, person)
  for (const membership of things(content.memberships)) takeMembership(all, membership)
  for (const [id, organization] of all.organizations) if (typeof organization.classification === 'string' && /party|faction/i.test(organization.classification)) all.parties.add(id)
  return all
}

function takeArea(all: Gathered, area: Thing): string {
  const parent = isThing(area.parent) ? { parent_id: takeArea(all, area.parent) } : {}
  return put(all.areas, { ...area, ...parent })
}

function takeOrganization(all: Gathered, organization: Thing): string {
  const id = put(all.organizations, organization)
  for (const post of things(organization.posts)) takePost(all, { organization_id: id, ...post })
  for (const membership of things(organization.memberships)) takeMembership(all, { organization_id: id, ...membership })
  for (const child of things(organization.children)) takeOrganization(all, child)
  return id
}

function takePost(all: Gathered, post: Thing): string {
  const id = put(all.posts, {
    ...post, ...(isThing(post.organization) && { organization_id: takeOrganization(all, post.organization) }), ...(isThing(post.area) && { area_id: takeArea(all, post.area) }),
  })
  for (const membership of things(post.memberships)) takeMembership(all, { post_id: id, ...membership })
  return id
}

function takePerson(all: Gathered, person: Thing): string {
  const id = put(all.persons, person)
  for (const membership of things(person.memberships)) takeMembership(all, { person_id: id, ...membership })
  return id
}

function takeMembership(all: Gathered, membership: Thing): void {
  const taken: Thing = {
    ...membership,
    ...(isThing(membership.person) && { person_id: takePerson(all, membership.person) }), ...(isThing(membership.organization) && { organization_id: takeOrganization(all, membership.organization) }),
    ...(isThing(membership.post) && { post_id: takePost(all, membership.post) }), ...(isThing(membership.area) && { area_id: takeArea(all, membership.area) }),
    ...(isThing(membership.on_behalf_of) && { on_behalf_of_id: takeOrganization(all, membership.on_behalf_of) }),
  }
  if (typeof taken.on_behalf_of_id === 'string') all.parties.add(taken.on_behalf_of_id)
  all.memberships.push(taken)
}

/** What is said first stays; what is embedded again may say less. */
function put(map: Map<string, Thing>, thing: Thing): string {
  const id = idOf(thing)
  if (id) map.set(id, { ...thing, ...map.get(id) })
  return id
}

function idOf(thing: Thing): string {
  return typeof thing.id === 'string' || typeof thing.id === 'number' ? String(thing.id).slice(0, 200) : ''
}

function things(list: unknown): Thing[] {
  return Array.isArray(list) ? list.filter(isThing) : []
}

function isThing(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
