import { CliFault } from './fault.ts'

process.removeAllListeners('warning')
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') console.error(`${warning.name}: ${warning.message}`)
})

/** What `clarion <verb>` does; each verb loads only what it needs. */
const verbs: Record<string, { about: string, run(words: string[]): Promise<void> }> = {
  start: { about: 'everything on this machine, until Ctrl-C', run: async () => (await import('./start.ts')).start() },
}

async function main([verb, ...words]: string[]): Promise<void> {
  const known = verb !== undefined && verbs[verb]
  if (!known) {
    const list = Object.entries(verbs).map(([name, { about }]) => `  ${name.padEnd(12)} ${about}`).join('\n')
    console[verb === undefined || ['help', '--help', '-h'].includes(verb) ? 'log' : 'error'](`${verb && !/help|-h/.test(verb) ? `There is no verb "${verb}".\n` : ''}clarion <verb>\n${list}`)
    process.exitCode = verb === undefined || /help|-h/.test(verb) ? 0 : 2
    return
  }
  await known.run(words)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (error instanceof CliFault) {
    console.error(error.message)
    process.exit(error.exitCode)
  }
  console.error(error)
  process.exit(1)
}
