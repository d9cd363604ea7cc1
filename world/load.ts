import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { inTransaction, type Db, type Tx } from '#platform/db.ts'
import { actionOptions, actionWords, createAction, moveAction, saveWords, setStatements, setTargets, type ActionKind, type TargetRule } from '#modules/actions/index.ts'
import { storeImage } from '#modules/files/index.ts'
import { startPublisher, type Publisher } from '#modules/publisher/index.ts'
import { mapping, runImport, type Mapping } from '#modules/targets/index.ts'
import { loadPublishing, type PublishedWorld } from './load-publishing.ts'

function file(name: string): Buffer {
  return readFileSync(new URL(name, import.meta.url))
}

function json<Value>(name: string): Value {
  return JSON.parse(file(name).toString()) as Value
}

interface WorldAction {
  slug: string
  kind: ActionKind
  options: unknown
  scheme: string
  targets?: TargetRule[]
  statements: string[]
  ask?: Record<string, string>
  words: Record<string, unknown>
}

/** Loads the invented country into an empty database: its organisation, its Assembly and government, its postcodes and boundaries, two open actions, and its country page. */
export async function loadWorld(db: Db, now: Date): Promise<void> {
  const statements = await inTransaction(db, (tx) => startPublisher(tx, json<Publisher>('publisher.json'), now))
  const mappings = z.record(z.string(), mapping).parse(json('mappings.json'))
  const day = now.toISOString().slice(0, 10)
  for (const name of ['assembly.csv', 'government.csv', 'postcodes.csv', 'boundaries.geojson']) await importFile(db, mappings[name.split('.')[0]!]!, name, day)
  await inTransaction(db, async (tx) => {
    await markDemo(tx)
    const image = await storeImage(tx, { credit: 'the Clarion project', files: worldImage(), demo: true })
    const ids: string[] = []
    for (const action of json<WorldAction[]>('actions.json')) ids.push(await loadAction(tx, action, statements, image.id, now))
    await tx.updateTable('actions').set({ next_action_id: ids[1]! }).where('id', '=', ids[0]!).execute()
    await tx.updateTable('actions').set({ next_action_id: ids[0]! }).where('id', '=', ids[1]!).execute()
    await loadPublishing(tx, json<PublishedWorld>('publishing.json'), now, { lanterns: await worldPicture(tx) })
  })
}

async function importFile(db: Db, by: Mapping, name: string, asOf: string): Promise<void> {
  const report = await runImport(db, { mapping: by, file: file(name), source: name, asOf, dryRun: false })
  if (report.refused) throw new Error(`${name}: ${JSON.stringify(report.report.find((row) => row.outcome === 'refused'))}`)
}

/** What going live removes: only what came with the world, for there may be more in this database. */
async function markDemo(tx: Tx): Promise<void> {
  for (const table of ['bodies', 'areas', 'offices', 'officials', 'lookup_schemes'] as const) await tx.updateTable(table).set({ demo: true }).where('id', 'like', 'marovia%').execute()
}

function worldImage() {
  return [
    { width: 480, height: 270, mediaType: 'image/webp' as const, bytes: file('images/lanterns-480.webp') },
    { width: 960, height: 540, mediaType: 'image/webp' as const, bytes: file('images/lanterns-960.webp') },
    { width: 1600, height: 900, mediaType: 'image/webp' as const, bytes: file('images/lanterns-1600.webp') },
    { width: 1200, height: 630, mediaType: 'image/jpeg' as const, bytes: file('images/lanterns-1200.jpg') },
  ]
}

/** The same drawing as texts show it. */
async function worldPicture(tx: Tx) {
  const files = [
    ...([[480, 270], [960, 540], [1600, 900]] as const).flatMap(([width, height]) => [
      { use: 'shown' as const, width, height, mediaType: 'image/avif' as const, bytes: file(`images/lanterns-${width}.avif`) }, { use: 'shown' as const, width, height, mediaType: 'image/webp' as const, bytes: file(`images/lanterns-${width}.webp`) },
    ]),
    { use: 'shown' as const, width: 960, height: 540, mediaType: 'image/jpeg' as const, bytes: file('images/lanterns-960.jpg') }, { use: 'card' as const, width: 1200, height: 630, mediaType: 'image/jpeg' as const, bytes: file('images/lanterns-1200.jpg') },
    { use: 'veil' as const, width: 12, height: 7, mediaType: 'image/webp' as const, bytes: file('images/lanterns-veil.webp') },
  ]
  const { id, hashes } = await storeImage(tx, { credit: 'the Clarion project', files, demo: true })
  return { imageId: id, files: files.map(({ use, width, height, mediaType, bytes }, place) => ({ use, width, height, mediaType, size: bytes.length, hash: hashes[place]! })) }
}

async function loadAction(tx: Tx, action: WorldAction, statements: Map<string, string>, imageId: string, now: Date): Promise<string> {
  const id = await createAction(tx, {
    slug: action.slug, kind: action.kind, zone: 'UTC', options: actionOptions.parse(action.options), schemeId: action.scheme, imageId, demo: true,
    shareChannels: ['copy', 'qr', 'email', 'whatsapp', 'telegram'],
  }, now)
  await setStatements(tx, id, action.statements.map((name) => statements.get(name)!))
  await setTargets(tx, id, action.targets ?? [])
  for (const [language, words] of Object.entries(action.words)) {
    await saveWords(tx, { actionId: id, language, words: actionWords.parse(words), ask: action.ask?.[language], staffId: null }, now)
  }
  const moved = await moveAction(tx, { id, to: 'open', staffId: null }, now)
  if (moved.outcome !== 'moved') throw new Error(`${action.slug} cannot open: ${JSON.stringify(moved)}`)
  return id
}
