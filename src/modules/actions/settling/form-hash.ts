import { hash } from 'node:crypto'
import type { Taking } from '../intake/entry.ts'

/** Hash of the form's random key and of everything that was in the form: a second click is equal, a corrected form is not. */
export function formHash(it: Taking): Buffer {
  return hash('sha256', JSON.stringify([
    it.form, it.action, it.ask, it.language, it.email, it.name, it.country, it.area, it.postcode, it.source, it.answers, it.comment, it.message, it.rehearsal,
  ]), 'buffer')
}
