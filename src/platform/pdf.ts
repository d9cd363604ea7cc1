import { createRequire } from 'node:module'
import { dirname } from 'node:path'

// Latin, Arabic and Hebrew letters; typst takes from the next what one lacks.
const fonts = ['@expo-google-fonts/noto-sans', '@expo-google-fonts/noto-sans-arabic', '@expo-google-fonts/noto-sans-hebrew']
export const pdfFonts = ['Noto Sans', 'Noto Sans Arabic', 'Noto Sans Hebrew']

/**
 * A PDF (PDF/UA-1, tagged) from a typst template and data. The data travels as JSON, so nothing in it is taken for code, and the
 * compiler has no folder to read from. The library is loaded when it is first needed: 50 MB that only the worker ever loads.
 */
export async function renderPdf(template: string, data: object): Promise<Buffer> {
  const { NodeCompiler, PdfStandard } = await import('@myriaddreamin/typst-ts-node-compiler')
  const require = createRequire(import.meta.url)
  const compiler = NodeCompiler.create({ workspace: '/nowhere', fontArgs: [{ fontPaths: fonts.map((name) => dirname(require.resolve(`${name}/package.json`))) }] })
  const compiled = compiler.compile({ mainFileContent: template, inputs: { data: JSON.stringify(data) } })
  const document = compiled.result
  if (!document) throw new Error(`The template does not compile: ${JSON.stringify(compiled.takeError()?.shortDiagnostics)}`)
  return Buffer.from(compiler.pdf(document, { pdfStandard: PdfStandard.UA_1 }))
}
