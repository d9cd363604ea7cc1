import { sql, type RawBuilder } from '#platform/db.ts'
import type { Place, Purpose } from '#platform/sealing/index.ts'

/** A column in which values are sealed, and what a rotation has to know to open each at its place and seal it there again. */
export interface SealedColumn {
  purpose: Purpose
  table: string
  column: string
  /** The columns of the table's key, with their types, in their order. */
  key: readonly (readonly [name: string, type: 'uuid' | 'int' | 'smallint' | 'bytea'])[]
  /** Which process opens it and has the rights to write it; nobody where values pass through within days and are left to end under the old key. */
  moves: 'worker' | 'desk' | 'nobody'
  /** Where a row's value was sealed for, if not at this table, this column and the first column of the key. */
  place?: (key: string[]) => Omit<Place, 'purpose'>
}

const id = [['id', 'uuid']] as const
const ofPerson = [['person_id', 'uuid'], ['id', 'uuid']] as const
const ofParticipation = [['person_id', 'uuid'], ['participation_id', 'uuid']] as const
const inBatch = [['batch_id', 'uuid'], ['position', 'int']] as const
const last = (table: string, column: string) => (key: string[]) => ({ table, column, row: key.at(-1)! })
const intake = ([batch, position]: string[]) => ({ table: 'intake', column: 'contact', row: `${batch}:${position}` })

/**
 * All columns in which something is sealed, in the order in which a rotation goes through them. A test fails if one that the inventory calls
 * sealed is missing. New ones go to the end of those of their process: a rotation that is under way counts them.
 */
export const sealedColumns: SealedColumn[] = [
  { purpose: 'contact', table: 'people', column: 'contact', key: id, moves: 'worker' },
  { purpose: 'contact', table: 'participations', column: 'details', key: ofPerson, moves: 'worker', place: last('participations', 'details') },
  { purpose: 'contact', table: 'message_texts', column: 'contact', key: ofParticipation, moves: 'worker', place: last('message_texts', 'contact') },
  { purpose: 'contact', table: 'intake_refused', column: 'contact', key: inBatch, moves: 'worker', place: intake },
  { purpose: 'contact', table: 'removals', column: 'domain', key: id, moves: 'worker' },
  { purpose: 'contact', table: 'person_searches', column: 'query', key: id, moves: 'worker' },
  { purpose: 'contact', table: 'suppression_requests', column: 'query', key: id, moves: 'worker' },
  { purpose: 'contact', table: 'recovery_keys', column: 'index_keys', key: [['id', 'smallint']], moves: 'worker' },
  { purpose: 'contact', table: 'returned_mails', column: 'contact', key: id, moves: 'worker' },
  { purpose: 'contact', table: 'returned_letters', column: 'contact', key: id, moves: 'worker' },
  { purpose: 'contact', table: 'address_changes', column: 'contact', key: id, moves: 'worker' },
  { purpose: 'contact', table: 'supporter_requests', column: 'change', key: id, moves: 'worker' },
  { purpose: 'contact', table: 'intake', column: 'contact', key: inBatch, moves: 'nobody' },
  { purpose: 'contact', table: 'capsules', column: 'token', key: [['token_hash', 'bytea']], moves: 'nobody' },
  { purpose: 'contact', table: 'staff', column: 'contact', key: id, moves: 'desk' },
  { purpose: 'contact', table: 'staff', column: 'one_time_secret', key: id, moves: 'desk' },
  { purpose: 'record', table: 'participations', column: 'record', key: ofPerson, moves: 'desk', place: last('participations', 'record') },
  { purpose: 'record', table: 'message_texts', column: 'record', key: ofParticipation, moves: 'desk', place: last('message_texts', 'record') },
  { purpose: 'record', table: 'returned_letters', column: 'record', key: [['about_id', 'uuid'], ['id', 'uuid']], moves: 'desk', place: last('returned_letters', 'record') },
  { purpose: 'record', table: 'contact_messages', column: 'record', key: [['subject_id', 'uuid'], ['id', 'uuid']], moves: 'desk', place: last('contact_messages', 'record') },
  { purpose: 'record', table: 'export_parts', column: 'bytes', key: [['export_id', 'uuid'], ['part', 'int']], moves: 'nobody', place: ([id, part]) => ({ table: 'export_parts', column: 'bytes', row: `${id} ${part}` }) },
  { purpose: 'record', table: 'intake', column: 'record', key: inBatch, moves: 'nobody' },
  { purpose: 'record', table: 'intake_refused', column: 'record', key: inBatch, moves: 'nobody' },
]

/** Columns that are sealed under a key which only the token of somebody's link gives: no rotation reaches them, and they are gone within an hour. */
export const sealedByToken = ['capsules.contents', 'capsules.record_contents']

/** Where the value of a row is sealed. */
export function placeOf(of: SealedColumn, key: string[]): Place {
  return { purpose: of.purpose, ...of.place?.(key) ?? { table: of.table, column: of.column, row: key[0]! } }
}

/** The name of the key of a sealed value, as envelopes have it in their second to fifth byte. */
export function keyOfValue(column: string): RawBuilder<string> {
  return sql<string>`encode(substring(${sql.ref(column)} from 2 for 4), 'hex')`
}
