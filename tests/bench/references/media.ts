/*
 * What one writes with sharp and nothing else: each of the files given is decoded once and encoded in four sizes and two
 * formats, as many at once as the first argument says. Prints the files that were done in a second.
 */
import sharp, { type Sharp } from 'sharp'
import { defineConfig } from '#providers/media/define_config'

const { webp, jpeg } = defineConfig()
const [atOnce, ...files] = process.argv.slice(2)

async function variants(file: string) {
  const full = sharp(file, { autoOrient: true }).resize(2048, 2048, { fit: 'inside', withoutEnlargement: true })
  const { data, info } = await full.raw().toBuffer({ resolveWithObject: true })
  const pixels = sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels as 3 } })
  await encode(pixels.clone())
  await encode(pixels.clone().resize(1080, 1080, { fit: 'inside' }))
  await encode(pixels.clone().resize(640, 640, { fit: 'inside' }))
  await encode(pixels.clone().resize(320, 320, { fit: 'cover' }))
}

async function encode(size: Sharp) {
  await size.clone().webp(webp).toBuffer()
  await size.clone().jpeg(jpeg).toBuffer()
}

async function work() {
  for (let file = left.shift(); file; file = left.shift()) await variants(file)
}

sharp.concurrency(1)
sharp.cache(false)
const left = [...files]
const began = performance.now()
await Promise.all(Array.from({ length: Number(atOnce) }, work))
process.stdout.write(String((files.length * 1000) / (performance.now() - began)))
