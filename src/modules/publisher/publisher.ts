import { jsonArrayFrom, sql, type Db, type Tx } from '#platform/db.ts'
import { startingPrivacyPolicy } from './starting-texts/index.ts'

export interface PublisherTexts {
  name: string
  /** Who is responsible for the data that supporters give, as the law wants it said. */
  responsible: string
  about: string
  /** Markdown; empty as long as the starting text serves. */
  privacyPolicy: string
}

/** The organisation that publishes, and how its pages look. */
export interface Publisher {
  defaultLanguage: string
  languages: string[]
  zone: string
  country: string | null
  accent: string
  /** Hexadecimal name of a file. */
  logo: string | null
  email: string | null
  phone: string | null
  postalAddress: string | null
  donateUrl: string | null
  /** The address that our mails come from. */
  mailFrom: string | null
  /** True as long as these are the sample's values. */
  demo: boolean
  texts: Record<string, PublisherTexts>
  followLinks: { label: string, url: string }[]
  /** How items are numbered: `{place}-{number}-{year}`. None are without it. */
  indexScheme: string | null
  /** Where the quick exit leads; there is none without it. It stands on pages with a content notice, or on every page. */
  exitUrl: string | null
  exitEverywhere: boolean
  /** What stands in the header besides, by language. */
  menus: Record<string, { label: string, url: string }[]>
}

export async function readPublisher(db: Db): Promise<Publisher> {
  // One question: nearly every page and every turn that sends asks it.
  const row = await db.selectFrom('publisher').selectAll().select((from) => [
    jsonArrayFrom(from.selectFrom('publisher_texts').select(['language', 'name', 'responsible', 'about', 'privacy_policy'])).as('texts'),
    jsonArrayFrom(from.selectFrom('menu_links').select(['language', 'label', 'url']).orderBy('position')).as('menu'),
    jsonArrayFrom(from.selectFrom('follow_links').select(['label', 'url']).orderBy('position')).as('links'),
  ]).executeTakeFirst()
  if (!row) throw new Error('There is no publisher yet')
  return {
    defaultLanguage: row.default_language, languages: row.languages, zone: row.zone, country: row.country, accent: row.accent, logo: row.logo?.toString('hex') ?? null,
    email: row.email, phone: row.phone, postalAddress: row.postal_address, donateUrl: row.donate_url, mailFrom: row.mail_from, demo: row.demo,
    texts: Object.fromEntries(row.texts.map((text) => [text.language, { name: text.name, responsible: text.responsible, about: text.about, privacyPolicy: text.privacy_policy }])),
    followLinks: row.links, indexScheme: row.index_scheme, exitUrl: row.exit_url, exitEverywhere: row.exit_everywhere,
    menus: Object.fromEntries(row.languages.map((language) => [language, row.menu.filter((each) => each.language === language).map(({ label, url }) => ({ label, url }))])),
  }
}

/** The publisher's words in a language, else in its default one. */
export function publisherTexts(publisher: Publisher, language: string): PublisherTexts {
  return publisher.texts[language] ?? publisher.texts[publisher.defaultLanguage] ?? Object.values(publisher.texts)[0]!
}

/** The privacy policy in a language, as Markdown: the publisher's own, or else the starting text with its name and contact. */
export function privacyPolicy(publisher: Publisher, language: string): string {
  const texts = publisherTexts(publisher, language)
  const contact = new Intl.ListFormat(language, { type: 'unit' }).format([publisher.email, publisher.phone, publisher.postalAddress].filter((each) => each !== null))
  return texts.privacyPolicy || startingPrivacyPolicy(language, { name: texts.name, contact })
}

export async function savePublisher(tx: Tx, publisher: Publisher): Promise<void> {
  const row = {
    default_language: publisher.defaultLanguage, languages: publisher.languages, zone: publisher.zone, country: publisher.country, accent: publisher.accent,
    logo: publisher.logo ? Buffer.from(publisher.logo, 'hex') : null, email: publisher.email, phone: publisher.phone, postal_address: publisher.postalAddress,
    donate_url: publisher.donateUrl, mail_from: publisher.mailFrom, demo: publisher.demo,
    index_scheme: publisher.indexScheme, exit_url: publisher.exitUrl, exit_everywhere: publisher.exitEverywhere,
  }
  await tx.insertInto('publisher').values({ id: 1, ...row }).onConflict((conflict) => conflict.column('id').doUpdateSet(row)).execute()
  await tx.deleteFrom('publisher_texts').execute()
  await tx.insertInto('publisher_texts').values(Object.entries(publisher.texts).map(([language, text]) => ({
    language, name: text.name, responsible: text.responsible, about: text.about, privacy_policy: text.privacyPolicy,
  }))).execute()
  await tx.deleteFrom('follow_links').execute()
  if (publisher.followLinks.length) await tx.insertInto('follow_links').values(publisher.followLinks.map((link, position) => ({ position, ...link }))).execute()
  await tx.deleteFrom('menu_links').execute()
  const menu = Object.entries(publisher.menus).flatMap(([language, links]) => links.map((link, position) => ({ language, position, ...link })))
  if (menu.length) await tx.insertInto('menu_links').values(menu).execute()
}

/** `restored-blind`: put back from a backup without the register of erasures; `restored-blind-seen`: and somebody has seen to it. */
export type Milestone = 'set-up' | 'recovery-sheet' | 'backup' | 'recount' | 'audit-head' | 'restored-blind' | 'restored-blind-seen'

export async function reach(db: Db, milestone: Milestone, staffId: string | null, now: Date): Promise<void> {
  await sql`
    insert into milestones (name, reached_at, staff_id) values (${milestone}, ${now}, ${staffId})
    on conflict (name) do update set reached_at = excluded.reached_at, staff_id = excluded.staff_id`.execute(db)
}

/** When something was last done, for what staff are reminded of. */
export async function reachedAt(db: Db, milestone: Milestone): Promise<Date | undefined> {
  return (await db.selectFrom('milestones').select('reached_at').where('name', '=', milestone).executeTakeFirst())?.reached_at
}
