import { availableParallelism, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** What `config/media.ts` may set; each has a default. */
export interface MediaConfig {
  /**
   * Where uploads are spooled; made when it is missing. It belongs to the processes of one machine.
   * Default: a folder of this system user in the system's temporary directory.
   */
  spoolDirectory: string
  /** The largest file, in bytes. Default 20 MB. */
  maxBytes: number
  /** The most pixels, width × height. Default 50 million. */
  maxPixels: number
  /** The most frames of an animation. Default 1,000. */
  maxFrames: number
  /** An upload that brings less than `minBytes` in each `milliseconds` is given up. Default 32 KB in 8 s. */
  pace: { minBytes: number; milliseconds: number }
  /** Uploads in hand at once, received or waiting or being decoded; the next one is E_BUSY. Default 32. */
  uploadsAtOnce: number
  /** Pictures being decoded and encoded at once. Default: the cores, and one less than libuv's threads at most. */
  picturesAtOnce: number
  /**
   * What all pictures in work may take, in bytes, as estimated from their headers; one that takes more alone is refused.
   * Default 340 MB: a progressive 4:4:4 JPEG of 50 megapixels just passes.
   */
  decodeMemory: number
  /** Seconds after which a picture that is still being decoded is taken for broken. Default 60. */
  decodeSeconds: number
  /** Default quality 80, effort 2: see docs/adr/0003-picture-variants.md. */
  webp: { quality: number; effort: number }
  /** Default quality 80: see docs/adr/0003-picture-variants.md. */
  jpeg: { quality: number }
}

/** Completes the options of `config/media.ts` with the defaults. */
export function defineConfig(options: Partial<MediaConfig> = {}): MediaConfig {
  return {
    spoolDirectory: join(tmpdir(), `calotype-uploads-${userInfo().uid}`),
    maxBytes: 20_000_000,
    maxPixels: 50_000_000,
    maxFrames: 1000,
    pace: { minBytes: 32_000, milliseconds: 8000 },
    uploadsAtOnce: 32,
    picturesAtOnce: Math.max(1, Math.min(availableParallelism(), Number(process.env.UV_THREADPOOL_SIZE ?? 4) - 1)),
    decodeMemory: 340_000_000,
    decodeSeconds: 60,
    webp: { quality: 80, effort: 2 },
    jpeg: { quality: 80 },
    ...options,
  }
}
