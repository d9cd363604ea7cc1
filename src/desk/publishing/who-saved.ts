import { html, type Html } from '#platform/html/html.ts'
import { allStaff } from '#modules/staff/index.ts'
import type { Desk } from '../context.ts'

/** Who saved each of these versions, by name. Nothing where nobody did: it came with the program. */
export async function whoSaved(desk: Desk, versions: { staffId: string | null }[]): Promise<(version: { staffId: string | null }) => Html | false> {
  const names = versions.some(({ staffId }) => staffId !== null) ? new Map((await allStaff(desk.db, desk.opener)).map(({ id, name }) => [id, name])) : new Map<string, string>()
  return ({ staffId }) => staffId !== null && names.has(staffId) && html`<span class="soft"><bdi>${names.get(staffId)}</bdi></span>`
}
