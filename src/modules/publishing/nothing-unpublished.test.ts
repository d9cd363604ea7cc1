import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { inTransaction, sql, type Tx } from '#platform/db.ts'
import { addSubject } from '#modules/places/index.ts'
import { importAtOnce, readDigestFiles, readPages, undoDigest, workOnDigest } from '#modules/digests/index.ts'
import { indexSearch } from '#modules/search/index.ts'
import { findPublicFile, storeFile, storeImage } from '#modules/files/index.ts'
import { acting } from '#test/support/acting.ts'
import { until } from '#test/support/clarion.ts'
import { openPages, rawRequest } from '#test/support/pages.ts'
import { delays, languages, Model, step } from '#test/support/public-model.ts'
import { carriedTokens, layReady, publicTokens } from '#test/support/public-words.ts'
import { stage } from '#test/support/stage.ts'
import { correctItem } from './corrections.ts'
import { aboutItem, createItem, moveItem, setSubjects } from './items.ts'
import { wordsWith } from './item.ts'
import { readContent } from './record.ts'
import { cancelSchedules, publishItem, withdrawItem } from './publications.ts'
import { addRecord, publishRecord, saveRecord } from './records.ts'
import { relateItem, setItemChronology, unrelateItem } from './relations.ts'
import { newestRevision, saveItem } from './revisions.ts'

const it = await stage()
const act = await acting(it)
const desk = it.as('desk')
const write = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(desk, work)
const staffId = null
const zone = 'UTC'

test('no sequence of edits, translations, schedules, corrections, imports, links, renames and withdrawals makes words public that are not, or takes away any that are', async () => {
  const place = await write((tx) => addSubject(tx, { kind: 'place', language: 'en', name: `Somewhere ${randomUUID().slice(0, 6)}` }, new Date()))
  await write(async (tx) => {
    const about = await aboutItem(tx, { id: place, slug: 'somewhere' }, new Date())
    const saved = await saveItem(tx, { itemId: about, language: 'en', words: wordsWith({ title: 'Somewhere' }), staffId }, new Date())
    if (saved.outcome === 'saved') await publishItem(tx, { revisionId: saved.revisionId, staffId, zone }, new Date(Date.now() - 4_000_000))
  })
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), fc.boolean(), async (steps, thread) => {
    const run = randomUUID().slice(0, 6)
    const start = Date.now() - 3_600_000
    const [handle, line] = [`number-${run}`, `line-${run}`]
    const model = new Model()
    const item = await write((tx) => createItem(tx, { kind: 'news', thread, wanted: `run ${run}`, subjects: [place] }, new Date(start)))
    let record: string | undefined
    let chronology: string | undefined
    const imports: string[] = []
    let count = 0
    const token = () => `w${run}n${count += 1}`
    type Refers = 'nothing' | 'figure' | 'chronology'
    const written = { nothing: 'x', figure: `x :figure[${handle}]`, chronology: `x\n\n::chronology[${line}]` }
    const wordsOf = (text: string, refers: Refers) => wordsWith({ title: text, ...(thread ? { paragraphs: [{ id: 'a', day: '2026-01-01', happened: '', text: written[refers], links: [] }] } : { body: written[refers] }) })
    const refers = new Map<string, Refers>()
    const mayShow = (text: string) => ({ nothing: true, figure: model.record.shown !== undefined, chronology: model.chronology.shown !== undefined })[refers.get(text) ?? 'nothing']
    const importedItem = async () => (await sql<{ id: string }>`select distinct item_id as id from item_revisions where words ->> 'title' = ${`Imported ${run}`}`.execute(it.db)).rows[0]?.id
    for (const [number, each] of steps.entries()) {
      const at = start + number * 10_000
      const now = new Date(at)
      switch (each.does) {
        case 'save': case 'translate': {
          const text = token()
          const its = each.does === 'save' ? each.refers : 'nothing'
          const source = each.does === 'translate' ? await newestRevision(desk, item, each.language === 'en' ? 'ar' : 'en') : undefined
          await write((tx) => saveItem(tx, { itemId: item, language: each.language, words: wordsOf(text, its), sourceId: source?.id, staffId }, now))
          refers.set(text, its)
          model.newest[each.language] = text
          break
        }
        case 'publish': {
          const text = model.newest[each.language]
          if (text === undefined) break
          const revision = (await newestRevision(desk, item, each.language))!
          const done = await write((tx) => publishItem(tx, { revisionId: revision.id, staffId, zone, from: new Date(at + delays[each.when]) }, now))
          assert.equal(done.outcome, mayShow(text) ? (each.when === 'now' ? 'published' : 'scheduled') : 'missing')
          if ('from' in done) model.pointers[each.language]!.push({ from: done.from.getTime(), words: text })
          break
        }
        case 'correct': {
          const [text, said] = [token(), token()]
          const done = await write(async (tx) => {
            const saved = await saveItem(tx, { itemId: item, language: each.language, words: wordsOf(text, 'nothing'), staffId }, now) as { revisionId: string }
            return correctItem(tx, { revisionId: saved.revisionId, wrong: said, correct: 'y', zone, staffId }, now)
          })
          assert.equal(done.outcome, 'corrected')
          refers.set(text, 'nothing')
          model.newest[each.language] = text
          model.pointers[each.language]!.push({ from: at, words: text })
          model.corrections.push({ language: each.language, words: said })
          break
        }
        case 'cancel':
          await write((tx) => cancelSchedules(tx, { itemId: item, language: each.language }, now))
          model.cancelLater(each.language, at)
          break
        case 'withdraw': case 'withdraw-all': {
          const which = each.does === 'withdraw' ? [each.language] : [...languages]
          await write((tx) => withdrawItem(tx, { itemId: item, language: each.does === 'withdraw' ? each.language : undefined, staffId }, now))
          for (const its of which) {
            const before = model.shown(its, at)
            model.cancelLater(its, at)
            if (before !== null) model.pointers[its]!.push({ from: at, words: null })
          }
          break
        }
        case 'rename': await write((tx) => moveItem(tx, item, `run-${run}-${number}`, now)); break
        case 'untag': await write((tx) => setSubjects(tx, item, [])); break
        case 'record-save': {
          const text = token()
          const content = { kind: 'figure', content: { value: 1, qualifier: 'exact', asOf: '', sourceUrl: '', says: { en: { unit: text, source: '' } } } } as const
          if (record === undefined) record = await write((tx) => addRecord(tx, { handle, record: content, staffId }, now))
          else await write((tx) => saveRecord(tx, { id: record!, record: content, staffId }, now))
          model.record.newest = text
          break
        }
        case 'record-publish': case 'record-withdraw': {
          if (record === undefined) break
          const { rows: [newest] } = await sql<{ id: string }>`select id from record_revisions where record_id = ${record} order by created_at desc limit 1`.execute(desk)
          await write((tx) => publishRecord(tx, { id: record!, revisionId: each.does === 'record-publish' ? newest!.id : null, staffId }, now))
          model.record.shown = each.does === 'record-publish' ? model.record.newest : undefined
          break
        }
        case 'chronology-save': {
          const text = token()
          const content = { entries: [{ id: 'a', on: '2026-01', leadsTo: { item }, sourceUrl: '', says: { en: { text, source: '' } } }], says: { en: { title: 'A line', about: '' } } }
          const kept = readContent('chronology', content)
          if (chronology === undefined) chronology = await write((tx) => addRecord(tx, { handle: line, record: kept, subjects: [place], staffId }, now))
          else await write((tx) => saveRecord(tx, { id: chronology!, record: kept, staffId }, now))
          model.chronology.newest = text
          break
        }
        case 'chronology-publish': case 'chronology-withdraw': {
          if (chronology === undefined) break
          const { rows: [newest] } = await sql<{ id: string }>`select id from record_revisions where record_id = ${chronology} order by created_at desc limit 1`.execute(desk)
          const done = await write((tx) => publishRecord(tx, { id: chronology!, revisionId: each.does === 'chronology-publish' ? newest!.id : null, staffId }, now))
          const leads = languages.some((its) => model.shown(its, at) !== null)
          assert.equal(done.outcome, each.does === 'chronology-withdraw' ? 'withdrawn' : leads ? 'published' : 'missing')
          if (done.outcome !== 'missing') model.chronology.shown = done.outcome === 'published' ? model.chronology.newest : undefined
          break
        }
        case 'import': {
          const read = readPages(await readDigestFiles([{ name: 'page.txt', content: Buffer.from(`A page\n\nImported ${run} - NEWS - 1 March 2026\n\nIt says ${token()}.\n`) }]), { dateOrder: 'dmy', today: '2026-11-26' })
          const { importId } = await inTransaction(it.db, (tx) => importAtOnce(tx, read, { fileName: 'page.txt', language: 'en', dateOrder: 'dmy', subjectId: place }, now))
          if (importId) imports.push(importId)
          break
        }
        case 'publish-import': case 'withdraw-import': {
          const made = await importedItem()
          if (made === undefined) break
          const { id, words } = (await newestRevision(desk, made, 'en'))!
          if (each.does === 'publish-import') await write((tx) => publishItem(tx, { revisionId: id, staffId, zone }, now))
          else await write((tx) => withdrawItem(tx, { itemId: made, staffId }, now))
          model.imported.shown = each.does === 'publish-import' ? new RegExp(`w${run}n\\d+`).exec(JSON.stringify(words))![0] : undefined
          break
        }
        case 'undo-import': {
          const last = imports.pop()
          if (last === undefined) break
          await write((tx) => undoDigest(tx, last))
          await workOnDigest(it.as('worker'), last, now)
          break
        }
        case 'relate': case 'unrelate': {
          const made = await importedItem()
          if (made) await write(async (tx) => (each.does === 'relate' ? relateItem(tx, { itemId: item, otherId: made, relation: 'background', staffId }, now) : unrelateItem(tx, item, made)))
          if (chronology) await write((tx) => setItemChronology(tx, { itemId: item, recordId: chronology!, shown: each.does === 'relate', staffId }, now))
        }
      }
      // What is searched is brought up to date now and then, and never decides by itself what is shown.
      if (number % 4 === 1) while (await indexSearch(it.as('worker'), 'all') > 0);
      const said = `after step ${number}, ${JSON.stringify(each)}`
      const open = model.public(Date.now())
      assert.deepEqual(await publicTokens(it, run), open, said)
      assert.deepEqual((await carriedTokens(it, { run, subjectId: place, from: new Date(start - 1), language: languages[number % 2]! })).filter((each) => !open.includes(each)), [], `${said}, in a mail, on paper or on a card`)
      if (number % 2 === 0) await layReady(it, place)
    }
  }), { numRuns: 25 })
})

test('what pages, feeds, calendars, files, pictures, searches, numbers and the map say is what the views show; and what is withdrawn is gone from their copies within a second', async () => {
  const marovia = (await it.db.selectFrom('subjects').select('id').where('slug', '=', 'marovia').executeTakeFirstOrThrow()).id
  const [kinds, names] = [['news', 'event', 'campaign'] as const, ['Open', 'Later', 'Gone', 'Draft'] as const]
  const event = { starts: '2030-01-01T10:00', ends: '2030-01-01T12:00', zone: 'UTC', place: '', online: '', cancelled: false }
  const files: Record<string, string> = {}
  const items: Record<string, string> = {}
  const put = (name: (typeof names)[number], kind: (typeof kinds)[number]) => write(async (tx) => {
    const now = new Date(Date.now() - 60_000)
    const said = `Surface${name}`
    const hash = (await storeFile(tx, Buffer.from(`file ${said} ${kind}`), 'application/pdf')).toString('hex')
    const item = await createItem(tx, { kind, wanted: `surface ${name} ${kind}`, subjects: [marovia] }, now)
    const words = (text: string) => wordsWith({ title: text, summary: text, body: text, ...(kind === 'event' && { event }), documents: [{ id: 'one', hash, mediaType: 'application/pdf', size: 20, title: text, language: 'en' }] })
    const saved = await saveItem(tx, { itemId: item, language: 'en', words: words(said), staffId }, now)
    const from = { Open: new Date(0), Gone: new Date(0), Later: new Date(Date.now() + 3_600_000), Draft: undefined }[name]
    if (from && saved.outcome === 'saved') await publishItem(tx, { revisionId: saved.revisionId, staffId, zone, from }, now)
    if (name === 'Gone') await withdrawItem(tx, { itemId: item, staffId }, new Date(Date.now() - 30_000))
    await saveItem(tx, { itemId: item, language: 'en', words: words(`Unsaid${name}`), staffId }, now)
    await saveItem(tx, { itemId: item, language: 'ar', words: words(`Unsaid${name}`), staffId }, now)
    files[`${name} ${kind}`] = hash
    items[`${name} ${kind}`] = item
  })
  for (const name of names) for (const kind of kinds) await put(name, kind)
  const { hashes: [unseen] } = await write(async (tx) => {
    const stored = await storeImage(tx, { credit: 'Jun', files: [{ width: 480, height: 270, mediaType: 'image/jpeg', bytes: Buffer.from('an unseen picture') }] })
    const record = readContent('image', { imageId: stored.id, files: [{ use: 'shown', hash: stored.hashes[0]!, width: 480, height: 270, mediaType: 'image/jpeg', size: 17 }], author: 'Jun', says: { en: { alt: 'UnsaidDraft', caption: 'UnsaidDraft' } } })
    await addRecord(tx, { handle: 'surface-picture', record, subjects: [marovia], staffId }, new Date())
    return stored
  })
  while (await indexSearch(it.as('worker'), 'all') > 0);
  const { origin } = await openPages(act)
  const { rows: numbers } = await sql<{ number: string }>`select number from item_numbers join items on items.id = item_id where slug like 'surface-%'`.execute(it.db)
  const feeds = (path: string) => ['atom', 'rss', 'json'].map((format) => `${path}/feed.${format}`)
  const places = ['', '/ar'].flatMap((language) => ['', '/contact', '/archive', '/archive/all/news', '/bulletin', '/events.ics', ...feeds('')].map((rest) => `${language}/places/marovia${rest}`))
  const own = names.flatMap((name) => kinds.flatMap((kind) => {
    const at = `surface-${name}-${kind}`.toLowerCase()
    return [kind === 'campaign' ? `/campaigns/${at}` : `/items/${at}`, ...(kind === 'event' ? [`/items/${at}.ics`, `/ar/items/${at}`] : []), `/items/${at}?view=text`, `/items/${at}/files/one/x.pdf`]
  }))
  const paths = ['/', '/places', '/campaigns', '/campaigns/open-the-register', '/chronologies/the-register-year-by-year', ...places, ...feeds(''), ...feeds('/kinds/news'), ...feeds('/kinds/event'), '/sitemap.xml', '/sitemap/0-00000000-0000-0000-0000-000000000000.xml', '/pictures/surface-picture', '/search?q=surfac', '/ar/search?q=surfac', '/search?q=unsai', '/search?q=surfacegone', ...numbers.map(({ number }) => `/id/${number}`), ...own]
  const sweep = async (): Promise<string[]> => {
    const said = new Set<string>()
    await Promise.all(paths.map(async (path) => {
      const { text, status, headers } = await rawRequest(origin, path)
      if (status === 200 && path.endsWith('.pdf')) said.add(`file of ${path.split('/')[2]}`)
      // Calendars fold their lines.
      for (const [found] of `${text.replace(/\r\n[ \t]/g, '')} ${headers.location ?? ''}`.matchAll(/(Surface|Unsaid|surface-)(Open|Later|Gone|Draft|open|later|gone|draft)(-[a-z]+)?/g)) said.add(found)
    }))
    for (const [what, hash] of [...Object.entries(files), ['picture', unseen!] as const]) if (await findPublicFile(it.as('site'), hash)) said.add(`bytes of ${what}`)
    return [...said].toSorted()
  }
  const open = ['SurfaceOpen', ...kinds.flatMap((kind) => [`bytes of Open ${kind}`, `file of surface-open-${kind}`, `surface-open-${kind}`])]
  const seen = await sweep()
  assert.deepEqual(seen.filter((each) => !open.includes(each)), [], 'nothing but what is public')
  assert.ok(['SurfaceOpen', 'bytes of Open news', 'file of surface-open-news', 'surface-open-event'].every((each) => seen.includes(each)), seen.join())

  for (const kind of kinds) await write((tx) => withdrawItem(tx, { itemId: items[`Open ${kind}`]!, staffId }, new Date()))
  // Every page above was just read and lies in the cache: that is how long it may.
  const left = await until(async () => {
    const still = await sweep()
    return still.length === 0 ? ['none'] : undefined
  }, 'all copies to be gone', 5000)
  assert.deepEqual(left, ['none'])
})
