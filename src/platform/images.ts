export interface EncodedImage {
  width: number
  height: number
  mediaType: 'image/avif' | 'image/webp' | 'image/jpeg' | 'image/png'
  bytes: Buffer
}

/** What was uploaded is no picture that we read, or one made to exhaust whoever opens it. */
export class ImageFault extends Error {
  readonly reason: 'no-image' | 'too-small' | 'too-large'
  constructor(reason: ImageFault['reason'], options?: ErrorOptions) {
    super(reason, options)
    this.reason = reason
  }
}

const mostPixels = 50_000_000
const widths = [480, 960, 1600]

/** Loads the image library only where it is used: the public server never does. */
async function decoder(bytes: Buffer) {
  const { default: sharp } = await import('sharp')
  const image = sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error', animated: false })
  const { format, width, height } = await image.metadata().catch((cause: unknown) => { throw new ImageFault(isTooLarge(cause) ? 'too-large' : 'no-image', { cause }) })
  // An SVG is a program; the others are pictures.
  if (!['jpeg', 'png', 'webp', 'avif', 'heif', 'gif', 'tiff'].includes(format) || !width || !height) throw new ImageFault('no-image')
  return image
}

function isTooLarge(cause: unknown): boolean {
  return cause instanceof Error && cause.message.includes('pixel limit')
}

/** A photograph in the sizes that pages need, upright, in WebP and once in JPEG; its metadata is gone. */
export async function encodePhoto(bytes: Buffer): Promise<EncodedImage[]> {
  const image = await decoder(bytes)
  const upright = image.rotate()
  const original = await upright.toBuffer({ resolveWithObject: true }).catch((cause: unknown) => { throw new ImageFault('no-image', { cause }) })
  const wanted = widths.filter((width) => width < original.info.width)
  const sizes = wanted.length < widths.length ? [...wanted, Math.min(original.info.width, widths.at(-1)!)] : wanted
  const pictures = await Promise.all(sizes.map(async (width): Promise<EncodedImage> => {
    const made = await image.clone().rotate().resize({ width }).webp({ quality: 74, effort: 4 }).toBuffer({ resolveWithObject: true })
    return { width: made.info.width, height: made.info.height, mediaType: 'image/webp', bytes: made.data }
  }))
  // For whoever shows a link to the page: they want one well-known format and shape.
  const card = await image.clone().rotate().resize({ width: 1200, height: 630, fit: 'cover' }).jpeg({ quality: 78, mozjpeg: true }).toBuffer({ resolveWithObject: true })
  return [...pictures, { width: card.info.width, height: card.info.height, mediaType: 'image/jpeg', bytes: card.data }]
}

/** A logo: small, with its transparency, its metadata gone. */
export async function encodeLogo(bytes: Buffer): Promise<EncodedImage> {
  const image = await decoder(bytes)
  const made = await image.rotate().resize({ width: 480, height: 160, fit: 'inside', withoutEnlargement: true }).png({ compressionLevel: 9, palette: true }).toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => { throw new ImageFault('no-image', { cause }) })
  return { width: made.info.width, height: made.info.height, mediaType: 'image/png', bytes: made.data }
}

/** What a size of a picture is for: pages and feeds, link previews, or to stand blurred where nobody has asked to see it. */
export interface PictureFile extends EncodedImage {
  use: 'shown' | 'card' | 'veil'
}

const narrowest = 120

/** A picture for texts: upright, in AVIF and WebP in the sizes that pages need, once in JPEG for everything else, once in the shape of link previews, and once blurred past recognition. Its metadata is gone. */
export async function encodePicture(bytes: Buffer): Promise<PictureFile[]> {
  const image = await decoder(bytes)
  const { data, info } = await image.rotate().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true }).catch((cause: unknown) => { throw new ImageFault('no-image', { cause }) })
  if (info.width < narrowest || info.height < narrowest / 2) throw new ImageFault('too-small')
  const { default: sharp } = await import('sharp')
  const upright = () => sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels }, limitInputPixels: mostPixels })
  const sizes = [...widths.filter((width) => width < info.width), ...(info.width <= widths.at(-1)! ? [info.width] : [])]
  const made = async (use: PictureFile['use'], mediaType: PictureFile['mediaType'], pipeline: ReturnType<typeof upright>): Promise<PictureFile> => {
    const encoded = await pipeline.toBuffer({ resolveWithObject: true })
    return { use, mediaType, width: encoded.info.width, height: encoded.info.height, bytes: encoded.data }
  }
  const files: PictureFile[] = []
  // One after the other: a photograph in all its sizes at once takes a gigabyte.
  for (const width of sizes) {
    files.push(await made('shown', 'image/avif', upright().resize({ width }).avif({ quality: 55, effort: 2 })))
    files.push(await made('shown', 'image/webp', upright().resize({ width }).webp({ quality: 74, effort: 4 })))
  }
  const opaque = () => upright().flatten({ background: '#fff' })
  files.push(await made('shown', 'image/jpeg', opaque().resize({ width: Math.min(info.width, widths[1]!) }).jpeg({ quality: 78, mozjpeg: true })))
  files.push(await made('card', 'image/jpeg', opaque().resize({ width: 1200, height: 630, fit: 'cover' }).jpeg({ quality: 78, mozjpeg: true })))
  files.push(await made('veil', 'image/webp', opaque().resize({ width: 12 }).webp({ quality: 40 })))
  return files
}
