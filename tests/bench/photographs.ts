import sharp from 'sharp'
import { paint, sceneNames } from '#database/demo/scenes'

const WIDTH = 4032
const HEIGHT = 3024

/** Pictures as a telephone takes them: twelve megapixels, with the grain of a small sensor, 3 to 5 MB. */
export async function photographs(count: number): Promise<Buffer[]> {
  const taken: Buffer[] = []
  for (let index = 0; index < count; index++) taken.push(await photograph(index))
  return taken
}

async function photograph(index: number): Promise<Buffer> {
  const scene = await paint(sceneNames[index % sceneNames.length], index + 1)
  const noise = { type: 'gaussian', mean: 128, sigma: 12 } as const
  const grain = sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#808080', noise } })
  return sharp(scene)
    .resize(WIDTH, HEIGHT, { fit: 'cover' })
    .composite([{ input: await grain.png({ compressionLevel: 0 }).toBuffer(), blend: 'soft-light' }])
    .jpeg({ quality: 88 })
    .toBuffer()
}
