import { sql, type Db } from '#platform/db.ts'
import { roleFor } from '#platform/migrate.ts'
import { dataClasses, inventory, views, type DataClass, type ListedTable } from '#modules/privacy/index.ts'
import { byRole, rightsOf, type Rights } from '#test/support/rights.ts'

const introduction = `# What is kept, why, and for how long

For whoever answers for data protection, and for whoever reviews the program. Written by \`npm run docs\` from
\`src/modules/privacy/inventory/\` and from the rights that the database itself reports; a test fails if a column is missing here.

Clarion has three processes, each with a role of its own in the database, and keys of its own:

- the **website** faces the public. It takes in what people type, encrypts it, hands it in, and cannot read it again.
- the **worker** faces nobody. It confirms, counts, sends mail and deletes. It opens names, addresses to write to and texts that wait to be sent.
- the **desk** faces staff. It opens one person at a time, after a line in the audit log says who does it. Postal addresses, phone
  numbers and texts that were sent only the desk can open.

Two more questions the website may ask, and the database answers them without handing out the rows: what a link in a mail is about
(\`link_status\`), and whether a browser may confirm with a code (\`try_code\`).

Nobody's internet address is stored. No process may change or delete a line of the audit log. Backups are encrypted with a
passphrase or to somebody's own key. In practice, before anybody goes live, mails go to a local inbox, which keeps the last 2000 of them encrypted.

## What stays of somebody who was erased

Name, address, words, answers, links and all that was on its way go at once, and so does each list that is waiting here and has them in it. Nothing below leads to them.

| where | what stays | for how long |
|---|---|---|
| \`participations\`, \`count_entries\`, \`tallies\` | what was counted, with time, language, country, area and by which link of ours they came, each under a new random number | as long as the count |
| \`messages\`, \`mailing_recipients\` | that something was sent, and what became of it, under a new random number; no text | as long as the count; 90 days |
| \`erased_duplicates\` | a salted fingerprint for each action that counted them, so that they are not counted again | 30 days after the action has closed |
| \`suppressions\` | a keyed fingerprint of the address, with reason and scope, so that nobody writes to it again | for good |
| \`erasures\`, \`erased_participations\` | keyed or hashed fingerprints, also in a file of the data folder, so that a restored copy erases them again | 730 days |
| \`audit_log\` | what staff did, about a random number that leads nowhere any more, and the reasons that they typed | for good |

What has left cannot be called back: mails, messages to offices, lists that were handed over (\`handed_over\` says when and for whom, and names nobody). Backups from before keep what they had until they are thrown away; whoever is in one is erased again when it is restored.
`

const readersOf = { site: 'website', worker: 'worker', desk: 'desk' } as const

/** Columns that functions of the database hand to the desk, row by row, against a committed line of the audit log. */
const openedOneByOne = new Set(['people.contact', 'participations.details', 'participations.record', 'message_texts.contact', 'message_texts.record'])

/** The whole of docs/privacy.md, for a database that has all migrations. */
export async function privacyPage(db: Db, rolePrefix: string): Promise<string> {
  const rights = byRole((role) => rightsOf(db, roleFor(rolePrefix, role)))
  const reads = { site: byName(await rights.site), worker: byName(await rights.worker), desk: byName(await rights.desk) }
  const inViews = await columnsInViews(db)
  const readers = (table: string, column: string, dataClass: DataClass): string => {
    const name = `${table}.${column}`
    const all = (['site', 'worker', 'desk'] as const).flatMap((role) => (reads[role].get(table)?.reads.includes(column) ? [readersOf[role] as string] : []))
    if (!all.includes('website') && ['public', 'shown'].includes(dataClass) && inViews.has(name)) all.unshift('website, once public')
    if (openedOneByOne.has(name)) all.push('desk, one by one')
    return all.join('; ') || 'nobody'
  }
  return `${introduction}
## The words used here

| | |
|---|---|
${Object.entries(dataClasses).map(([name, meaning]) => `| ${name} | ${meaning} |`).join('\n')}

${inventory.map(({ title, tables }) => `## ${title}\n\n${Object.entries(tables).map(([name, table]) => tablePart(name, table, readers)).join('\n\n')}`).join('\n\n')}

## What the website sees of actions

Views: they have no data of their own, and let through what is public.

| view | lets through |
|---|---|
${Object.entries(views).map(([name, what]) => `| \`${name}\` | ${what} |`).join('\n')}
`
}

const byName = (rights: Rights[]) => new Map(rights.map((each) => [each.relation, each]))

async function columnsInViews(db: Db): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`select distinct table_name || '.' || column_name as name from information_schema.view_column_usage where view_schema = 'public'`.execute(db)
  return new Set(rows.map(({ name }) => name))
}

function tablePart(name: string, { about, kept, columns }: ListedTable, readers: (table: string, column: string, dataClass: DataClass) => string): string {
  const lines = columns.flatMap(([dataClass, names, purpose]) => {
    const together = Map.groupBy(names.split(' '), (column) => readers(name, column, dataClass))
    return [...together].map(([who, its]) => `| ${its.map((column) => `\`${column}\``).join(', ')} | ${dataClass} | ${purpose} | ${who} |`)
  })
  return `### ${name}\n\n${about} Kept: ${kept.charAt(0).toLowerCase()}${kept.slice(1)}\n\n| columns | class | what for | who reads it |\n|---|---|---|---|\n${lines.join('\n')}`
}
