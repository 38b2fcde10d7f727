import { test } from '@japa/runner'
import sharp from 'sharp'
import { defineConfig, E_BROKEN_PICTURE, Media, type Picture } from '#providers/media/index'
import { metadataOf } from '#tests/metadata'
import { NOT_THERE, photographs } from '#tests/photographs'

const media = new Media(defineConfig())
const BROKEN = 'corrupted.jpg'

/** The mean difference that is allowed to other encodings of the same scene, of 255. */
const SAME_SCENE = 12

test.group('Photographs of real cameras', (group) => {
  group.tap((each) => void each.skip(!photographs.areThere, NOT_THERE))
  const pictures = new Map<string, Promise<Picture>>()
  const picture = (name: string) => {
    if (!pictures.has(name)) pictures.set(name, media.picture(photographs.path(name)))
    return pictures.get(name)!
  }
  group.teardown(() => pictures.clear())

  test('become eight files each, without Exif, GPS, XMP, IPTC, profiles or thumbnails', async ({ assert }) => {
    let withMetadata = 0
    for (const name of photographs.names.filter((each) => each !== BROKEN)) {
      const { exif, xmp, iptc } = await sharp(photographs.path(name)).metadata()
      if (exif || xmp || iptc) withMetadata++
      const { variants } = await picture(name)
      assert.lengthOf(variants, 8, name)
      for (const { data, format, width, height } of variants) {
        assert.deepEqual(metadataOf(data), [], `${name} as ${format}`)
        assert.notMatch(
          data.toString('latin1'),
          /Exif\0\0|http:\/\/ns\.adobe\.com|Photoshop 3\.0|GPS(Latitude|Longitude)/
        )
        const made = await sharp(data).metadata()
        assert.include(made, { format, width, height, space: 'srgb' })
        for (const key of ['exif', 'xmp', 'iptc', 'icc', 'orientation'] as const) assert.isUndefined(made[key], key)
      }
    }
    assert.isAbove(withMetadata, 15, 'or the test looks at nothing')
  })

  for (const [kind, numbers] of Object.entries({ landscape: [2, 3, 4, 5, 6, 7, 8], portrait: [3, 6, 8] })) {
    test(`stand upright: ${kind} {$self}`)
      .with(numbers)
      .run(async ({ assert }, number) => {
        const [upright, ...others] = await Promise.all(
          (kind === 'landscape' ? [`landscape_1.jpg`] : ['portrait_3.jpg', 'portrait_6.jpg', 'portrait_8.jpg']).map(
            picture
          )
        )
        const turned = await picture(`${kind}_${number}.jpg`)
        assert.equal(turned.width > turned.height, kind === 'landscape')
        for (const one of [upright, ...others]) {
          assert.isAtMost(await difference(await small(one), await small(turned)), SAME_SCENE)
        }
        // Turned any other way it is another picture.
        const wrong = await sharp(await small(turned), RAW)
          .rotate(180)
          .raw()
          .toBuffer()
        assert.isAbove(await difference(await small(upright), wrong), SAME_SCENE)
      })
  }

  test('are refused in a sentence of ours when they are broken', async ({ assert }) => {
    const error: any = await media.picture(photographs.path(BROKEN)).catch((thrown) => thrown)
    assert.instanceOf(error, E_BROKEN_PICTURE)
    assert.equal(error.status, 422)
    assert.notMatch(error.message, /vips|jpeg:|premature|marker/i)
  })
})

const RAW = { raw: { width: 64, height: 64, channels: 3 } } as const

async function small({ variants }: Picture): Promise<Buffer> {
  const { data } = variants.find(({ name, format }) => name === 'full' && format === 'webp')!
  return sharp(data).removeAlpha().resize(64, 64, { fit: 'fill' }).raw().toBuffer()
}

async function difference(one: Buffer, other: Buffer): Promise<number> {
  return one.reduce((sum, value, index) => sum + Math.abs(value - other[index]), 0) / one.length
}
