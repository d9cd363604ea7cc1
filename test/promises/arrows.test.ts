import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The levels of docs/map.md, by module: a module knows those of the levels below its own and none beside it. */
const levelOf = new Map([...readFileSync(join(root, 'docs/map.md'), 'utf8').matchAll(/^(?:modules)? +(\d) {2}([a-z -]+)$/gm)].flatMap(([, level, names]) => names!.trim().split(/ +/).map((name): [string, number] => [name, Number(level)])))

/** Which parts of the program a part may know besides itself. */
const mayKnow: Record<string, string[]> = {
  platform: [],
  modules: ['platform'],
  site: ['platform', 'modules'],
  // What staff hand over to somebody about themselves is the page that they could have taken with them, made by the same function in the same words.
  // What they preview is the page as the site makes it.
  desk: ['platform', 'modules', 'site/my-data/readable.ts', 'site/reading/preview.ts', 'site/words/index.ts'],
  inbox: ['platform'],
  processes: ['platform', 'modules', 'site', 'desk', 'inbox'],
  world: ['platform', 'modules'],
  // `clarion doctor` says what is missing in the words of the desk's own checks.
  cli: ['platform', 'modules', 'processes', 'world', 'desk/words/index.ts'],
}

interface Arrow {
  from: string
  to: string
}

/** All imports within the program, as paths from src (or from the root, for world, test and tools), without those of its tests. */
function arrows(): Arrow[] {
  return globSync(['src/**/*.ts', 'world/**/*.ts'], { cwd: root }).filter((file) => !file.endsWith('.test.ts')).flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    const named = [...text.matchAll(/(?:\bfrom|\bimport\(?)\s*'([#.][^']*)'/g)].map(([, name]) => name!)
    return named.map((name) => ({ from: short(file), to: short(name.startsWith('.') ? normalize(join(dirname(file), name)) : aliased(name)) }))
  })
}

const aliases = Object.entries((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: Record<string, string> }).imports)

function aliased(name: string): string {
  const [alias, path] = aliases.find(([alias]) => name.startsWith(alias.slice(0, -1)))!
  return normalize(path.replace('*', name.slice(alias.length - 1)))
}

const short = (path: string) => path.replace(/^src\//, '')
const partOf = (path: string) => path.split('/')[0]!
const moduleOf = (path: string) => path.split('/')[1]!
const said = (found: Arrow[]) => found.map(({ from, to }) => `${from} → ${to}`)
const all = arrows()

test('every import leads to a file that is there', () => {
  assert.ok(all.length > 800, `${all.length} imports were found`)
  assert.deepEqual(said(all.filter(({ to }) => !existsSync(join(root, 'src', to)) && !existsSync(join(root, to)))), [])
})

test('the platform knows nothing of campaigning, modules nothing of browsers, and no page of another surface', () => {
  assert.deepEqual(said(all.filter(({ from, to }) => {
    const allowed = mayKnow[partOf(from)]
    assert.ok(allowed, `${from} belongs to no part of the program that docs/map.md knows`)
    return partOf(to) !== partOf(from) && !allowed.some((each) => each === partOf(to) || each === to)
  })), [])
})

test('a module is entered by its front door', () => {
  assert.deepEqual(said(all.filter(({ from, to }) => partOf(to) === 'modules' && !(partOf(from) === 'modules' && moduleOf(from) === moduleOf(to)) && to !== `modules/${moduleOf(to)}/index.ts`)), [])
})

test('modules know those of the levels below them only', () => {
  const between = all.filter(({ from, to }) => partOf(from) === 'modules' && partOf(to) === 'modules' && moduleOf(from) !== moduleOf(to))
  assert.deepEqual(said(between.filter(({ from, to }) => !(levelOf.get(moduleOf(to))! < levelOf.get(moduleOf(from))!))), [])
  assert.deepEqual([...levelOf.keys()].toSorted(), globSync('*/', { cwd: join(root, 'src/modules') }).toSorted(), 'every module has a level')
})

test('nothing that runs in earnest needs the tests, the measurements or the tools', () => {
  assert.deepEqual(said(all.filter(({ to }) => ['test', 'tools', 'bench'].includes(partOf(to)))), [])
})

test('what stands at the front door of a module is used by somebody outside of it', () => {
  const users = globSync(['src/**/*.ts', 'world/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts', 'tools/**/*.ts'], { cwd: root })
  const taken = new Set(users.flatMap((file) => [...readFileSync(join(root, file), 'utf8').matchAll(/(?:import(?: type)? \{([^}]*)\} from|\{([^}]*)\} = await import\()\s*'#modules\/([a-z-]+)\/index\.ts'/g)]
    .flatMap(([, plain, awaited, module]) => namesIn(plain ?? awaited!).map((name) => `${module}: ${name}`))))
  const offered = globSync('src/modules/*/index.ts', { cwd: root }).flatMap((door) => [...readFileSync(join(root, door), 'utf8').matchAll(/export(?: type)? \{([^}]*)\} from/g)]
    .flatMap(([, names]) => namesIn(names!).map((name) => `${door.split('/')[2]}: ${name}`)))
  assert.ok(offered.length > 120, `${offered.length} exports were found`)
  assert.deepEqual(offered.filter((each) => !taken.has(each)), [])
})

function namesIn(list: string): string[] {
  return list.split(',').map((each) => each.trim().replace(/^type /, '').split(/ as |:/)[0]!.trim()).filter(Boolean)
}
