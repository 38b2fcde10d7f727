import sharp, { type Sharp } from 'sharp'

/**
 * Uncompressed pixels of one byte a channel, with alpha where there are four channels. They give their memory back when
 * they are disposed of, and not whenever garbage is collected next: those of one photograph are 10 to 17 MB.
 */
export class Pixels implements Disposable {
  /** Runs a pipeline of sharp to its end. */
  static async of(pipeline: Sharp) {
    const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true })
    return new Pixels(data, info.width, info.height, info.channels as 3 | 4)
  }

  constructor(
    readonly data: Buffer<ArrayBuffer>,
    readonly width: number,
    readonly height: number,
    readonly channels: 3 | 4
  ) {}

  /** A new pipeline that begins with these pixels. */
  get image() {
    const { width, height, channels } = this
    return sharp(this.data, { raw: { width, height, channels } })
  }

  /** The same without transparency. */
  get onWhite() {
    return this.channels === 4 ? this.image.flatten({ background: '#ffffff' }) : this.image
  }

  [Symbol.dispose]() {
    const { buffer, byteLength } = this.data
    if (buffer.byteLength === byteLength) buffer.transfer(0)
  }
}
