/** A file that came with a form. */
export interface Upload {
  fileName: string
  bytes: Buffer
}

/** An uploaded file of a form, or nothing if none was chosen. */
export async function upload(body: unknown, name: string): Promise<Upload | undefined> {
  const part = (body as Record<string, { filename?: string, toBuffer?: () => Promise<Buffer> } | undefined> | null)?.[name]
  if (!part?.toBuffer || !part.filename) return undefined
  const bytes = await part.toBuffer()
  return bytes.length ? { fileName: part.filename.replace(/^.*[\\/]/, ''), bytes } : undefined
}
