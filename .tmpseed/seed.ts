import { inTransaction } from '#platform/db.ts'
import { withInstallation } from '../src/cli/content.ts'
import { addSubject, setNames } from '#modules/places/index.ts'
import { aboutItem, createItem, publishItem, saveItem, wordsWith } from '#modules/publishing/index.ts'
const names = ['Ardenhal','Årvik','Brannock','Corvane','Çelin','Delmey','Élan','Esterwick','Farrow Bay','Galt','Hollin','Île Verte','Jorund','Kest','Lower Tamsin','Merrow','Nault','Österdal','Pell','Quay Islands','Rusk','Upper Tamsin','Zell']
const ar = ['الأردن الأعلى','آرفيك','برانوك','الكورفان','جلين','دلمي','إيلان','إستر','خليج فارو','جالت']
const he = ['ארדנהל','ארוויק','ברנוק','קורוואן','צלין','דלמי','אילן']
await withInstallation(async (db) => {
  const now = new Date()
  const parent = (await db.selectFrom('subjects').select('id').where('slug','=','marovia').executeTakeFirstOrThrow()).id
  for (const [i, name] of names.entries()) await inTransaction(db, async (tx) => {
    const id = await addSubject(tx, { kind: 'place', language: 'en', name, parentId: i % 3 === 0 ? parent : null }, now)
    await setNames(tx, id, [{ language: 'en', name, shown: true }, { language: 'en', name: `Republic of ${name}`, shown: false }, ...(ar[i] ? [{ language: 'ar', name: ar[i]!, shown: true }] : []), ...(he[i] ? [{ language: 'he', name: he[i]!, shown: true }] : [])] as never)
    const { slug } = await tx.selectFrom('subjects').select('slug').where('id', '=', id).executeTakeFirstOrThrow(); const about = await aboutItem(tx, { id, slug }, now) as any
    const itemId = typeof about === 'string' ? about : about.id
    const saved = await saveItem(tx, { itemId, language: 'en', words: wordsWith({ title: name, summary: `What we know of ${name}.` }), staffId: null }, now) as any
    await publishItem(tx, { revisionId: saved.revisionId, staffId: null, zone: 'UTC' }, now)
  })
  const { id: galt } = await db.selectFrom('subjects').select('id').where('slug','=','galt').executeTakeFirstOrThrow()
  await inTransaction(db, async (tx) => {
    for (let i = 0; i < 420; i++) {
      const year = 1998 + (i % 28)
      const day = `${year}-${String(1 + i % 12).padStart(2,'0')}-${String(1 + i % 28).padStart(2,'0')}`
      const kind = (['news','press-release','report','urgent-action'] as const)[i % 4]!
      const lang = i % 17 === 0 ? 'he' : i % 19 === 0 ? 'ar' : 'en'
      const title = lang === 'he' ? `הודעה מספר ${i} על הנמל של Galt` : lang === 'ar' ? `خبر رقم ${i} عن ميناء Galt` : `Entry number ${i} about the harbour of Galt, with a title that goes on for long`
      const itemId = await createItem(tx, { kind, thread: i % 2 === 0, wanted: `galt-${i}`, subjects: [galt] }, now)
      const words = i % 2 === 0 ? wordsWith({ title, paragraphs: [{ id: 'a', day, happened: '', text: 'It happened at the quay.', links: [] }] }) : wordsWith({ title, publishedOn: day, body: 'It happened at the quay.' })
      const saved = await saveItem(tx, { itemId, language: lang, words, staffId: null }, now) as any
      await publishItem(tx, { revisionId: saved.revisionId, staffId: null, zone: 'UTC' }, now)
    }
  })
})
