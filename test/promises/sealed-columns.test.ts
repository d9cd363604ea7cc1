import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sealedByToken, sealedColumns } from '#modules/keys/index.ts'
import { inventory } from '#modules/privacy/index.ts'

test('a rotation knows every column in which something is sealed: whoever adds one says in src/modules/keys/sealed-columns.ts how it is opened', () => {
  const sealed = inventory.flatMap(({ tables }) => Object.entries(tables)).flatMap(([table, { columns }]) => columns.filter(([dataClass]) => dataClass === 'sealed').flatMap(([, names]) => names.split(' ').map((name) => `${table}.${name}`)))
  assert.deepEqual([...sealedByToken, ...sealedColumns.map(({ table, column }) => `${table}.${column}`)].toSorted(), sealed.toSorted())
})
