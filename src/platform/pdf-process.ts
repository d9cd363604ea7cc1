import { createRequire } from 'node:module'
import { dirname } from 'node:path'

// Latin, Arabic and Hebrew letters.
const fonts = ['@expo-google-fonts/noto-sans', '@expo-google-fonts/noto-sans-arabic', '@expo-google-fonts/noto-sans-hebrew']

/** One document to be made, and what came of it. */
export interface PdfOrder {
  template: string
  data: string
}
export type PdfOutcome = { bytes: Uint8Array } | { fault: string }

const { NodeCompiler, PdfStandard } = await import('@myriaddreamin/typst-ts-node-compiler')
const require = createRequire(import.meta.url)
const fontPaths = fonts.map((name) => dirname(require.resolve(`${name}/package.json`)))

function make({ template, data }: PdfOrder): PdfOutcome {
  const compiler = NodeCompiler.create({ workspace: '/nowhere', fontArgs: [{ fontPaths }] })
  const compiled = compiler.compile({ mainFileContent: template, inputs: { data } })
  const document = compiled.result
  return document ? { bytes: compiler.pdf(document, { pdfStandard: PdfStandard.UA_1 }) } : { fault: JSON.stringify(compiled.takeError()?.shortDiagnostics) }
}

process.on('message', (order: PdfOrder) => process.send!(make(order)))
process.on('disconnect', () => process.exit(0))
