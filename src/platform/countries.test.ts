import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countryCodes, countryNamed } from './countries.ts'
import { countryNameIn } from './formats.ts'
import { interfaceLanguages } from './words.ts'

test('every country is understood by its code and by its name in every language, with accents or without', () => {
  for (const code of countryCodes()) {
    assert.equal(countryNamed(code.toLowerCase()), code)
    for (const language of interfaceLanguages) {
      const name = countryNameIn(language, code)
      assert.equal(countryNamed(name), code, `${name} (${language})`)
      assert.equal(countryNamed(` ${name.toUpperCase().normalize('NFD').replace(/\p{M}/gu, '')} `), code, `${name} without accents`)
    }
  }
})

test('a country of two names is found by either, and what is the name of none is nothing', () => {
  const both = countryCodes().map((code) => countryNameIn('en', code)).find((name) => name.includes('('))!
  const [one, other] = both.split(/[()]/).map((part) => part.trim())
  assert.equal(countryNamed(one!), countryNamed(both))
  assert.equal(countryNamed(other!), countryNamed(both))
  assert.equal(countryNamed('Marovia'), undefined)
  assert.equal(countryNamed('xq'), 'XQ', 'a code that stands for nothing yet')
  assert.equal(countryNamed(''), undefined)
})
