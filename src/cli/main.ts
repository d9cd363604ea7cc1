import { enableCompileCache } from 'node:module'
import { pathToFileURL } from 'node:url'
import { programFile } from './bundle.ts'
import { moduleFolder } from './compiled.ts'

enableCompileCache(moduleFolder('supervisor'))

process.removeAllListeners('warning')
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') console.error(`${warning.name}: ${warning.message}`)
})

const { runVerb } = await import(pathToFileURL(programFile('verbs')).href) as typeof import('./verbs.ts')
await runVerb(process.argv.slice(2))
