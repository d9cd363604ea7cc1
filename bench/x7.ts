import { execFileSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { runLoad } from './load.ts'
import { measuredClarion } from './measured-clarion.ts'
import { residentOf } from './memory.ts'
import { signRequest } from './signing.ts'
const env = Object.fromEntries(Object.entries(process.env).filter(([k]) => k.startsWith('X7')).map(([k, v]) => [k, v!]))
const it = await measuredClarion(env)
const request = await signRequest(it)
const before = residentOf(it)
let most = before
let done = false
const looking = (async () => { while (!done) { const now = residentOf(it); if (now.rss > most.rss) most = now; await wait(250) } })()
const result = await runLoad({ port: it.port, connections: 128, seconds: 8, request })
done = true; await looking
const m = async (u: string, s?: string) => (s ? execFileSync('curl', ['-s', '--unix-socket', s, u]).toString() : await (await fetch(u)).text()).split('\n').filter((l) => /^process_(heap|ext|res)/.test(l)).map((l) => `${l.split('{')[0]!.slice(8)}=${Math.round(Number(l.split(' ')[1]) / 1e6)}`).join(' ')
console.log(JSON.stringify(env), Math.round(result.perSecond), 'before', before.each, 'most', Math.round(most.rss), most.each, 'pss', Math.round(most.pss))
console.log(' site', await m(`${it.clarion.site}/metrics`)); 
console.log(' desk', await m(`${it.clarion.desk}/metrics`))
await it[Symbol.asyncDispose]()
