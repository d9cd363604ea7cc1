import { chmodSync, createReadStream, createWriteStream, existsSync, linkSync, mkdirSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createBrotliDecompress } from 'node:zlib'
import { chromium, type Browser } from 'playwright-core'

const root = fileURLToPath(new URL('../../', import.meta.url))
const packed = join(root, 'node_modules/@sparticuz/chromium/bin')
const cache = join(root, 'node_modules/.cache/chromium')

/** Several tests may come to it at once in a fresh copy: the first one's is what all use, and nothing is put in the place of what runs already. */
async function unpack(name: string, to: string): Promise<string> {
  const target = join(cache, to)
  if (existsSync(target)) return target
  mkdirSync(cache, { recursive: true })
  const fresh = `${target}.${process.pid}`
  await pipeline(createReadStream(join(packed, name)), createBrotliDecompress(), createWriteStream(fresh))
  chmodSync(fresh, 0o755)
  try {
    linkSync(fresh, target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(fresh)
  }
  return target
}

/** The libraries that a bare machine may lack come with the package; they are used where the machine has none of its own. */
async function libraries(): Promise<string | undefined> {
  try {
    if (execFileSync('ldconfig', ['-p'], { encoding: 'utf8' }).includes('libnss3.so')) return undefined
  } catch { /* no ldconfig: use ours */ }
  const tar = await unpack('al2023.tar.br', 'al2023.tar')
  const folder = join(cache, 'al2023')
  if (!existsSync(folder)) {
    const fresh = `${folder}.${process.pid}`
    mkdirSync(fresh, { recursive: true })
    execFileSync('tar', ['-xf', tar, '-C', fresh])
    try {
      renameSync(fresh, folder)
    } catch (error) {
      // Another test was first.
      if (!existsSync(folder)) throw error
      rmSync(fresh, { recursive: true, force: true })
    }
  }
  return join(folder, 'lib')
}

/** Fonts from npm, so that pages look the same on every machine, also in Arabic. */
function fontConfiguration(): string {
  const file = join(cache, 'fonts.conf')
  const fresh = `${file}.${process.pid}`
  mkdirSync(cache, { recursive: true })
  writeFileSync(fresh, `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${root}node_modules/@expo-google-fonts</dir><dir>/usr/share/fonts</dir><cachedir>${cache}/fonts</cachedir>
<alias><family>system-ui</family><prefer><family>Noto Sans</family><family>Noto Sans Arabic</family></prefer></alias><alias><family>ui-sans-serif</family><prefer><family>Noto Sans</family></prefer></alias>
<alias><family>sans-serif</family><prefer><family>Noto Sans</family><family>Noto Sans Arabic</family></prefer></alias></fontconfig>`)
  renameSync(fresh, file)
  return file
}

/** Where the cores are shared by everything that a test starts, helpers of the collector and the compiler cost an eighth more than they save. */
const helpers = ['--js-flags=--single-threaded']

/** A real browser: Chromium from npm, or the one that CHROMIUM_PATH names. Its security is what it is everywhere: only the operating system's sandbox is off, for containers. */
export async function launchBrowser(): Promise<Browser> {
  const own = process.env.CHROMIUM_PATH
  const executablePath = own ?? await unpack('chromium.br', `chromium-${statSync(join(packed, 'chromium.br')).size}`)
  const lib = own ? undefined : await libraries()
  return chromium.launch({
    executablePath, headless: true, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run', ...helpers],
    env: { ...process.env, FONTCONFIG_FILE: fontConfiguration(), ...(lib && { LD_LIBRARY_PATH: lib }) },
  })
}
