/**
 * What each role may do: the one table of it. A page of the desk asks for an ability and never for a role.
 * What a role may not do does not exist for it: no page, no menu entry, no row.
 */
export const abilities = [
  // Everybody who works here: today, and their own account; 'account' is what lets them in.
  'desk', 'account',
  'see-actions', 'campaign', 'translate', 'write-pages', 'publish-pages', 'keep-records', 'mail-supporters',
  'see-targets', 'change-targets', 'see-outbox', 'sending-rules',
  'see-people', 'moderate', 'open-people', 'erase-people', 'export-people', 'keep-data',
  'guard-counts', 'settings', 'go-live', 'staff', 'sessions', 'lock-everything', 'audit', 'keys', 'health', 'switches',
  'approve-mailings', 'approve-exports',
] as const
export type Ability = (typeof abilities)[number]

export const roles = ['administrator', 'campaigner', 'coordinator', 'researcher', 'press-officer', 'translator', 'data-steward', 'security-lead'] as const
export type Role = (typeof roles)[number]

const table: Record<Role, readonly Ability[]> = {
  administrator: abilities,
  campaigner: [
    'desk', 'account', 'see-actions', 'campaign', 'translate', 'write-pages', 'publish-pages', 'keep-records', 'mail-supporters', 'see-targets', 'change-targets', 'see-outbox',
    'see-people', 'moderate', 'open-people', 'export-people', 'approve-mailings',
  ],
  coordinator: ['desk', 'account', 'see-actions', 'campaign', 'translate', 'write-pages', 'publish-pages', 'keep-records', 'see-people'],
  researcher: ['desk', 'account', 'see-actions', 'write-pages', 'keep-records', 'see-targets', 'change-targets'],
  'press-officer': ['desk', 'account', 'see-actions', 'write-pages', 'publish-pages', 'keep-records'],
  translator: ['desk', 'account', 'see-actions', 'translate'],
  'data-steward': ['desk', 'account', 'see-actions', 'see-people', 'moderate', 'open-people', 'erase-people', 'export-people', 'keep-data', 'audit', 'approve-exports'],
  'security-lead': ['desk', 'account', 'sessions', 'lock-everything', 'audit', 'keys', 'health', 'switches', 'approve-exports'],
}

/** Roles that reach only what was assigned to whoever has them. */
const limited: readonly Role[] = ['coordinator']

/** Abilities whose forms are only taken from somebody who signed in, or signed in again, within ten minutes. */
export const freshAbilities: ReadonlySet<Ability> = new Set(['account', 'audit', 'export-people', 'keys', 'staff', 'sessions', 'lock-everything', 'approve-mailings', 'approve-exports'])
export const freshMinutes = 10

/** What nobody does while everything is locked, whoever they are. */
export const closedWhileLocked: ReadonlySet<Ability> = new Set(['open-people', 'export-people', 'mail-supporters'])

/** Where an ability reaches: everywhere, or to these places. */
export type Reach = 'everywhere' | readonly string[]

/** The roles of one person, with what was assigned to them: one's own, or those of somebody whose deputy one is. */
export interface Holding {
  staffId: string
  roles: readonly Role[]
  places: readonly string[]
}

/** What somebody may do with an ability: as far as it reaches, and on whose behalf where it is not their own. */
export interface Grant {
  reach: Reach
  behalfOf: string | null
}

/**
 * The grant of an ability out of what somebody holds, their own first; nothing where they hold none of it. One that reaches
 * everywhere goes before one that is limited; of several limited ones all places count.
 */
export function grantOf(holdings: readonly Holding[], ability: Ability): Grant | undefined {
  const found = holdings.flatMap((holding, place) => {
    const giving = holding.roles.filter((role) => table[role].includes(ability))
    // What is everybody's own has no limits.
    const reach: Reach = ability === 'desk' || ability === 'account' || giving.some((role) => !limited.includes(role)) ? 'everywhere' : holding.places
    return giving.length > 0 ? [{ reach, behalfOf: place === 0 ? null : holding.staffId }] : []
  })
  const everywhere = found.find(({ reach }) => reach === 'everywhere')
  if (everywhere ?? found.length === 0) return everywhere
  return { reach: [...new Set(found.flatMap(({ reach }) => reach))], behalfOf: found[0]!.behalfOf }
}

/** Whether somebody with these roles has an ability at all. */
export function rolesGive(held: readonly Role[], ability: Ability): boolean {
  return held.some((role) => table[role].includes(ability))
}
