import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import fc from '#test/support/property.ts'
import { inTransaction, sql, type Tx } from '#platform/db.ts'
import { addSubject } from '#modules/places/index.ts'
import { importAtOnce, readDigestFiles, readPages, undoDigest, workOnDigest } from '#modules/digests/index.ts'
import { indexSearch } from '#modules/search/index.ts'
import { delays, languages, Model, settled, step } from '#test/support/public-model.ts'
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
const desk = it.as('desk')
const write = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(desk, work)
const staffId = null
const zone = 'UTC'

test('no sequence of edits, translations, schedules, corrections, imports, links, renames and withdrawals makes words public that are not, or takes away any that are', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), fc.boolean(), fc.boolean(), async (chosen, thread, begun) => {
    const steps = begun ? [...settled, ...chosen] : chosen
    const run = randomUUID().slice(0, 6)
    const start = Date.now() - 3_600_000
    const place = await write((tx) => addSubject(tx, { kind: 'place', language: 'en', name: `Somewhere ${run}` }, new Date()))
    await write(async (tx) => {
      const about = await aboutItem(tx, { id: place, slug: `somewhere-${run}` }, new Date())
      const saved = await saveItem(tx, { itemId: about, language: 'en', words: wordsWith({ title: 'Somewhere' }), staffId }, new Date())
      if (saved.outcome === 'saved') await publishItem(tx, { revisionId: saved.revisionId, staffId, zone }, new Date(Date.now() - 4_000_000))
    })
    const [handle, line] = [`number-${run}`, `line-${run}`]
    const model = new Model(`w${run}n0`)
    const importedTitle = `Imported ${run} w${run}n0`
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
    const importedItem = async () => (await sql<{ id: string }>`select distinct item_id as id from item_revisions where words ->> 'title' = ${importedTitle}`.execute(it.db)).rows[0]?.id
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
          const made = await importedItem()
          const content = { entries: [{ id: 'a', on: '2026-01', leadsTo: { item }, says: { en: { text } } }, ...(made ? [{ id: 'b', on: '2026-02', leadsTo: { item: made }, says: {} }] : [])], says: { en: { title: 'A line', about: '' } } }
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
          const { rows: [{ two }] } = await sql<{ two: boolean }>`select jsonb_array_length(content -> 'entries') = 2 as two from record_revisions where id = ${newest!.id}`.execute(desk) as { rows: [{ two: boolean }] }
          const leads = languages.some((its) => model.shown(its, at) !== null) && (!two || model.imported.shown !== undefined)
          assert.equal(done.outcome, each.does === 'chronology-withdraw' ? 'withdrawn' : leads ? 'published' : 'missing')
          if (done.outcome !== 'missing') model.chronology.shown = done.outcome === 'published' ? model.chronology.newest : undefined
          break
        }
        case 'import': {
          const read = readPages(await readDigestFiles([{ name: 'page.txt', content: Buffer.from(`A page\n\n${importedTitle} - NEWS - 1 March 2026\n\nIt says ${token()}.\n`) }]), { dateOrder: 'dmy', today: '2026-11-26' })
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
          model.imported.shown = each.does === 'publish-import' ? new RegExp(`w${run}n[1-9]\\d*`).exec(JSON.stringify(words))![0] : undefined
          break
        }
        // What an import made is taken back, but for what was published.
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
      // Looked at whenever something was taken away, and every second time besides.
      if ((begun && number < settled.length - 1) || (number % 2 === 1 && number < steps.length - 1 && !/^(?:withdraw|cancel|un)|withdraw$/.test(each.does))) continue
      // What is searched is brought up to date now and then, and never decides by itself what is shown.
      if (number % 4 < 2) while (await indexSearch(it.as('worker'), 'all') > 0);
      const said = `after step ${number}, ${JSON.stringify(each)}`
      const open = model.public(Date.now())
      assert.deepEqual(await publicTokens(it, run), open, said)
      assert.deepEqual((await carriedTokens(it, { run, subjectId: place, from: new Date(start - 1), language: languages[number % 4 < 2 ? 0 : 1] })).filter((each) => !open.includes(each)), [], `${said}, in a mail, on paper or on a card`)
      if (steps[number + 1] && /withdraw|undo/.test(steps[number + 1]!.does)) await layReady(it, place)
    }
  }), { numRuns: 15 })
})
