import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTransaction } from '#platform/db.ts'
import { changeWordings, statements } from '#modules/people/index.ts'
import { stage } from '#test/support/stage.ts'
import { changePublisher, readPublisher } from './index.ts'

const it = await stage()
const now = new Date('2027-03-01T12:00:00Z')

async function takeOn(language: string, name: string): Promise<void> {
  const before = await readPublisher(it.db)
  const after = { ...before, languages: [...before.languages, language], texts: { ...before.texts, [language]: { name, responsible: '', about: '', privacyPolicy: '' } } }
  await inTransaction(it.as('desk'), (tx) => changePublisher(tx, before, after, now))
}

const wordingsIn = async (language: string) => Object.fromEntries((await statements(it.db)).filter(({ purpose }) => purpose !== 'bulletin').map((statement) => [`${statement.channel} about ${statement.about}`, statement.wordings[language]?.wording]))

test('a language that the publisher takes on has the questions about contact in its own words, with the publisher’s name', async () => {
  await takeOn('fr', 'La Lanterne')
  const french = await wordingsIn('fr')
  assert.match(french['email about controller']!, /^L’organisation La Lanterne peut-elle m’envoyer par e-mail/)
  assert.match(french['public-name about controller']!, /^Mon nom/)
  assert.ok(Object.values(french).every(Boolean))
})

test('a question that somebody has worded themselves is left to them', async () => {
  const [email] = (await statements(it.db)).filter(({ purpose, channel, about }) => channel === 'email' && about === 'controller' && purpose !== 'bulletin')
  await inTransaction(it.db, (tx) => changeWordings(tx, email!.id, { en: 'May we write?', ar: 'هل نكتب؟', fr: 'Pouvons-nous écrire ?' }, now))
  await takeOn('he', 'הפנס')
  const hebrew = await wordingsIn('he')
  assert.equal(hebrew['email about controller'], undefined)
  assert.match(hebrew['phone about controller']!, /הפנס/)
})

test('a question in the words with which an earlier version began is asked in those words in a new language, too', async () => {
  const [email] = (await statements(it.db)).filter(({ purpose, channel, about }) => channel === 'email' && about === 'controller' && purpose !== 'bulletin')
  const { name } = (await readPublisher(it.db)).texts.en!
  await inTransaction(it.db, (tx) => changeWordings(tx, email!.id, { en: `May ${name} write to me by e-mail about what comes of this and about other actions?` }, now))
  await takeOn('es', 'La Linterna')
  assert.equal((await wordingsIn('es'))['email about controller'], '¿Puede La Linterna escribirme por correo electrónico sobre lo que resulte de esto y sobre otras acciones?')
})
