import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { audit } from '#modules/staff/index.ts'
import { DigestFault, explain, findSubjectAt, houseOf, importAtOnce, isDigestFile, readDigestFiles, readPages, reported, type House, type DateOrder, type DigestFile, type DigestReport, type Finding, type ReadDigest } from '#modules/digests/index.ts'
import { inTransaction, type Db } from '#platform/db.ts'
import { CliFault } from '../fault.ts'
import { lookInto, withInstallation } from '../content.ts'
import { readWords } from '../words.ts'

const usage = 'clarion import digest [--date-order dmy|mdy|ymd] [--place ADDRESS] [--language en] [--dry-run] [--json] FILE, FOLDER or ZIP'
const orders = ['dmy', 'mdy', 'ymd'] as const
const mostBytes = 256 * 1024 * 1024
const mostListed = 12

/** Reads a page that was kept by hand by the house's style, and says what it would become. A trial run needs no Clarion; it asks one that runs how the house writes. */
export async function importDigestVerb(words: string[]): Promise<void> {
  const { values, positionals: [path, ...more] } = readWords(words, { 'date-order': { type: 'string' }, language: { type: 'string' }, place: { type: 'string' }, 'dry-run': { type: 'boolean' }, json: { type: 'boolean' } }, usage)
  if (!path || more.length) throw new CliFault(usage, 2)
  const dateOrder = orders.find((each) => each === values['date-order'])
  if (values['date-order'] !== undefined && !dateOrder) throw new CliFault(`--date-order: give dmy (7 June is 07/06), mdy (06/07) or ymd (2024/06/07).\n${usage}`, 2)
  if (!existsSync(path)) throw new CliFault(`There is no file ${path}.`, 2)
  const language = values.language ?? 'en'
  if (!/^[a-z]{2,3}(?:-[A-Za-z0-9]+)*$/.test(language)) throw new CliFault(`--language: give its code, such as en or ar.\n${usage}`, 2)
  const now = new Date()
  const pages = await pagesOf(filesAt(path))
  const read = (house: House | undefined) => readPages(pages, { dateOrder, language, today: now.toISOString().slice(0, 10), ...house })
  const { report, done } = values['dry-run'] ? { report: read(await lookInto((db) => houseOf(db, language))), done: null } : await withInstallation(async (db) => {
    const its = read(await houseOf(db, language))
    return { report: its, done: await bring(db, its, { fileName: basename(path), language, dateOrder: dateOrder ?? null, place: values.place }, now) }
  })
  if (values.json) console.log(JSON.stringify(reported(report, 'en')))
  else print(report)
  // The report stays clean for whoever reads it by program.
  console[values.json ? 'error' : 'log'](done === null ? 'Nothing was changed.' : `${done.added} new, ${done.changed} brought up to date, ${done.unchanged} as before, ${done.kept} edited here since and left as they are. All are drafts.${done.pictures ? ` ${count(done.pictures, 'picture')} wait in the library for a credit and a description.` : ''}${done.refused ? ` ${count(done.refused, 'picture')} could not be read and ${done.refused === 1 ? 'was' : 'were'} left out.` : ''}`)
}

/** All of it or nothing: a command that is killed half-way has changed nothing. */
async function bring(db: Db, report: ReadDigest, given: { fileName: string, language: string, dateOrder: DateOrder | null, place: string | undefined }, now: Date) {
  const subject = given.place === undefined ? undefined : await findSubjectAt(db, given.place)
  if (subject && 'known' in subject) throw new CliFault(`--place: there is no place or topic "${given.place}". ${subject.known.length ? `There are: ${subject.known.join(', ')}.` : 'Add one at the desk first.'}`, 2)
  return inTransaction(db, async (tx) => {
    const done = await importAtOnce(tx, report, { ...given, subjectId: subject?.id ?? null }, now)
    if (done.importId) await audit(tx, { staffId: null, verb: 'import-digest', subjectKind: 'import', subjectIds: [done.importId], details: { by: 'command line', added: done.added, changed: done.changed } }, now)
    return done
  })
}

function filesAt(path: string): DigestFile[] {
  const names = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => isDigestFile(name) && statSync(join(path, name)).isFile()).toSorted().map((name) => join(path, name)) : [path]
  if (names.reduce((sum, name) => sum + statSync(name).size, 0) > mostBytes) throw new CliFault(`${path}: this is more than ${mostBytes / 1024 / 1024} MB. Give it in parts.`)
  return names.map((name) => ({ name: name === path ? basename(path) : relative(path, name), content: readFileSync(name) }))
}

async function pagesOf(files: DigestFile[]): ReturnType<typeof readDigestFiles> {
  try {
    return await readDigestFiles(files)
  } catch (error) {
    if (error instanceof DigestFault) throw new CliFault(`${error.file}: ${said[error.reason]}`)
    throw error
  }
}

const said: Record<DigestFault['reason'], string> = {
  'too-large': 'this file is too large, or holds too much once it is unpacked.',
  'not-zip': 'this .zip is damaged.',
  'not-gzip': 'this cannot be unpacked: it is no .gz, or it is damaged.',
  'no-pages': 'there is nothing here that can be read as a page, feed, export or table.',
  entities: 'this XML defines words of its own (<!ENTITY …>), as attacks do. Nothing was read.',
  'no-columns': 'no column of this table is a title, or its quotation marks do not fit.',
  'not-xml': 'this feed or export is damaged, and was not read.',
}

function print({ threads, findings }: DigestReport): void {
  for (const thread of threads) {
    const labels = [...thread.labels, thread.kind ?? 'no kind'].join(', ')
    console.log(`${thread.date ?? 'no date'}  ${thread.title}\n    ${labels}; ${count(thread.paragraphs.length, 'paragraph')}, ${count(thread.links.length, 'link')}`)
    list(thread.findings)
  }
  if (findings.length) console.log('Of the page')
  list(findings)
  const all = [...findings, ...threads.flatMap((thread) => thread.findings)]
  const asked = all.filter(({ rule, values }) => (rule === 'L02' && values.fault === 'ambiguous')).length
  console.log(`${count(threads.length, 'entry', 'entries')}, ${count(all.length, 'finding')}.${asked ? ` ${count(asked, 'date')} can be read in two ways: say which by --date-order.` : ''}`)
}

/** Findings that say the same stand on one line. */
function list(findings: Finding[]): void {
  const lines = new Map<string, number>()
  for (const finding of findings) {
    const fix = finding.fixes.flatMap((each) => ('with' in each && each.with ? [each.with] : 'value' in each ? [each.value] : []))
    const line = `${finding.rule}  ${explain(finding, 'en')}${fix.length ? ` [${fix.join(' or ')}]` : ''}${finding.where.part === 'page' && finding.text ? `\n         ${finding.text.slice(0, 120).replace(/\s+/g, ' ')}` : ''}`
    lines.set(line, (lines.get(line) ?? 0) + 1)
  }
  for (const [line, times] of [...lines].slice(0, mostListed)) console.log(`    ${line}${times > 1 ? ` (${times} times)` : ''}`)
  if (lines.size > mostListed) console.log(`    … and ${lines.size - mostListed} more; --json lists them.`)
}

function count(number: number, one: string, more = `${one}s`): string {
  return `${number} ${number === 1 ? one : more}`
}
