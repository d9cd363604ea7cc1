#!/usr/bin/env node
// Starts the program on the Node that came with `npm ci`, whatever Node ran this file.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const wanted = 26
const main = new URL('../src/cli/main.js', import.meta.url)

if (Number(process.versions.node.split('.')[0]) >= wanted) {
  await import(main.href)
} else {
  const bundled = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  if (!existsSync(bundled)) {
    console.error(`Clarion needs Node ${wanted}. It comes with "npm ci" on Linux and macOS (x64, arm64); elsewhere install Node ${wanted} and try again.`)
    process.exit(1)
  }
  const child = spawn(bundled, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}
