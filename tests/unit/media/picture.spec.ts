import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from '@japa/runner'
import sharp, { type Sharp } from 'sharp'
import { defineConfig, Media, type Picture, type VariantFormat, type VariantName } from '#providers/media/index'
import { eventually } from '#tests/helpers'

const folder = mkdtempSync(path.join(tmpdir(), 'calotype-pictures-'))
const media = new Media(defineConfig())
let files = 0

test.group('A picture', (group) => {
  group.teardown(() => rmSync(folder, { recursive: true }))

  test('that was turned without loss comes out as the same pixels, whatever its orientation', async ({ assert }) => {
    const upright = await scene(300, 200)
    const expected = await take(sharp(upright, raw(300, 200)).png())
    for (let orientation = 1; orientation <= 8; orientation++) {
      const { data, width, height } = await lying(upright, 300, 200, orientation)
      const turned = await take(sharp(data, raw(width, height)).png().withMetadata({ orientation }))
      assert.include(turned, { width: 300, height: 200 }, `orientation ${orientation}`)
      for (const [index, variant] of turned.variants.entries()) {
        assert.isTrue(variant.data.equals(expected.variants[index].data), `orientation ${orientation}, ${variant.name}`)
      }
    }
  })

  test('is never enlarged, and keeps its proportions', async ({ assert }) => {
    const sizes = {
      '1 × 1': [
        [1, 1],
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      '320 × 200': [
        [200, 200],
        [320, 200],
        [320, 200],
        [320, 200],
      ],
      '900 × 600': [
        [320, 320],
        [640, 427],
        [900, 600],
        [900, 600],
      ],
      '600 × 900': [
        [320, 320],
        [427, 640],
        [600, 900],
        [600, 900],
      ],
      '3000 × 1500': [
        [320, 320],
        [640, 320],
        [1080, 540],
        [2048, 1024],
      ],
      '8000 × 10': [
        [3, 3],
        [640, 1],
        [1080, 2],
        [2048, 3],
      ],
    }
    for (const [size, expected] of Object.entries(sizes)) {
      const [width, height] = size.split(' × ').map(Number)
      const picture = await take(plain(width, height, '#336699').jpeg())
      assert.include(picture, { width, height })
      const names = ['square', 'small', 'medium', 'full'] as const
      for (const [index, name] of names.entries()) {
        for (const format of ['webp', 'jpeg'] as const) {
          const variant = variantOf(picture, name, format)
          assert.deepEqual([variant.width, variant.height], expected[index], `${size}, ${name}`)
          const made = await sharp(variant.data).metadata()
          assert.deepEqual([made.width, made.height, made.format], [...expected[index], format])
        }
      }
    }
  })

  test('of any kind and depth becomes sRGB of eight bits', async ({ assert }) => {
    const red = () => plain(60, 40, { r: 200, g: 40, b: 30 })
    const kinds: Record<string, Sharp> = {
      JPEG: red().jpeg({ quality: 100 }),
      'progressive JPEG': red().jpeg({ quality: 100, progressive: true }),
      'JPEG in CMYK': red().toColourspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 100 }),
      'JPEG in Display P3': red().withIccProfile('p3').jpeg({ quality: 100 }),
      'PNG of 16 bits': red().toColourspace('rgb16').png(),
      'PNG with a palette': red().png({ palette: true }),
      WebP: red().webp({ lossless: true }),
      AVIF: red().avif({ quality: 90 }),
      'AVIF of 10 bits': red().avif({ quality: 90, bitdepth: 10 }),
      GIF: red().gif(),
    }
    for (const [kind, source] of Object.entries(kinds)) {
      const picture = await take(source)
      for (const { data } of picture.variants) {
        const { space, depth, hasAlpha, icc } = await sharp(data).metadata()
        assert.deepEqual(
          { space, depth, hasAlpha, icc },
          { space: 'srgb', depth: 'uchar', hasAlpha: false, icc: undefined },
          kind
        )
      }
      const pixel = await pixelAt(variantOf(picture, 'full', 'webp').data, 30, 20)
      assert.isAtMost(distance(pixel, [200, 40, 30]), 14, `${kind}: ${pixel}`)
      assert.isAtMost(distance(colourOf(picture.dominantColor), [200, 40, 30]), 14, `${kind}: ${picture.dominantColor}`)
    }
  })

  test('in grey stays grey', async ({ assert }) => {
    const grey = await take(plain(60, 40, '#808080').greyscale().png())
    assert.isAtMost(distance(await pixelAt(variantOf(grey, 'full', 'jpeg').data, 30, 20), [128, 128, 128]), 4)
    assert.isAtMost(distance(colourOf(grey.dominantColor), [128, 128, 128]), 4)
  })

  test('keeps its transparency as WebP, and is on white as JPEG', async ({ assert }) => {
    const glass = sharp({ create: { width: 60, height: 40, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
    const picture = await take(glass.png())
    assert.isTrue((await sharp(variantOf(picture, 'full', 'webp').data).metadata()).hasAlpha)
    assert.isAtMost(distance(await pixelAt(variantOf(picture, 'full', 'jpeg').data, 5, 5), [255, 255, 255]), 3)
  })

  test('is cut square around its focal point', async ({ assert }) => {
    // Red on the left, green in the middle, blue on the right.
    const bands = sharp({ create: { width: 1200, height: 300, channels: 3, background: '#00ff00' } }).composite([
      { input: await plain(300, 300, '#ff0000').png().toBuffer(), left: 0, top: 0 },
      { input: await plain(300, 300, '#0000ff').png().toBuffer(), left: 900, top: 0 },
    ])
    const file = await store(bands.png())
    const cuts: [x: number | undefined, colour: number[]][] = [
      [undefined, [0, 255, 0]],
      [0, [255, 0, 0]],
      [0.1, [255, 0, 0]],
      [0.5, [0, 255, 0]],
      [1, [0, 0, 255]],
    ]
    for (const [x, colour] of cuts) {
      const picture = await media.picture(file, x === undefined ? {} : { focalPoint: { x, y: 0.5 } })
      const square = variantOf(picture, 'square', 'webp')
      assert.isAtMost(distance(await pixelAt(square.data, 150, 150), colour), 20, `at ${x}`)
    }
    const { data } = variantOf(await media.picture(file), 'full', 'jpeg')
    const [anew] = await media.square(async () => data, { x: 1, y: 0.5 })
    assert.isAtMost(distance(await pixelAt(anew.data, 150, 150), [0, 0, 255]), 20)
  })

  test('is read to be cut anew when it is its turn, and not before', async ({ assert }) => {
    const { data } = variantOf(await take(plain(40, 30, '#ff0000').png()), 'full', 'jpeg')
    const oneAtOnce = new Media(defineConfig({ picturesAtOnce: 1 }))
    const { promise: first, resolve } = Promise.withResolvers<Buffer>()
    let isRead = false
    const second = async () => {
      isRead = true
      return data
    }
    const cuts = [oneAtOnce.square(() => first), oneAtOnce.square(second)]
    await eventually(() => oneAtOnce.load.waiting === 1, 'the second waits')
    assert.isFalse(isRead)
    resolve(data)
    await Promise.all(cuts)
    assert.isTrue(isRead)
  })

  test('that moves is shown by its first frame', async ({ assert }) => {
    const frames = await Promise.all(
      ['#ff0000', '#00ff00', '#0000ff'].map((each) => plain(40, 30, each).png().toBuffer())
    )
    const moving = () => sharp(frames, { join: { animated: true } })
    for (const source of [moving().gif(), moving().webp({ lossless: true })]) {
      const picture = await take(source)
      assert.include(picture, { width: 40, height: 30 })
      assert.isAtMost(distance(await pixelAt(variantOf(picture, 'full', 'webp').data, 20, 15), [255, 0, 0]), 20)
      for (const { data } of picture.variants) assert.isUndefined((await sharp(data).metadata()).pages)
    }
  })

  test('may have 1,000 frames and no more', async ({ assert }) => {
    const { width } = await media.picture(write(animation(1000)))
    assert.equal(width, 1)
    await assert.rejects(() => media.picture(write(animation(1001))), /1,?000 frames/)
  })

  test('may have 50 megapixels and no more', async ({ assert }) => {
    assert.include(await take(plain(10_000, 5000, '#123456').png()), { width: 10_000, height: 5000 })
    const larger = await store(plain(10_000, 5001, '#123456').png())
    await assert.rejects(() => media.picture(larger), /50 megapixels|50 million|50,000,000/)
  })

  test('has a hash that its size and its place tell, and files that are the same each time', async ({ assert }) => {
    const pixels = await scene(320, 240)
    const [one, same] = [await take(sharp(pixels, raw(320, 240)).png()), await take(sharp(pixels, raw(320, 240)).png())]
    // Four by three components: 28 characters, the first of which says so.
    assert.match(one.blurhash, /^L.{27}$/)
    assert.deepEqual(same, one)
  })
})

function raw(width: number, height: number) {
  return { raw: { width, height, channels: 3 as const } }
}

function plain(width: number, height: number, background: string | { r: number; g: number; b: number }) {
  return sharp({ create: { width, height, channels: 3, background } })
}

/** Pixels that are another each, so that a turn shows. */
async function scene(width: number, height: number): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3)
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)]
    pixels.set([(x * 255) / width, (y * 255) / height, ((x * 7 + y * 13) % 64) * 4], at * 3)
  }
  return pixels
}

/** What a camera stores when it is held so that the orientation tag says this: the inverse of what a viewer does. */
async function lying(upright: Buffer, width: number, height: number, orientation: number) {
  const inverse: Record<number, (picture: Sharp) => Sharp> = {
    1: (picture) => picture,
    2: (picture) => picture.flop(),
    3: (picture) => picture.rotate(180),
    4: (picture) => picture.flip(),
    5: (picture) => picture.rotate(270).flop(),
    6: (picture) => picture.rotate(270),
    7: (picture) => picture.rotate(90).flop(),
    8: (picture) => picture.rotate(90),
  }
  const { data, info } = await inverse[orientation](sharp(upright, raw(width, height)))
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

async function take(source: Sharp): Promise<Picture> {
  return media.picture(await store(source))
}

async function store(source: Sharp): Promise<string> {
  return write(await source.toBuffer())
}

function write(data: Buffer): string {
  const file = path.join(folder, String(++files))
  writeFileSync(file, data)
  return file
}

function variantOf({ variants }: Picture, name: VariantName, format: VariantFormat) {
  return variants.find((each) => each.name === name && each.format === format)!
}

async function pixelAt(file: Buffer, x: number, y: number): Promise<number[]> {
  return [...(await sharp(file).removeAlpha().extract({ left: x, top: y, width: 1, height: 1 }).raw().toBuffer())]
}

function colourOf(hex: string): number[] {
  return [...Buffer.from(hex.slice(1), 'hex')]
}

function distance(one: number[], other: number[]): number {
  return Math.max(...one.map((value, index) => Math.abs(value - other[index])))
}

/** A GIF of one pixel, that many times. */
function animation(frames: number): Buffer {
  const start = Buffer.from('474946383961010001008000000000ffffffff', 'hex')
  const frame = Buffer.from('21f90400010000002c0000000001000100000202440100', 'hex')
  return Buffer.concat([start, ...Array.from({ length: frames }, () => frame), Buffer.from(';')])
}
