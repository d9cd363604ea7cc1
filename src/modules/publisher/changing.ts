import type { Tx } from '#platform/db.ts'
import { addStatement, changeWordings, publisherController, renameInWordings, statements } from '#modules/people/index.ts'
import { savePublisher, type Publisher } from './publisher.ts'
import { startingStatements } from './starting-texts/index.ts'

/** The name by which people know the publisher, in each of its languages. */
export function publisherNames(publisher: Publisher): Record<string, string> {
  return Object.fromEntries(Object.entries(publisher.texts).map(([language, { name }]) => [language, name]))
}

/** Puts the first publisher into an empty database, with questions about contact to start from. Returns their ids by name. */
export async function startPublisher(tx: Tx, publisher: Publisher, now: Date): Promise<Map<string, string>> {
  await savePublisher(tx, publisher)
  const controllerId = await publisherController(tx, publisherNames(publisher))
  const ids = new Map<string, string>()
  for (const [name, statement] of Object.entries(startingStatements(publisherNames(publisher)))) ids.set(name, await addStatement(tx, { ...statement, controllerId }, now))
  return ids
}

/** Asks visitors of places and topics from now on whether they want bulletins, in the starting words; says whether that is new. */
export async function offerBulletins(tx: Tx, publisher: Publisher, now: Date): Promise<boolean> {
  const controllerId = await publisherController(tx, publisherNames(publisher))
  if ((await statements(tx)).some((each) => each.purpose === 'bulletin' && !each.retired && each.controllerId === controllerId)) return false
  await addStatement(tx, { ...startingStatements(publisherNames(publisher)).bulletins!, controllerId }, now)
  return true
}

/**
 * Saves a changed publisher. Where it has another name now, whoever is asked for consent from now on reads that name; in a language that is new, questions
 * that still stand as they began are asked in that language's own words.
 */
export async function changePublisher(tx: Tx, before: Publisher, after: Publisher, now: Date): Promise<void> {
  await savePublisher(tx, after)
  const controllerId = await publisherController(tx, publisherNames(after))
  for (const [language, { name }] of Object.entries(after.texts)) {
    const former = before.texts[language]?.name
    if (former && former !== name) await renameInWordings(tx, controllerId, language, { from: former, to: name }, now)
  }
  await wordNewLanguages(tx, before, after, now)
}

/** Questions to start from that nobody has worded otherwise, in the languages that the publisher has just taken on. */
async function wordNewLanguages(tx: Tx, before: Publisher, after: Publisher, now: Date): Promise<void> {
  const added = after.languages.filter((language) => !before.languages.includes(language))
  if (added.length === 0) return
  const starting = Object.values(startingStatements(publisherNames(after))).flatMap((each) => [each.wordings, ...each.earlier].map((wordings) => ({ ...each, wordings })))
  for (const statement of await statements(tx)) {
    const asItBegan = starting.find(({ purpose, channel, wordings }) => channel === statement.channel && (purpose === 'bulletin') === (statement.purpose === 'bulletin') && before.languages.some((language) => wordings[language] !== undefined && wordings[language] === statement.wordings[language]?.wording))
    const missing = added.filter((language) => !statement.wordings[language] && asItBegan?.wordings[language])
    await changeWordings(tx, statement.id, Object.fromEntries(missing.map((language) => [language, asItBegan!.wordings[language]!])), now)
  }
}

/** The sample without what belongs to the sample alone: what the first step of the set-up begins with. */
export function withoutSample(publisher: Publisher): Publisher {
  return {
    ...publisher, demo: false, email: null, phone: null, postalAddress: null, mailFrom: null, logo: null, indexScheme: null,
    texts: Object.fromEntries(Object.entries(publisher.texts).map(([language, texts]) => [language, { ...texts, responsible: '', about: '' }])),
  }
}

/** The publisher of a database that came without the sample: somebody to be named in the desk. */
export function unnamedPublisher(): Publisher {
  const unnamed = { responsible: '', about: '', privacyPolicy: '' }
  return {
    defaultLanguage: 'en', languages: ['en', 'ar'], zone: 'UTC', country: null, accent: '#2b3a8f', logo: null, email: null, phone: null, postalAddress: null, donateUrl: null,
    mailFrom: null, demo: true, followLinks: [], indexScheme: null, exitUrl: null, exitEverywhere: false, menus: {}, texts: { en: { name: 'Your organisation', ...unnamed }, ar: { name: 'منظمتكم', ...unnamed } },
  }
}
