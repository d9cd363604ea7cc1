import { reading } from '#platform/db.ts'
import { itemAtOldAddress } from '#modules/publishing/index.ts'
import type { Site } from '../context.ts'

/** Where a page is now that was brought over from another site, by its path there. */
export async function leadsNow(site: Site, url: string): Promise<string | undefined> {
  if (url.length > 500) return undefined
  const slug = await reading(site.db, (tx) => itemAtOldAddress(tx, url))
  return slug && `/items/${slug}`
}
