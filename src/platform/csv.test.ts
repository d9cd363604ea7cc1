import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from '#test/support/property.ts'
import { parse } from 'csv-parse/sync'
import { csvRow } from './csv.ts'

test('no cell of an export begins as a formula', () => {
  for (const cell of ['=1+1', '+44 20', '-5', '@SUM(A1)', '\t=x', '\r=x', '\n=x']) {
    const read = parse(csvRow([cell]))[0]![0]!
    assert.equal(read[0], "'")
    assert.equal(read.slice(1), cell)
  }
})

test('whatever people typed comes out of the table as it was', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' }).filter((text) => !/^[=+\-@\t\r\n]/.test(text) && !text.startsWith('\ufeff')), { minLength: 1, maxLength: 5 }), (cells) => {
    const [read] = parse(csvRow(cells), { relax_column_count: true, skip_empty_lines: false })
    assert.deepEqual(read, cells)
  }))
})
