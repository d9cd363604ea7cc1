/** One page that was read, or how it ended. */
export type PdfTextNews = { page: number, text: string } | { ended: 'read' | 'locked' | 'unreadable', pages: number }

const { getDocumentProxy } = await import('unpdf')

/** What a page holds beyond this is no text that anybody reads. */
const mostLetters = 60_000

async function read({ bytes, mostPages }: { bytes: Uint8Array, mostPages: number }): Promise<void> {
  const send = (news: PdfTextNews) => process.send!(news)
  try {
    const document = await getDocumentProxy(new Uint8Array(bytes), { disableFontFace: true, useSystemFonts: false, stopAtErrors: false, verbosity: 0 })
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

process.on('message', (order: { bytes: Uint8Array, mostPages: number }) => void read(order))
process.on('disconnect', () => process.exit(0))
