import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startClarion } from '../support/clarion.ts'
import { accessibilityFaults, sidewaysFaults, visitor } from './browser.ts'
import { becomeAdministrator } from './desk.ts'

const clarion = await startClarion()
after(() => clarion[Symbol.asyncDispose]())

const council = (...names: string[]) => ({
  name: 'council.json', mimeType: 'application/json',
  buffer: Buffer.from(JSON.stringify({ members: names.map((name, index) => ({ id: index + 1, ward: { code: `K${index + 1}`, title: `Ward ${index + 1}` }, name: { full: name, ar: 'اسم' }, contacts: [{ type: 'email', value: `m${index + 1}@council.example` }] })) })),
})

test('a list nobody has seen before: its places are chosen beside its first rows, tried, done, and the next one loads at once', async () => {
  const { page, strayed } = await visitor([clarion.desk, clarion.site], { viewport: { width: 360, height: 800 } })
  await becomeAdministrator(page, clarion)
  const fine = async (where: string) => assert.deepEqual([...await accessibilityFaults(page), ...await sidewaysFaults(page)], [], where)

  await page.goto(`${clarion.desk}/imports/new`)
  await fine('choosing a file')
  await page.locator('#file').setInputFiles(council('Ilva Ferrin', 'Teo Marsh', 'Sun Okoro'))
  await page.getByLabel('Any other file of office-holders').check()
  await page.getByRole('button', { name: 'Look at what would happen' }).click()
  await page.getByText('The first rows of council.json').waitFor()
  await page.getByLabel('Name of the body').fill('Town council')
  await page.getByLabel('Short name for the areas').fill('town-wards')
  await page.getByLabel('Keep this under a name').fill('town-council')
  for (const [column, place] of [['area_code', 'ward.code'], ['area_name', 'ward.title'], ['holder_id', 'id'], ['holder', 'name.full'], ['email', 'contacts[type=email].value']] as const) await page.locator(`[name=column-${column}]`).fill(place)
  await fine('which column is what')
  await page.getByRole('button', { name: 'Look at what would happen' }).click()
  await page.getByText('Nothing has been changed yet').waitFor()
  await fine('what would happen')
  await page.getByRole('button', { name: 'Do it' }).click()
  await page.getByText('This is what was done').waitFor()

  await page.goto(`${clarion.desk}/imports/new`)
  await page.locator('#file').setInputFiles(council('Ilva Ferrin', 'Mara Quill'))
  await page.getByLabel('Kept here: town-council').check()
  await page.getByRole('button', { name: 'Look at what would happen' }).click()
  await page.getByText('Nothing has been changed yet').waitFor()
  await page.getByRole('button', { name: 'Do it' }).click()
  await page.getByText('This is what was done').waitFor()

  await page.goto(`${clarion.desk}/targets/checking`)
  await page.getByText('Ward 3').waitFor()
  await fine('what needs checking')
  await page.goto(`${clarion.desk}/targets/bodies`)
  await page.getByRole('link', { name: 'Town council' }).waitFor()
  await fine('bodies')
  assert.deepEqual(strayed, [])
})
