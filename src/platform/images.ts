export interface EncodedImage {
  width: number
  height: number
  mediaType: 'image/webp' | 'image/jpeg' | 'image/png'
  bytes: Buffer
}

/** What was uploaded is no picture that we read, or one made to exhaust whoever opens it. */
export class ImageFault extends Error {}

const mostPixels = 50_000_000
const widths = [480, 960, 1600]

/** Loads the image library only where it is used: the public server never does. */
async function decoder(bytes: Buffer) {
  const { default: sharp } = await import('sharp')
  const image = sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error', animated: false })
  const { format, width, height } = await image.metadata().catch((cause: unknown) => { throw new ImageFault('no image', { cause }) })
  // An SVG is a program; the others are pictures.
  if (!['jpeg', 'png', 'webp', 'avif', 'heif', 'gif', 'tiff'].includes(format) || !width || !height) throw new ImageFault('no image')
  return image
}

/** A photograph in the sizes that pages need, upright, in WebP and once in JPEG; its metadata is gone. */
export async function encodePhoto(bytes: Buffer): Promise<EncodedImage[]> {
  const image = await decoder(bytes)
  const upright = image.rotate()
  const original = await upright.toBuffer({ resolveWithObject: true }).catch((cause: unknown) => { throw new ImageFault('no image', { cause }) })
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
    .catch((cause: unknown) => { throw new ImageFault('no image', { cause }) })
  return { width: made.info.width, height: made.info.height, mediaType: 'image/png', bytes: made.data }
}
