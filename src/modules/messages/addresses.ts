import type { Db } from '#platform/db.ts'
import { domainOf } from '#modules/people/index.ts'
import { alternatesOf, type OfficeFacts } from '#modules/targets/index.ts'
import { restsOf, standingOf, type HealthScope } from './health.ts'

/** Something for an office with the address that it goes to. */
export interface Addressed {
  /** The office, with the address that is used this time. */
  office: OfficeFacts
  to: string
  /** Whether that is the office's second address. */
  alternate: boolean
  /** Where it goes if this address refuses it for good. */
  second: string | undefined
}

/**
 * Chooses the address for each: the office's own, or its second one where the first refused this for good or has been refusing for
 * good again and again. Leaves out what would go to a mailbox or domain that is resting, and lets one alone try those that have rested.
 */
export async function whereTo<Each extends { office: OfficeFacts, alternate: boolean }>(db: Db, candidates: Each[], now: Date): Promise<(Each & Addressed)[]> {
  const alternates = await alternatesOf(db, [...new Set(candidates.map(({ office }) => office.id))])
  const rests = await restsOf(db, [...new Set(candidates.flatMap(({ office }) => [office.email!, ...(alternates.has(office.id) ? [alternates.get(office.id)!.address] : [])]))])
  const standing = (scope: HealthScope, subject: string) => standingOf(rests.get(`${scope} ${subject}`), scope, now)
  const tried = new Set<string>()
  return candidates.flatMap((each) => {
    const first = each.office.email!
    const second = alternates.get(each.office.id)?.address
    const given = second !== undefined && second.toLowerCase() !== first.toLowerCase() ? second : undefined
    const refusing = standing('mailbox', first.toLowerCase()) === 'resting' && rests.get(`mailbox ${first.toLowerCase()}`)!.problem.match(/^(refused|bounced) 5/) !== null
    const alternate = given !== undefined && (each.alternate || refusing)
    const to = alternate ? given : first
    const names = [['mailbox', to.toLowerCase()], ['domain', domainOf(to)]] as const
    const stands = names.map(([scope, subject]) => standing(scope, subject))
    if (stands.includes('resting')) return []
    const trying = names.filter((_, place) => stands[place] === 'trying').map((name) => name.join(' '))
    if (trying.some((name) => tried.has(name))) return []
    for (const name of trying) tried.add(name)
    return [{ ...each, office: { ...each.office, email: to }, to, alternate, second: alternate ? undefined : given }]
  })
}
