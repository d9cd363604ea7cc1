import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'

test('the site loads no client of the web and no HTTP/2 client with it: every start would wait for it', () => {
  const program = 'await import("#processes/site.ts"); console.log(process.moduleLoadList.filter((each) => /undici/.test(each)).join())'
  const said = execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program], { cwd: fileURLToPath(new URL('../../../', import.meta.url)), encoding: 'utf8' })
  assert.equal(said.trim(), '')
})
