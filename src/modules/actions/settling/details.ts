import type { Place } from '#platform/sealing/index.ts'

/** What a supporter typed that nobody needs to read before it is confirmed. The name goes when it is; the others stay. */
export interface Details {
  name?: string
  comment?: string
  postcode?: string
}

export function detailsPlace(participationId: string): Place {
  return { purpose: 'contact', table: 'participations', column: 'details', row: participationId }
}

/** Where phone number and postal address are sealed; the public server does it, because nobody else should see them. */
export function recordPlace(participationId: string): Place {
  return { purpose: 'record', table: 'participations', column: 'record', row: participationId }
}

/** A supporter's message and the name under it, kept until it has been sent. */
export interface MessageText {
  revision: string
  name: string
  subject: string
  body: string
  offices: string[]
  variant?: string
  more?: { variant?: string, subject: string, body: string, offices: string[] }[]
  copies?: string[]
  facts?: Record<string, string>
  holdersOf?: Record<string, string[]>
  /** In the order of the offices, from a page of the version before. */
  holders?: string[][]
  copy: boolean
  postalAddress?: string
  postcode?: string
  told?: { digest: string[], asked: boolean }
}

export function messagePlace(purpose: 'contact' | 'record', participationId: string): Place {
  return { purpose, table: 'message_texts', column: purpose, row: participationId }
}
