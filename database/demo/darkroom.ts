import sharp from 'sharp'

/** Red, green and blue in linear light; 1 is the white of paper, a lamp has more. */
export type Colour = Float32Array

/** Gets the light that is there at (x, y) and changes it; y runs from 0 at the top to 1, x from 0 to the aspect. */
export type Shader = (x: number, y: number, light: Float32Array) => void

/** How a picture is printed. */
export interface Development {
  /** How strongly bright places shine into their surroundings, 0..1. */
  bloom?: number
  vignette?: number
  grain?: number
}

export const clamp = (value: number, low = 0, high = 1) => (value < low ? low : value > high ? high : value)

export const smoothstep = (from: number, to: number, value: number) => {
  const t = clamp((value - from) / (to - from))
  return t * t * (3 - 2 * t)
}

/** The length of (x, y), faster than Math.hypot. */
export const length = (x: number, y: number) => Math.sqrt(x * x + y * y)

/** A colour as one writes it, 0xffb060, in linear light. */
export const colour = (hex: number): Colour =>
  Float32Array.of(hex >> 16, hex >> 8, hex).map((part) => ((part & 255) / 255) ** 2.2)

/** Sets `light`, faster than its own `set` does for three numbers. */
export function put(light: Float32Array, to: Colour) {
  light[0] = to[0]
  light[1] = to[1]
  light[2] = to[2]
}

/** Moves `light` towards `to`, all the way at `share` 1. */
export function mix(light: Float32Array, to: Colour, share: number) {
  light[0] += (to[0] - light[0]) * share
  light[1] += (to[1] - light[1]) * share
  light[2] += (to[2] - light[2]) * share
}

export function add(light: Float32Array, other: Colour, strength: number) {
  light[0] += other[0] * strength
  light[1] += other[1] * strength
  light[2] += other[2] * strength
}

export function dim(light: Float32Array, by: number) {
  light[0] *= by
  light[1] *= by
  light[2] *= by
}

/** Sets `light` to the place `t`, 0..1, between the first colour and the last. */
export function gradient(light: Float32Array, colours: Colour[], t: number) {
  const place = clamp(t) * (colours.length - 1)
  const index = Math.min(Math.floor(place), colours.length - 2)
  put(light, colours[index])
  mix(light, colours[index + 1], smoothstep(0, 1, place - index) * 0.5 + (place - index) * 0.5)
}

/** Random numbers 0..1 that a seed decides (mulberry32). */
export function dice(seed: number) {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Smooth value noise, -1..1, of one feature per unit. */
export class Noise {
  #lattice: Float32Array

  constructor(random: () => number) {
    this.#lattice = Float32Array.from({ length: 65536 }, () => random() * 2 - 1)
  }

  at(x: number, y: number) {
    const column = Math.floor(x)
    const row = Math.floor(y)
    const right = x - column
    const down = y - row
    const u = right * right * (3 - 2 * right)
    const v = down * down * (3 - 2 * down)
    const top = (row & 255) << 8
    const bottom = ((row + 1) & 255) << 8
    const left = column & 255
    const next = (column + 1) & 255
    const lattice = this.#lattice
    const above = lattice[top | left] + (lattice[top | next] - lattice[top | left]) * u
    const below = lattice[bottom | left] + (lattice[bottom | next] - lattice[bottom | left]) * u
    return above + (below - above) * v
  }

  /** Noise in space: slices of the plane, one a unit, blended. */
  deep(x: number, y: number, z: number) {
    const slice = Math.floor(z)
    const near = this.at(x + slice * 37.3, y + slice * 17.7)
    const far = this.at(x + slice * 37.3 + 37.3, y + slice * 17.7 + 17.7)
    return near + (far - near) * smoothstep(0, 1, z - slice)
  }

  /** Octaves of noise, each turned so that the lattice does not show: clouds, stone, water. */
  fbm(x: number, y: number, octaves: number) {
    let sum = 0
    let size = 0.55
    for (let octave = 0; octave < octaves; octave++, size *= 0.5) {
      sum += this.at(x, y) * size
      const turned = x * 1.6 + y * 1.2 + 7.1
      y = y * 1.6 - x * 1.2 + 3.7
      x = turned
    }
    return sum
  }

  /** Octaves with creases, 0..1, 1 on the crease: crests of mountains, veins. */
  ridged(x: number, y: number, octaves: number) {
    let sum = 0
    let size = 0.5
    for (let octave = 0; octave < octaves; octave++, size *= 0.45) {
      const crease = 1 - Math.abs(this.at(x, y))
      sum += crease * crease * size
      const turned = x * 1.6 + y * 1.2 + 5.3
      y = y * 1.6 - x * 1.2 + 9.1
      x = turned
    }
    return sum
  }
}

/**
 * A picture in linear light, and the dice that its seed throws. It is exposed layer by layer, from what is far to what
 * is near, and then developed.
 */
export class Negative {
  readonly light: Float32Array
  readonly aspect: number
  readonly random: () => number
  readonly noise: Noise

  constructor(
    readonly width: number,
    readonly height: number,
    readonly seed = 0
  ) {
    this.light = new Float32Array(width * height * 3)
    this.aspect = width / height
    this.random = dice(seed)
    this.noise = seed ? new Noise(this.random) : blank
  }

  between(low: number, high: number) {
    return low + (high - low) * this.random()
  }

  /** The colours that the seed picks: neighbouring seeds pick differently. */
  palette(...palettes: number[][]) {
    return palettes[this.seed % palettes.length].map((hex) => colour(hex))
  }

  /** Lets `shader` change every pixel. */
  expose(shader: Shader) {
    return this.within(0, 0, this.aspect, 1, shader)
  }

  /** Lets `shader` change the pixels of a rectangle. */
  within(left: number, top: number, right: number, bottom: number, shader: Shader) {
    const { width, height, light } = this
    const pixel = new Float32Array(3)
    const from = Math.max(0, Math.floor(left * height))
    const to = Math.min(width, Math.ceil(right * height))
    const last = Math.min(height, Math.ceil(bottom * height))
    for (let row = Math.max(0, Math.floor(top * height)); row < last; row++) {
      for (let column = from, at = (row * width + from) * 3; column < to; column++, at += 3) {
        for (let part = 0; part < 3; part++) pixel[part] = light[at + part]
        shader((column + 0.5) / height, (row + 0.5) / height, pixel)
        for (let part = 0; part < 3; part++) light[at + part] = pixel[part]
      }
    }
    return this
  }

  /** Exposes what is soft, such as a sky, on a grid `step` times coarser. Returns the small picture. */
  wash(shader: Shader, step = 4) {
    const small = new Negative(Math.ceil(this.width / step), Math.ceil(this.height / step)).expose(shader)
    this.lay(small, 0, 1)
    return small
  }

  /** Keeps `keep` of the light and adds `share` of another picture, stretched to this one's size. */
  lay(other: Negative, keep: number, share: number) {
    const line = new Float32Array(other.width * 3)
    const place = (index: number, size: number, of: number) => clamp(((index + 0.5) * of) / size - 0.5, 0, of - 1.001)
    const places = Float32Array.from({ length: this.width }, (_, column) => place(column, this.width, other.width))
    for (let row = 0, at = 0; row < this.height; row++) {
      const y = place(row, this.height, other.height)
      const above = Math.floor(y) * line.length
      for (let i = 0; i < line.length; i++) {
        const top = other.light[above + i]
        line[i] = (top + (other.light[above + line.length + i] - top) * (y - Math.floor(y))) * share
      }
      for (let column = 0; column < this.width; column++, at += 3) {
        const left = Math.floor(places[column])
        const u = places[column] - left
        for (let part = 0, from = left * 3; part < 3; part++, from++) {
          this.light[at + part] = this.light[at + part] * keep + line[from] * (1 - u) + line[from + 3] * u
        }
      }
    }
  }

  /** The light at (x, y), the edge's outside the picture. */
  sample(x: number, y: number, light: Float32Array, strength = 1) {
    const column = clamp(x * this.height - 0.5, 0, this.width - 1.001)
    const row = clamp(y * this.height - 0.5, 0, this.height - 1.001)
    const u = column - Math.floor(column)
    const v = row - Math.floor(row)
    const at = (Math.floor(row) * this.width + Math.floor(column)) * 3
    const down = this.width * 3
    for (let part = 0; part < 3; part++) {
      const top = this.light[at + part] * (1 - u) + this.light[at + part + 3] * u
      const bottom = this.light[at + part + down] * (1 - u) + this.light[at + part + down + 3] * u
      light[part] = (top * (1 - v) + bottom * v) * strength
    }
  }

  /** A small copy of the picture, blurred over `radius` (in heights of the picture). */
  blurred(radius: number) {
    const step = Math.max(2, Math.floor((radius * this.height) / 4))
    const small = new Negative(Math.ceil(this.width / step), Math.ceil(this.height / step))
    for (let row = 0, at = 0; row < this.height; row++) {
      const rows = Math.min(step, this.height - Math.floor(row / step) * step)
      for (let column = 0; column < this.width; column++, at += 3) {
        const share = 1 / (rows * Math.min(step, this.width - Math.floor(column / step) * step))
        const to = (Math.floor(row / step) * small.width + Math.floor(column / step)) * 3
        for (let part = 0; part < 3; part++) small.light[to + part] += this.light[at + part] * share
      }
    }
    const reach = Math.max(1, Math.round((radius * small.height) / 2))
    for (let pass = 0; pass < 2; pass++) {
      small.#average(small.width, 3, small.height, small.width * 3, reach)
      small.#average(small.height, small.width * 3, small.width, 3, reach)
    }
    return small
  }

  /** Puts the whole picture out of focus. */
  blur(radius: number) {
    this.lay(this.blurred(radius), 0, 1)
  }

  /** A lamp out of focus: a disc that is a little brighter at its rim, like that of a lens. */
  bokeh(x: number, y: number, radius: number, lamp: Colour, strength: number) {
    this.within(x - radius, y - radius, x + radius, y + radius, (px, py, light) => {
      const distance = length(px - x, py - y) / radius
      const edge = smoothstep(1, 0.94, distance)
      if (edge > 0) add(light, lamp, strength * edge * (0.75 + 0.35 * distance * distance * distance))
    })
  }

  /** A point of light: a soft spot of `radius`. */
  spot(x: number, y: number, radius: number, lamp: Colour, strength: number) {
    const reach = radius * 2.2
    this.within(x - reach, y - reach, x + reach, y + reach, (px, py, light) => {
      add(light, lamp, strength * Math.exp(-((px - x) ** 2 + (py - y) ** 2) / radius ** 2))
    })
  }

  /**
   * Draws layers that stand one before the other, the furthest first.
   *
   * @param tops the upper edge of each layer at x; a layer reaches down to the layers before it.
   * @param shade colours a place of a layer, which lies `below` its edge.
   */
  silhouettes(
    tops: ((x: number) => number)[],
    shade: (layer: number, x: number, y: number, light: Float32Array, below: number) => void
  ) {
    const { width, height, light } = this
    const pixel = new Float32Array(3)
    for (let column = 0; column < width; column++) {
      const x = (column + 0.5) / height
      let end = height
      const edges = tops.map((top) => top(x) * height)
      const ends = edges.map(() => height)
      for (let layer = tops.length - 1; layer >= 0; layer--) {
        ends[layer] = end
        end = Math.min(end, Math.ceil(edges[layer]) + 1)
      }
      for (let layer = 0; layer < tops.length; layer++) {
        for (let row = Math.max(0, Math.floor(edges[layer])); row < ends[layer]; row++) {
          const at = (row * width + column) * 3
          const y = (row + 0.5) / height
          shade(layer, x, y, pixel, y - edges[layer] / height)
          const cover = Math.min(1, row + 1 - edges[layer])
          for (let part = 0; part < 3; part++) light[at + part] += (pixel[part] - light[at + part]) * cover
        }
      }
    }
  }

  /**
   * Draws land seen in perspective, column by column from near to far (as the voxel landscapes of the nineties did).
   *
   * @param eye its height over the land's 0, the place of the horizon (0 top, 1 bottom), the nearest and furthest land.
   * @param altitude of the land at x, to the right, and z, ahead.
   * @param shade colours a place of the land, which lies `up` and rises with `slopeX` and `slopeZ`.
   */
  relief(
    eye: { height: number; horizon: number; near: number; far: number },
    altitude: (x: number, z: number) => number,
    shade: (x: number, z: number, slopeX: number, slopeZ: number, light: Float32Array, up: number) => void
  ) {
    const { width, height, light } = this
    const [coarse, stride] = [4, 1.008]
    const columns = Math.ceil(width / coarse) + 3
    const steps = Math.ceil(Math.log(eye.far / eye.near) / Math.log(stride))
    const land = new Float32Array(columns * (steps + 1))
    for (let step = 0, z = eye.near, at = 0; step <= steps; step++, z *= stride) {
      for (let i = -1; i < columns - 1; i++) land[at++] = altitude(((i * coarse - width / 2) / height) * z, z)
    }
    const pixel = new Float32Array(3)
    const behind = new Float32Array(3)
    for (let column = 0; column < width; column++) {
      const across = (column - width / 2) / height
      const share = column / coarse - Math.floor(column / coarse)
      let bottom = height
      let row = height
      for (let step = 1, z = eye.near, cell = Math.floor(column / coarse) + 1; step <= steps && bottom > 0; step++) {
        const before = z
        const under = land[cell] + (land[cell + 1] - land[cell]) * share
        z *= stride
        cell += columns
        const up = land[cell] + (land[cell + 1] - land[cell]) * share
        const y = Math.max(0, (eye.horizon + (eye.height - up) / z) * height)
        if (y >= bottom) continue
        const left = land[cell + 1] - land[cell - 1]
        const slopeX = ((left + (land[cell + 2] - land[cell] - left) * share) * height) / (2 * coarse * z)
        const slopeZ = (up - under) / (z - before) - slopeX * across
        for (let to = Math.ceil(bottom) - 1; to >= Math.floor(y); to--) {
          const at = (to * width + column) * 3
          if (to !== row) for (let part = 0; part < 3; part++) behind[part] = light[at + part]
          row = to
          const back = clamp((to - y) / (bottom - y))
          const place = z + (before - z) * back
          put(pixel, behind)
          shade(across * place, place, slopeX, slopeZ, pixel, up + (under - up) * back)
          const cover = Math.min(bottom, to + 1) - Math.max(y, to)
          for (let part = 0; part < 3; part++) light[at + part] += (pixel[part] - behind[part]) * cover
        }
        bottom = y
      }
    }
  }

  /** Develops the picture: bloom, vignette, a film's curve and grain. */
  async develop({ bloom = 0.12, vignette = 0.25, grain = 0.012 }: Development = {}) {
    const { width, height, light } = this
    if (bloom > 0) this.lay(this.blurred(0.06), 1 - bloom, bloom)
    const speckle = new Negative(256, 256)
    for (let i = 0; i < speckle.light.length; i++) speckle.light[i] = this.random() + this.random() - 1
    speckle.#average(256, 3, 256, 768, 1)
    const pixels = new Uint8ClampedArray(light.length)
    const dust = speckle.light
    for (let row = 0, at = 0; row < height; row++) {
      const down = (row / height - 0.5) * 2
      for (let column = 0; column < width; column++) {
        const across = (column / width - 0.5) * 2
        const edge = Math.sqrt(1 - vignette * (across * across + down * down) * 0.5) * 1448
        const speck = dust[((row & 255) * 256 + (column & 255)) * 3] * grain * 4
        for (let part = 0; part < 3; part++, at++) {
          const tone = FILM[Math.min(4095, Math.sqrt(Math.max(0, light[at])) * edge) | 0]
          pixels[at] = (tone + speck * (0.35 + tone * (1.3 - tone))) * 255
        }
      }
    }
    const raw = { width, height, channels: 3 as const }
    return sharp(pixels, { raw }).jpeg({ quality: 86 }).toBuffer()
  }

  #average(size: number, stride: number, lines: number, lineStride: number, reach: number) {
    const line = new Float32Array(size)
    for (let index = 0; index < lines * 3; index++) {
      const start = Math.floor(index / 3) * lineStride + (index % 3)
      const value = (i: number) => line[clamp(i, 0, size - 1)]
      let sum = 0
      for (let i = 0; i < size; i++) line[i] = this.light[start + i * stride]
      for (let i = -reach; i <= reach; i++) sum += value(i)
      for (let i = 0; i < size; i++) {
        this.light[start + i * stride] = sum / (reach * 2 + 1)
        sum += value(i + reach + 1) - value(i - reach)
      }
    }
  }
}

/** Room for the light that was there, for a shader that blends what it drew with it. */
export const before = new Float32Array(3)

const blank = new Noise(() => 0)

/** The film: light (the square root of it, up to 8) to the tone of the print, with a soft toe and shoulder. */
const FILM = Float32Array.from({ length: 4096 }, (_, index) => {
  const tone = (1 - Math.exp(-1.35 * (index / 1448) ** 2)) ** (1 / 2.2)
  return 0.012 + 0.988 * (tone * 0.6 + tone * tone * (3 - 2 * tone) * 0.4)
})
