import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import fc from '#test/support/property.ts'
import { zipSync } from 'fflate'
import { explain } from '../lint/explain.ts'
import { readFiles } from './files.ts'
import { readPages, type ReadDigest } from './read.ts'

const folder = fileURLToPath(new URL('../../../../test/data/pages/', import.meta.url))
const given = (name: string) => ({ name, content: readFileSync(join(folder, name)) })
const known = { places: [{ preferred: 'Marovia', others: [] }], own: ['Lamplight'] }
const read = (...names: string[]) => readPages(readFiles(names.map(given)), { dateOrder: 'dmy', today: '2026-11-26', known })
const rulesOf = ({ threads, findings }: ReadDigest) => new Set([...findings, ...threads.flatMap((thread) => thread.findings)].map(({ rule }) => rule))
const has = (report: ReadDigest, ...rules: string[]) => assert.deepEqual(rules.filter((rule) => !rulesOf(report).has(rule as 'L01')), [])

test('a coordinator’s digest: twelve kinds of header, threads of paragraphs, links by kind, and what belongs to the page', () => {
  const report = read('marovia.txt')
  assert.deepEqual(report.threads.map(({ kind, labels, date, paragraphs, links }) => [kind, labels.join(' '), date, paragraphs.length, links.map((link) => link.kind).join(' ')]), [
    ['urgent-action', '', '2024-06-07', 1, 'take-action'],
    ['news', '', '2024-05-28', 3, 'read-more read-more read-more'],
    ['news', '', '2024-05-27', 3, 'read-more read-more read-more'],
    ['news', '', '2024-05-24', 3, 'read-more read-more read-more take-action'],
    ['letter', 'joint open', '2024-03-29', 1, 'read-more'],
    ['education', '', '2024-03-28', 1, 'read-more'],
    ['urgent-action', '', '2024-03-21', 1, 'take-action'],
    ['urgent-action', 'good-news update', '2024-03-22', 1, 'read-more'],
  ])
  assert.deepEqual(report.threads.at(-1)!.paragraphs[0]!.happened, '2024-02-29')
  has(report, 'L07', 'L08', 'L10', 'L11', 'L12', 'L13', 'L14', 'L18', 'L23', 'L25', 'L29', 'L40', 'L46', 'L50', 'page-title', 'page-stamp', 'archive')
  assert.ok(!report.threads.some(({ findings }) => findings.some(({ rule, text }) => rule === 'L12' && /leave|night bridge/.test(text))), 'nothing within quotations')
})

test('in a plain text, what stands short above a long paragraph is its heading, and a finding says its line', () => {
  const long = 'For a year the lamps along the quay were put out at nine, and nobody who asked the harbour master was told who had said so.'
  const text = `The harbour of the Lantern Coast\n\nLamps out - NEWS - 3 May 2024\n\n${long} It was the Lantern Coast that asked, and the Lantern Coast that waited.\n\nBackground information:\n\n${long} The Lantern Coast came accross it, and the Lantern Coast paid.\n\nHelp the lamps of Brindle\n\n${long} The Lantren Coast paid.\n\nNets cut - NEWS - 2 May 2024\n\nThey were cut.`
  const { threads: [lamps], findings } = readPages(readFiles([{ name: 'x.txt', content: Buffer.from(text.replace('of the Lantern', 'of the Lanttern')) }]), { dateOrder: 'dmy', today: '2026-11-26' })
  assert.deepEqual(lamps!.paragraphs.filter(({ role }) => role === 'heading').map((each) => each.text), ['Background information', 'Help the lamps of Brindle'])
  assert.equal(lamps!.findings.find(({ rule }) => rule === 'L12')!.where.line, 9)
  assert.ok(findings.some(({ rule, text: words }) => rule === 'L12' && words === 'Lanttern'), 'the page’s own title is read too')
})

test('a header with its text right below it is a header, and a line that was broken in a sentence is none', () => {
  const text = 'Three registers were closed in the south - URGENT ACTION - 14 November 2026\nFamilies were told to come back in the spring, or not at all.\n\nHomes cleared - GOOD NEWS - 3 May 2014\nThe court stopped it on the evening of the day before - 2 May 2014\nand said why.\n'
  const { threads } = readPages(readFiles([{ name: 'x.txt', content: Buffer.from(text) }]), { dateOrder: 'dmy', today: '2026-11-26' })
  assert.deepEqual(threads.map(({ title, kind, date, paragraphs }) => [title, kind, date, paragraphs.length > 0]), [['Three registers were closed in the south', 'urgent-action', '2026-11-14', true], ['Homes cleared', null, '2014-05-03', true]])
})

test('without an order of dates those that could be exchanged are asked about, each with both days', () => {
  const { threads } = readPages(readFiles([given('marovia.txt')]), { today: '2026-11-26' })
  const asked = threads.filter(({ date }) => date === null)
  assert.deepEqual(asked.map(({ findings }) => findings.find(({ rule }) => rule === 'L02')!.fixes), [[{ do: 'date', value: '2024-06-07' }, { do: 'date', value: '2024-07-06' }]])
  assert.equal(threads[1]!.date, '2024-05-28')
})

test('a hub of asks as a web page: links are kept and cleaned, scripts, trackers and menus go and are said', () => {
  const report = read('take-action.html')
  const [thread] = report.threads
  assert.deepEqual([report.threads.length, thread!.title, thread!.kind, thread!.date], [1, 'End the night detentions', null, null])
  assert.deepEqual(thread!.links.map(({ kind, text, href, at }) => [kind, text, href, at !== null]), [
    ['download', 'Night After Night', '/files/night-detentions.pdf', true], ['course', 'Sign up now >', 'https://academy.example/night', false], ['take-action', 'Take action', null, false],
  ])
  has(report, 'L15', 'L26', 'L28', 'L29', 'L37', 'L38', 'L47', 'image')
  assert.ok(!JSON.stringify(report.threads).includes('navy'))
})

test('a section’s page: text, then a list of works in every order of title, kind and date', () => {
  const report = read('section.html')
  assert.deepEqual(report.threads.map(({ title, kind, date }) => [title, kind, date]), [
    ['Marovia and the Lower Town', null, null], ['Marovia: Drop baseless charges against the keeper of the light', null, null], ['Still No Justice for the Night of Boats', 'blog-post', '2016-07-29'], ['Two Daughters of Ardenhal', 'blog-post', null],
    ['Marovia: two years after the siege, still no justice', 'report', '2016-07-07'], ['Marovia must protect the quays', 'press-release', '2015-10-30'], ['The siege: questions and answers', 'questions-and-answers', '2014-07-25'], ['Still No Justice for the Nights of Boats', null, null],
  ])
  assert.equal(report.threads[2]!.links[0]!.href, 'https://lamplight.example/blog/no-justice')
  has(report, 'L03', 'L12', 'L28', 'L48')
})

test('a page to write from and a press release: what hides in them is found', () => {
  const page = read('write-to-your-member.txt')
  assert.deepEqual(page.threads.map(({ title, links }) => [title, links.map(({ kind }) => kind)]), [['Stand with the prisoners of the fort', ['take-action']]])
  has(page, 'L14', 'L23', 'L26', 'L27', 'L29')
  assert.deepEqual(page.findings.filter(({ rule }) => rule === 'L28').map(({ text }) => text), ['Fill in your name here, and look at the letter after that.', 'Please see our privacy notice.'], 'what stands around a form is no part of the text')
  const release = read('release.txt')
  assert.deepEqual(release.threads.map(({ title, kind, date }) => [title, kind, date]), [['Marovia: Urgent call for a truce by all parties', 'press-release', '2023-10-26']])
  has(release, 'L01', 'L03', 'L10', 'L19', 'L20', 'L22', 'L23', 'L24', 'L27', 'L30', 'L31', 'L32', 'L33', 'L35', 'L36', 'L44', 'L45', 'L49')
})

const words = (text: string) => text.toLowerCase().normalize('NFC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? []

/** All words that are in a thread, a link or a finding; kinds, labels and dates stand for the words that they were read from. */
function kept(report: ReadDigest): Set<string> {
  return new Set(words(JSON.stringify(report.threads.map(({ title, paragraphs, links, findings }) => [title, paragraphs.map(({ text }) => text), links.map(({ text, href }) => [text, href]), findings.map(({ text }) => text)])) + report.findings.map(({ text }) => text).join(' ')))
}

test('every word of a page is in a thread, a link or a finding', () => {
  for (const name of readdirSync(folder)) {
    const report = read(name)
    const all = readFileSync(join(folder, name), 'utf8')
    const shown = name.endsWith('.html') ? all.replace(/<style>.*?<\/style>|<!doctype[^>]*>|<[^>]*>/gs, ' ').replace(/&[a-z]+;/g, ' ') : all.replace(/<img[^>]*>/g, ' ')
    // Header dates and labels were read: they are there as date, kind and labels.
    const understood = /^(?:\d+|0ctober|july|may|oct|news|urgent|action|update|good|joint|open|letter|education|press|release|blog|post|report|question|answer|oct)$/
    const have = kept(report)
    assert.deepEqual([...new Set(words(shown))].filter((word) => !have.has(word) && !understood.test(word)), [], name)
  }
})

test('whatever is given, reading ends in threads and findings that can be explained in every language, and loses no word', () => {
  const piece = fc.oneof(
    fc.constantFrom('Lamps lit - NEWS - 07/06/2024', 'Lamps lit – GOOD NEWS – late 2014', '\n\n', '\n', 'Read more.', 'Take action >', '<p>', '</p>', '<a href="x">', '</a>', '<b', '&amp;', '“', '”', '"', '\'', '• ', '(Report) 7 July 2016', 'Press Release', '26 0ctober 2023', '2024 2023 2022', 'Updated 1/2/2024', '<img src=x width=1>', '[email protected]', 'https://lamplight.example/a?utm_x=1', ' [word](https://lamplight.example) '),
    fc.string({ unit: 'grapheme', maxLength: 30 }), fc.lorem({ maxCount: 8 }),
  )
  fc.assert(fc.property(fc.array(piece, { maxLength: 25 }), fc.constantFrom('a.txt', 'a.html', 'a.csv', 'a.xml'), fc.constantFrom('en', 'fr', 'ar'), (pieces, name, language) => {
    const text = name === 'a.csv' ? `title,text\n${pieces.join('')}` : pieces.join('')
    let report
    try {
      report = readPages(readFiles([{ name, content: Buffer.from(text) }]), { dateOrder: 'dmy', today: '2026-11-26', language })
    } catch (error) {
      assert.equal((error as Error).constructor.name, 'DigestFault')
      return
    }
    for (const finding of [...report.findings, ...report.threads.flatMap(({ findings }) => findings)]) for (const each of ['en', 'ar', 'es', 'fr', 'he']) assert.ok(explain(finding, each))
    for (const { paragraphs, links } of report.threads) for (const link of links) if (link.at !== null) assert.equal(paragraphs[link.paragraph!]!.text.slice(link.at, link.at + link.text.length), link.text)
    if (name !== 'a.txt') return
    const have = kept(report)
    const plain = pieces.filter((each) => /^[\p{L} .]+$/u.test(each) && !/^(?:Press Release|Read more\.)$/.test(each)).join(' ')
    const near = new Set(words(text))
    assert.deepEqual(words(plain).filter((word) => word.length > 3 && near.has(word) && !have.has(word) && !/^(?:news|good|report|press|release|july|late|lamps|lit|updated|ctober|action|more|read|take)$/.test(word)), [])
  }), { numRuns: 300 })
})

test('what was made to be slow is read in a few seconds', () => {
  const started = performance.now()
  for (const [name, content] of [['a.html', '<div>'.repeat(150_000)], ['a.html', '<'.repeat(400_000)], ['a.html', '<a href=x>y'.repeat(30_000)], ['a.txt', '“'.repeat(60_000)], ['a.txt', `${'a '.repeat(100_000)}\n`.repeat(5)], ['a.txt', '1/2/2024 '.repeat(15_000)]] as const) readPages(readFiles([{ name, content: Buffer.from(content) }]), { today: '2026-11-26' })
  assert.ok(performance.now() - started < 30_000, 'reading takes too long')
})

test('XML that defines words of its own or fetches them is not read, in any encoding; one that only names a definition is, without it', () => {
  const laughs = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
  const feed = (before: string, title: string) => `<?xml version="1.0"?>${before}<rss version="2.0"><channel><item><title>${title}</title></item></channel></rss>`
  const reason = (content: Buffer) => {
    try {
      return readPages(readFiles([{ name: 'feed.xml', content }]), { today: '2026-11-26' }).threads.map(({ title }) => title).join()
    } catch (error) {
      return (error as { reason?: string }).reason
    }
  }
  for (const xml of [feed(laughs, '&b;'), feed('<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>', '&x;'), feed('<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://stray.example/x.dtd"> %p;]>', 'x')]) assert.equal(reason(Buffer.from(xml)), 'entities', xml)
  assert.equal(reason(Buffer.from(`\ufeff${feed(laughs, '&b;')}`, 'utf16le')), 'entities')
  assert.equal(reason(Buffer.from(feed('<!DOCTYPE rss SYSTEM "file:///etc/hostname">', 'Boats'))), 'Boats')
})

test('a packed folder that was made to fill a machine, a damaged one and a word processor’s file are refused by name; a picture is found from its page’s folder', () => {
  const fault = (content: Uint8Array) => {
    try {
      readFiles([{ name: 'site.zip', content: Buffer.from(content) }])
      return 'read'
    } catch (error) {
      return (error as { reason?: string }).reason
    }
  }
  const bomb = Buffer.from(zipSync({ 'a.html': Buffer.alloc(1000, 'a') }))
  // It says that it is half a gigabyte once it is unpacked; and, the other way round, less than it is.
  const size = bomb.lastIndexOf(Buffer.from('504b0102', 'hex')) + 24
  bomb.writeUInt32LE(500_000_000, size)
  assert.equal(fault(bomb), 'too-large')
  bomb.writeUInt32LE(10, size)
  assert.equal(fault(bomb), 'read')
  assert.equal(fault(Buffer.from('no folder at all')), 'not-zip')
  assert.equal(fault(Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(200)])), 'not-zip')
  assert.equal(fault(zipSync({ '[Content_Types].xml': Buffer.from('<Types/>'), 'word/document.xml': Buffer.from('<p>x</p>') })), 'no-pages')
  const [page] = readFiles([{ name: 'site.zip', content: Buffer.from(zipSync({ 'news/a.html': Buffer.from('<p>Boats.</p><img src="../photos/b%20c.jpg" alt="B">'), 'photos/b c.jpg': Buffer.from('x') })) }])
  assert.deepEqual(page!.pictures.map(({ source, given, alt }) => [source, given, alt]), [['photos/b c.jpg', true, 'B']])
})
