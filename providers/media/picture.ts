import { open } from 'node:fs/promises'
import { encode } from 'blurhash'
import sharp, { type Metadata, type Sharp } from 'sharp'
import type { MediaConfig } from './define_config.js'
import {
  E_BROKEN_PICTURE,
  E_PICTURE_TOO_HEAVY,
  E_TOO_MANY_FRAMES,
  E_TOO_MANY_PIXELS,
  E_UNSUPPORTED_PICTURE,
} from './errors.js'
import { Pixels } from './pixels.js'
import { sniff, SNIFFED_BYTES } from './sniff.js'

/** What matters most in a picture, as fractions of its upright width from the left and height from the top, 0 to 1. */
export interface FocalPoint {
  x: number
  y: number
}

export type VariantName = 'square' | 'small' | 'medium' | 'full'
export type VariantFormat = 'webp' | 'jpeg'

export interface Variant {
  name: VariantName
  format: VariantFormat
  contentType: 'image/webp' | 'image/jpeg'
  /** Pixels. */
  width: number
  height: number
  /** The file, without any metadata. Variants of the same size share one buffer. */
  data: Buffer
}

export interface Picture {
  /** Pixels of the upright original. */
  width: number
  height: number
  /** Of 4 × 3 components. */
  blurhash: string
  /** The commonest colour, as `#rrggbb`. */
  dominantColor: string
  /** Each name as WebP and as JPEG. */
  variants: Variant[]
}

/** What the header of a picture says. */
export interface Header {
  /** Pixels of the upright picture. */
  width: number
  height: number
  /** An estimate of what decoding and encoding it takes, in bytes. */
  memory: number
}

export type PictureLimits = Pick<MediaConfig, 'maxPixels' | 'maxFrames' | 'decodeMemory' | 'decodeSeconds'>
export type Encoding = Pick<MediaConfig, 'webp' | 'jpeg'>

type Size = 'small' | 'medium' | 'full'

/** The square a variant fits into, in pixels, and the side of the square one. */
const SIZES: Record<Size, number> = { small: 640, medium: 1080, full: 2048 }
const SQUARE = 320

const CENTRE: FocalPoint = { x: 0.5, y: 0.5 }
const CONTENT_TYPES = { webp: 'image/webp', jpeg: 'image/jpeg' } as const

/** What a picture takes besides its decoder: pixels of the full variant, encoders, the mapped file. Measured. */
const BASE_MEMORY = 36_000_000

// One thread a picture: more pictures at once make better use of the cores. Nothing is opened twice, so nothing is cached.
sharp.concurrency(1)
sharp.cache(false)
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadHeif',
    'VipsForeignLoadNsgif',
  ],
})

/** Reads the header of a picture and refuses what may not be decoded. See `Media.picture`. */
export async function readHeader(path: string, limits: PictureLimits): Promise<Header> {
  if (!sniff(await beginning(path))) throw new E_UNSUPPORTED_PICTURE()

  const header = await unbroken(sharp(path, { limitInputPixels: false }).metadata())
  if (header.format === 'heif' && header.compression !== 'av1') throw new E_UNSUPPORTED_PICTURE()
  const { width, height } = header.autoOrient
  if (width * height > limits.maxPixels) throw new E_TOO_MANY_PIXELS(width, height, limits.maxPixels)
  if ((header.pages ?? 1) > limits.maxFrames) throw new E_TOO_MANY_FRAMES(limits.maxFrames)
  const memory = BASE_MEMORY + width * height * decoderBytes(header)
  if (memory > limits.decodeMemory) throw new E_PICTURE_TOO_HEAVY()
  return { width, height, memory }
}

/** Decodes a picture once and makes everything else from those pixels. See `Media.picture`. */
export async function makePicture(
  path: string,
  { width, height }: Header,
  focalPoint: FocalPoint | undefined,
  encoding: Encoding,
  limits: PictureLimits
): Promise<Picture> {
  using full = await decode(
    sharp(path, { limitInputPixels: limits.maxPixels, autoOrient: true, failOn: 'error' }).timeout({
      seconds: limits.decodeSeconds,
    })
  )
  const variants = await squareVariants(full, focalPoint, encoding)
  const whole = await encodeAs('full', full, encoding)
  for (const name of ['small', 'medium'] as const) {
    if (Math.max(full.width, full.height) <= SIZES[name]) {
      variants.push(...whole.map((variant) => ({ ...variant, name })))
    } else {
      using smaller = await Pixels.of(full.image.resize(SIZES[name], SIZES[name], { fit: 'inside' }))
      variants.push(...(await encodeAs(name, smaller, encoding)))
    }
  }
  return { width, height, ...(await summary(full)), variants: [...variants, ...whole] }
}

/** Makes the square variants from a stored full one. See `Media.square`. */
export async function makeSquare(full: Buffer, focalPoint: FocalPoint | undefined, encoding: Encoding) {
  using pixels = await decode(sharp(full, { failOn: 'error' }))
  return await squareVariants(pixels, focalPoint, encoding)
}

async function beginning(path: string) {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES))
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Bytes that the decoder of a format holds for each pixel, at worst. Measured, see docs/adr/0003-picture-variants.md. */
function decoderBytes({ format, channels = 3, chromaSubsampling, isProgressive, bitsPerSample = 8 }: Metadata) {
  switch (format) {
    case 'jpeg':
      // Coefficients of two bytes; a baseline file may keep them all too, when its components come one after the other.
      return chromaSubsampling === '4:2:0' ? 3 : chromaSubsampling === '4:2:2' ? 4 : 2 * channels
    case 'png':
      return isProgressive ? (channels * bitsPerSample) / 8 : 0
    case 'heif':
      return bitsPerSample > 8 ? 24 : 18
    default:
      return 4
  }
}

function decode(source: Sharp) {
  const fitted = source.resize(SIZES.full, SIZES.full, { fit: 'inside', withoutEnlargement: true })
  return unbroken(Pixels.of(fitted.toColourspace('srgb')))
}

/** Whatever the library says of a file is said in our words, and kept as the cause. */
async function unbroken<Result>(work: Promise<Result>) {
  try {
    return await work
  } catch (cause) {
    throw new E_BROKEN_PICTURE({ cause })
  }
}

async function squareVariants(pixels: Pixels, { x, y } = CENTRE, encoding: Encoding) {
  const side = Math.min(pixels.width, pixels.height)
  const offset = (length: number, at: number) =>
    Math.round(Math.min(Math.max(length * at - side / 2, 0), length - side))
  const region = { left: offset(pixels.width, x), top: offset(pixels.height, y), width: side, height: side }
  const target = Math.min(side, SQUARE)
  using square = await Pixels.of(pixels.image.extract(region).resize(target, target))
  return await encodeAs('square', square, encoding)
}

/** One after the other, so that a picture never holds more than one of libuv's threads. */
async function encodeAs(name: VariantName, pixels: Pixels, { webp, jpeg }: Encoding) {
  const files: [VariantFormat, Buffer][] = [
    ['webp', await pixels.image.webp(webp).toBuffer()],
    ['jpeg', await pixels.onWhite.jpeg(jpeg).toBuffer()],
  ]
  const { width, height } = pixels
  return files.map(([format, data]): Variant => {
    return { name, format, contentType: CONTENT_TYPES[format], width, height, data }
  })
}

/** What stands for the picture until it is loaded, from 32 × 32 pixels of it. */
async function summary(pixels: Pixels) {
  const side = 32
  const { data } = await Pixels.of(pixels.onWhite.resize(side, side, { fit: 'fill' }).ensureAlpha())
  return { blurhash: encode(new Uint8ClampedArray(data), side, side, 4, 3), dominantColor: dominantColor(data) }
}

/** The mean of the fullest of 4,096 bins of colours (four bits a channel). */
function dominantColor(rgba: Buffer) {
  const bins = new Map<number, { count: number; sum: [number, number, number] }>()
  for (let i = 0; i < rgba.length; i += 4) {
    const [red, green, blue] = rgba.subarray(i, i + 3)
    const key = ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4)
    const bin = bins.get(key) ?? { count: 0, sum: [0, 0, 0] }
    bins.set(key, { count: bin.count + 1, sum: [bin.sum[0] + red, bin.sum[1] + green, bin.sum[2] + blue] })
  }
  const fullest = [...bins.values()].reduce((best, bin) => (bin.count > best.count ? bin : best))
  return `#${fullest.sum
    .map((sum) =>
      Math.round(sum / fullest.count)
        .toString(16)
        .padStart(2, '0')
    )
    .join('')}`
}
