// @ts-check
import { enableCompileCache } from 'node:module'
import { pathToFileURL } from 'node:url'
import { moduleFolder, programFile } from './programs.js'

enableCompileCache(moduleFolder('supervisor'))

process.removeAllListeners('warning')
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') console.error(`${warning.name}: ${warning.message}`)
})

/** @type {typeof import('./verbs.ts')} */
const { runVerb } = await import(pathToFileURL(programFile('verbs')).href)
await runVerb(process.argv.slice(2))
