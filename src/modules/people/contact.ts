import type { Opener, Place, SealingContext } from '#platform/sealing/index.ts'
import { sealable } from '#platform/sealing/index.ts'

/** What the worker needs to write to a person. The name is there once its owner has confirmed the address. */
export interface Contact {
  email: string
  name?: string
}

export function contactPlace(personId: string): Place {
  return { purpose: 'contact', table: 'people', column: 'contact', row: personId }
}

export function sealContact(context: SealingContext, personId: string, contact: Contact): Buffer {
  return context.seal(contactPlace(personId), sealable(contact))
}

export function openContact(opener: Opener, personId: string, sealed: Buffer): Promise<Contact> {
  return opener.open<Contact>(contactPlace(personId), sealed)
}
