import PostalMime, { type Email } from 'postal-mime'

/** A mail of the inbox, taken apart. */
export function readMail(bytes: Buffer): Promise<Email> {
  return PostalMime.parse(bytes)
}
