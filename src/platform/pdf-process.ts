import { createRequire } from 'node:module'
import { dirname } from 'node:path'

// Latin, Arabic and Hebrew letters.
const fonts = ['@expo-google-fonts/noto-sans', '@expo-google-fonts/noto-sans-arabic', '@expo-google-fonts/noto-sans-hebrew']

/** One document to be made, and what came of it. */
export interface PdfOrder {
  template: string
  as: 'pdf' | 'png'
  data: string
  words?: string | undefined
}
export type PdfOutcome = { bytes: Uint8Array, pages: number } | { fault: string }

const { NodeCompiler, PdfStandard } = await import('@myriaddreamin/typst-ts-node-compiler')
const require = createRequire(import.meta.url)
const fontPaths = fonts.map((name) => dirname(require.resolve(`${name}/package.json`)))

/** The name by which `pdf-text-process.ts` knows them. */
const attached = '\n#pdf.attach("clarion-words.txt", bytes(sys.inputs.words), relationship: "supplement", mime-type: "text/plain", description: "The words of this document")'

async function make({ template, data, words, as }: PdfOrder): Promise<PdfOutcome> {
  const compiler = NodeCompiler.create({ workspace: '/nowhere', fontArgs: [{ fontPaths }] })
  const compiled = compiler.compile({ mainFileContent: words ? template + attached : template, inputs: { data, ...(words && { words }) } })
  const document = compiled.result
  if (!document) return { fault: JSON.stringify(compiled.takeError()?.shortDiagnostics) }
  const pages = document.numOfPages
  if (as === 'pdf') return { bytes: compiler.pdf(document, { pdfStandard: PdfStandard.UA_1 }), pages }
  // A point of the template is a pixel.
  const { default: sharp } = await import('sharp')
  return { bytes: await sharp(Buffer.from(compiler.plainSvg(document))).flatten({ background: '#ffffff' }).png({ palette: true, compressionLevel: 9 }).toBuffer(), pages }
}

process.on('message', (order: PdfOrder) => void make(order).catch((error: unknown): PdfOutcome => ({ fault: String(error) })).then((outcome) => process.send!(outcome)))
process.on('disconnect', () => process.exit(0))
