import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startClarion, until } from '#test/support/clarion.ts'
import { formOn, post } from '#test/support/http.ts'
import { databaseProcess, holdUp } from '#test/support/processes.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())
const { site } = clarion
const petition = '/actions/no-one-should-vanish'
const message = '/actions/write-to-your-representative'
const text = async (path: string) => {
  const answer = await fetch(`${site}${path}`)
  return `${answer.status} ${await answer.text()}`
}

test('while the database is away every page is there in every language, also those that nobody had asked for, and a letter can be printed', { timeout: 90_000 }, async () => {
  // What the site reads by itself after its start.
  await until(async () => (await text(`/ar${message}/by-yourself`)).includes('<option value="marovia:AR"'), 'the list of areas')
  const composing = await (await post(site, `${message}/write`, [...formOn((await text(message)), '/write').fields.filter(([name]) => !['name', 'email', 'postcode'].includes(name)), ['name', 'Patient'], ['email', 'patient@example.org'], ['postcode', 'AR 110']])).text()
  const goOn = holdUp(databaseProcess(clarion))
  try {
    for (const [path, says] of [
      ['/', 'No one should vanish'], ['/ar', '<html lang="ar"'], ['/ar/actions', '<html lang="ar"'], [petition, 'name="email"'], [`/ar${petition}`, '<html lang="ar"'], [`${petition}/sheet`, '<table>'], [`/ar${petition}/sheet`, '<table>'],
      [message, 'name="postcode"'], [`/ar${message}`, '<html lang="ar"'], [`${message}/by-yourself`, '<option value="marovia:AR"'], [`${petition}/one-more-step`, 'name="code"'], [`/ar${petition}/thanks`, '<html lang="ar"'],
      ['/privacy', '<h1>'], ['/ar/your-data', '<h1>'], ['/contact', '<h1>'], [`${petition}.json`, '"slug"'], [`${petition}/count.json`, '"count"'],
    ] as const) {
      const page = await text(path)
      assert.ok(page.startsWith('200') && page.includes(says), `${path}: ${page.slice(0, 200)}`)
    }
    const byArea = await post(site, `${message}/letter`, { area: 'marovia:AR', name: 'Patient', body: 'My own words.' })
    const letter = await byArea.text()
    assert.equal(byArea.status, 200)
    assert.match(letter, /My own words\./)
    assert.doesNotMatch(letter, /by hand/, 'addressed, because it was kept who represents whom')
    const byCode = await post(site, `${message}/by-yourself`, { postcode: 'AR 110' })
    assert.equal(byCode.status, 200)
    assert.match(await byCode.text(), /write the name and address in by hand/)

    const looked = await post(site, `${message}/write`, { name: 'Patient', email: 'patient@example.org', postcode: 'BC 150' })
    assert.equal(looked.status, 503)
    assert.match(await looked.text(), /value="patient@example\.org"/)
    const sent = await post(site, `${message}/send`, [...formOn(composing, '/send').fields.filter(([name]) => name !== 'body'), ['body', 'Every word of mine.']])
    assert.equal(sent.status, 503)
    assert.match(await sent.text(), /Every word of mine\./)
    assert.equal((await fetch(`${site}/confirm/${'A'.repeat(22)}`)).status, 503, 'what needs the database says so')
  } finally {
    goOn()
  }
  await until(async () => (await fetch(`${site}/readyz`)).ok, 'the database to be back', 20_000)
  await until(async () => (await post(site, `${message}/write`, { name: 'Patient', email: 'patient@example.org', postcode: 'AR 110' })).status === 200, 'look-up to work again')
})
