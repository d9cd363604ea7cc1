/** One page that was read, or how it ended. */
export type PdfTextNews = { page: number, text: string } | { ended: 'read' | 'locked' | 'unreadable', pages: number }

const { getDocumentProxy } = await import('unpdf')

/** What a page holds beyond this is no text that anybody reads. */
const mostLetters = 60_000

async function read({ bytes, mostPages }: { bytes: Uint8Array, mostPages: number }): Promise<void> {
  const send = (news: PdfTextNews) => process.send!(news)
  try {
    const document = await getDocumentProxy(new Uint8Array(bytes), { disableFontFace: true, useSystemFonts: false, stopAtErrors: false, verbosity: 0 })
    const words = await ownWords(document)
    if (words) {
      send({ page: 1, text: words })
      send({ ended: 'read', pages: document.numPages })
      return
    }
    for (let page = 1; page <= Math.min(mostPages, document.numPages); page++) {
      const its = await document.getPage(page)
      const { items } = await its.getTextContent()
      const text = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('').normalize('NFKC').replaceAll('\0', '').slice(0, mostLetters).toWellFormed().trim()
      if (text) send({ page, text })
      its.cleanup()
    }
    send({ ended: 'read', pages: document.numPages })
  } catch (error) {
    send({ ended: (error as Error).name === 'PasswordException' ? 'locked' : 'unreadable', pages: 0 })
  }
}

/** What a PDF that was made here brings along as text: it is right where reading the drawn letters is not. */
async function ownWords(document: Awaited<ReturnType<typeof getDocumentProxy>>): Promise<string | undefined> {
  for (const [id, { filename }] of await document.getAttachments() ?? []) {
    if (filename === 'clarion-words.txt') return new TextDecoder().decode((await document.getAttachmentContent(id)) ?? new Uint8Array()).replaceAll('\0', '').slice(0, mostLetters).toWellFormed().trim()
  }
  return undefined
}

process.on('message', (order: { bytes: Uint8Array, mostPages: number }) => void read(order))
process.on('disconnect', () => process.exit(0))
