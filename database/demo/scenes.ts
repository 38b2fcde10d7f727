import {
  add,
  before,
  clamp,
  colour,
  dim,
  gradient,
  length,
  mix,
  Negative,
  put,
  smoothstep,
  type Colour,
  type Development,
  type Shader,
} from './darkroom.js'

const landscape = [1440, 960]
const portrait = [960, 1440]
const square = [1200, 1200]

/** A sky with a sun at (sunX, sunY): its glow, and long clouds that it lights. */
function skyOf(
  n: Negative,
  sky: Colour[],
  sun: Colour,
  sunX: number,
  sunY: number,
  horizon: number,
  clouds: number
): Shader {
  const shift = n.between(0, 90)
  return (x, y, light) => {
    const distance = length(x - sunX, (y - sunY) * 1.25)
    const flat = 1 / (0.25 + Math.max(0, horizon - y) * 1.6)
    const warp = n.noise.fbm(x * 1.3 + shift, y * 3, 2)
    const bank = n.noise.fbm(x * 1.7 * flat + shift + warp, y * 9 * flat + warp, 5)
    const cloud = smoothstep(0.05, 0.65, bank + clouds - 0.5) * smoothstep(0.02, 0.25, horizon - y)
    gradient(light, sky, y / horizon)
    mix(light, sky[1], cloud * 0.45)
    add(light, sun, cloud * Math.exp(-distance * 2.6) * 1.2)
    add(light, sun, Math.exp(-distance * 4.2) * 0.75 + Math.exp(-distance * 18) * 1.3)
  }
}

/** Ridge behind ridge at dawn, each paler than the one before it, with mist between. */
function ridges(n: Negative): Development {
  const [sun, rock, haze, ...sky] = n.palette(
    [0xff9a4a, 0x0d1526, 0xe9b79c, 0x31507e, 0xa98ba0, 0xf3b28a, 0xffdfae],
    [0xfff0cf, 0x0e2024, 0xb9cdd6, 0x28598f, 0x6fa0c4, 0xc3d6dc, 0xf2ead6],
    [0xff7a45, 0x0a0d1e, 0x8e7fa6, 0x23305a, 0x5d5a86, 0xcf8a86, 0xffc08f],
    [0xffc04f, 0x14190f, 0xcdbd9c, 0x5d7488, 0x9aa6a4, 0xd9c8a0, 0xf7dfa4]
  )
  const sunX = n.between(0.2, 0.8) * n.aspect
  const sunY = n.between(0.3, 0.42)
  n.wash(skyOf(n, sky, sun, sunX, sunY, 0.6, 0.45), 3)
  const tops = [0, 1, 2, 3, 4, 5, 6].map((layer) => {
    const near = layer / 6
    const shift = n.between(0, 200)
    return (x: number) => {
      const hill = n.noise.ridged(x * (2.4 - near * 1.3) + shift, shift, 6) - 0.5
      const trees = near > 0.6 ? Math.abs(n.noise.at(x * 90, shift) * n.noise.at(x * 23, shift + 5)) : 0
      return 0.44 + 0.46 * near ** 1.2 - hill * (0.22 + 0.18 * near) - trees * 0.022 * near
    }
  })
  n.silhouettes(tops, (layer, x, y, light, below) => {
    const near = layer / 6
    const relief = n.noise.ridged(x * (9 - near * 4) + y * 4 + layer, y * 9 - x * 3, 3) - 0.5
    const mist = smoothstep(0, 0.3 - near * 0.08, below) * (0.55 + 0.4 * n.noise.fbm(x * 3 + layer, y * 9, 2))
    put(light, haze)
    mix(light, rock, clamp(0.2 + near * 0.85 + relief * 0.2))
    mix(light, haze, mist * (0.75 - near * 0.55))
    add(light, sun, Math.exp(-length(x - sunX, y - sunY) * 2.4) * (0.4 - near * 0.32))
  })
  return { bloom: 0.16 }
}

/** A calm sea with the sun's road on it. */
function sea(n: Negative): Development {
  const [sun, deep, ...sky] = n.palette(
    [0xff9440, 0x0c1a2e, 0x3a4a7c, 0xb0728a, 0xf29a6b, 0xffcf8a],
    [0xffeccb, 0x0b3440, 0x4b7fb5, 0x93b9d6, 0xdce3df, 0xfff0d0],
    [0xff6a38, 0x0a0f22, 0x1b2448, 0x4a4270, 0xb05a6c, 0xff9a64],
    [0xe8b48c, 0x08202c, 0x27415c, 0x53788c, 0x9fb4b4, 0xe0cdb8]
  )
  const horizon = n.between(0.42, 0.58)
  const sunX = n.between(0.25, 0.75) * n.aspect
  const sunY = horizon - n.between(0.03, 0.12)
  const above = n.wash(skyOf(n, sky, sun, sunX, sunY, horizon, 0.62), 3)
  n.within(sunX - 0.04, sunY - 0.04, sunX + 0.04, horizon, (x, y, light) => {
    add(light, sun, 9 * smoothstep(0.033, 0.029, length(x - sunX, y - sunY)))
  })
  n.within(0, horizon, n.aspect, 1, (x, y, light) => {
    const depth = Math.max(0.0015, y - horizon)
    const ahead = 0.5 / depth
    const across = (x - n.aspect / 2) * ahead
    const calm = clamp(depth * 9)
    const swell = n.noise.fbm(across * 1.4, ahead * 5, 2) * calm
    const wave = n.noise.fbm(across * 6 + swell, ahead * 22, 3)
    const slope = swell * 0.5 + wave
    const mirrored = horizon - depth * 0.8 - Math.abs(slope) * (0.02 + depth * 0.35)
    above.sample(x + wave * 0.015, clamp(mirrored, 0, horizon - 0.004), light, 0.86)
    mix(light, deep, clamp(0.12 + depth * 0.75 + slope * 0.5 * calm, 0.05, 0.85))
    const road = Math.exp(-(((x - sunX) / (0.035 + depth * 0.24)) ** 2))
    add(light, sun, road * (smoothstep(0.12, 0.5, slope + 0.25 * wave) * 3.8 + 0.2))
    mix(light, sky[3], Math.exp(-depth * 60) * 0.35)
  })
  return { bloom: 0.2 }
}

/** Conifers on a slope that fades into fog. */
function forest(n: Negative): Development {
  const [tree, ...fog] = n.palette(
    [0x0f1c1a, 0xdfe5e4, 0xc4d0d0],
    [0x1c150f, 0xf3dcb8, 0xcdb096],
    [0x07121c, 0x8fa9bd, 0x5f7d94]
  )
  const glow = n.between(0.2, 0.8) * n.aspect
  const steep = n.between(-0.35, 0.35)
  n.wash((x, y, light) => {
    gradient(light, fog, y + n.noise.fbm(x * 1.5, y * 3, 3) * 0.35)
    add(light, fog[0], 0.5 * Math.exp(-length(x - glow, y - 0.15) * 3))
  }, 6)
  for (const near of [0, 0.25, 0.5, 0.75, 1]) {
    const shift = n.between(0, 200)
    const tall = 0.13 + 0.38 * near ** 1.4
    const ink = tree.map((part, i) => part + (fog[1][i] - part) * (0.88 - 0.88 * near ** 0.75))
    const line = Float32Array.from({ length: n.width }, (_, column) => {
      const x = column / n.height
      const hill = n.noise.fbm(x * 1.4 + shift, shift, 2) * (0.2 - near * 0.12) + n.noise.at(x * 60, shift) * 0.01
      return 0.45 + 0.62 * near + steep * (1 - near) * (x - n.aspect / 2) + hill
    })
    const ground = (x: number) => line[clamp(Math.floor(x * n.height), 0, n.width - 1)]
    const shade: Shader = (x, y, light) => {
      const drift = n.noise.at(x * 2.6 + shift, y * 6 + x) * 0.17
      put(light, ink)
      mix(light, fog[1], smoothstep(-0.1, 0.24, y - ground(x) + drift) * (0.82 - near * 0.62))
    }
    for (let x = -0.05; x < n.aspect + 0.05; x += tall * n.between(0.08, 0.24 + near * 0.12)) {
      conifer(n, x, ground(x) + tall * n.between(0.02, 0.2), tall * n.between(0.55, 1.15), shade)
    }
    const top = Math.min(...line)
    n.within(0, top, n.aspect, top + 0.6, (x, y, light) => {
      const cover = smoothstep(0, 0.003, y - ground(x))
      if (cover === 0) return
      put(before, light)
      shade(x, y, light)
      mix(light, before, 1 - cover)
    })
  }
  return { bloom: 0.1, grain: 0.016 }
}

/** One tree: hanging boughs around a stem, ragged where light comes through. */
function conifer(n: Negative, x: number, foot: number, tall: number, shade: Shader) {
  const [shift, slim, lean] = [n.between(0, 200), n.between(0.13, 0.2), n.between(-0.02, 0.02)]
  const wide = tall * 0.22
  n.within(x - wide, foot - tall, x + wide, foot, (px, py, light) => {
    const t = (py - foot + tall) / tall
    const side = (px - x - lean * (1 - t)) / tall
    const away = Math.abs(side)
    const flare = slim * t * (1.35 - 0.35 * t)
    if (t < 0 || away > flare * 1.3 + 0.005) return
    const droop = t * 15 - away * 22 + shift
    const flank = side > 0 ? 40.5 : 20.5
    const bough = n.noise.at(droop, flank) + 0.7 * n.noise.at(droop * 2.6, flank + 9)
    const needles = n.noise.at(side * 130 + shift, (t - away * 0.6) * 170)
    const reach = flare * (0.74 + 0.42 * bough) + 0.004
    const cover = smoothstep(-0.1, 0.3, 1 - away / reach + needles * 0.42) * 0.97
    const stem = smoothstep(0.006, 0.003, away - t * 0.004)
    if (cover + stem === 0) return
    put(before, light)
    shade(px, py, light)
    mix(light, before, 1 - Math.max(cover, stem))
  })
}

/** A city across a river after sunset, with lamps out of focus close by. */
function skyline(n: Negative): Development {
  const [wall, ...sky] = n.palette(
    [0x0b1020, 0x0a1433, 0x20335f, 0x70577a, 0xe09466],
    [0x05070d, 0x05070f, 0x0c1630, 0x1d2c4c, 0x5a4c4c],
    [0x12131f, 0x1c2c52, 0x52608a, 0xb08a98, 0xf0b890]
  )
  const lamps = [0xffb45e, 0xffd9a0, 0xffe9cf, 0xcfe2ff].map((hex) => colour(hex))
  const lamp = () => lamps[Math.floor(n.random() * lamps.length)]
  const shore = n.between(0.6, 0.68)
  n.wash((x, y, light) => gradient(light, sky, (y / shore) * 1.02 + n.noise.fbm(x * 1.2, y * 6, 4) * 0.1))
  for (const near of [0, 0.5, 1]) {
    const tower = (left: number, wide: number, tall: number) => {
      const paint = windows(n, left, shore - tall, wide, tall, [wall, sky[2], lamp(), lamps[0]], near)
      n.within(left, shore - tall, left + wide, shore, paint)
    }
    for (let x = -0.05; x < n.aspect;) {
      const wide = n.between(0.035, 0.1) * (0.7 + near * 0.5)
      const centre = Math.exp(-(((x / n.aspect - 0.5) * 2.6) ** 2))
      const tall = (n.random() ** 2 * 0.34 * centre + n.between(0.05, 0.14)) * (1.25 - near * 0.5)
      if (n.random() < 0.35) tower(x + wide * 0.2, wide * 0.6, tall * 1.18)
      if (tall > 0.3) tower(x + wide * 0.48, 0.0025, tall * 1.26)
      tower(x, wide, tall)
      x += wide * n.between(0.7, 1.15)
    }
  }
  const mirror = new Negative(n.width / 4, n.height / 8)
  mirror.expose((x, y, light) => n.sample((x * n.aspect) / mirror.aspect, y, light))
  n.within(0, shore, n.aspect, 1, (x, y, light) => {
    const depth = y - shore
    const ripple = n.noise.fbm(((x - n.aspect / 2) / (0.3 + depth * 3)) * 14, 9 / (depth + 0.05), 3)
    const up = shore - depth * 0.95 - ripple * (0.01 + depth * 0.16)
    mirror.sample((x + ripple * 0.006) * (mirror.aspect / n.aspect), clamp(up, 0, shore - 0.004), light, 0.72)
    mix(light, wall, clamp(0.1 + depth * 0.9 - ripple * 0.12))
  })
  for (let i = n.between(8, 16); i > 0; i--) {
    const x = n.random() < 0.5 ? n.between(-0.05, 0.3) : n.between(0.7, 1.05)
    n.bokeh(x * n.aspect, n.between(0.72, 1.02), n.between(0.03, 0.06), lamp(), n.between(0.1, 0.4))
  }
  return { bloom: 0.22, vignette: 0.35, grain: 0.02 }
}

/** The front of a house with some of its windows lit. */
function windows(
  n: Negative,
  left: number,
  top: number,
  wide: number,
  tall: number,
  tints: Colour[],
  near: number
): Shader {
  const [wall, haze, lamp, street] = tints
  const [shift, awake, cell] = [n.between(0, 200), n.between(0.1, 0.55), 0.0052 + 0.0022 * near]
  return (x, y, light) => {
    const column = Math.floor((x - left) / cell)
    const floor = Math.floor((y - top) / (cell * 1.25))
    const here = n.noise.at(column * 13.7 + shift, floor * 7.3 + shift) * 0.5 + 0.5
    const busy = n.noise.at(shift, floor * 3.1 + shift) * 0.3
    put(light, wall)
    mix(light, haze, (1 - near) * 0.42 + (0.3 - near * 0.2) * ((y - top) / tall) ** 2)
    dim(light, 0.75 + 0.4 * ((x - left) / wide))
    add(light, street, 0.16 * Math.exp((y - top - tall) * 45))
    const pane = (x - left) / cell - column > 0.2 && (y - top) / (cell * 1.25) - floor > 0.35
    const shine = 0.1 + 2.2 * here * here + (here < 0.04 ? 1.5 : 0)
    if (pane && floor > 1 && here < awake + busy) add(light, lamp, shine * (0.35 + 0.65 * near))
  }
}

/** Dunes under a low sun: crests, shadow sides, the wind's ripples. */
function dunes(n: Negative): Development {
  const [sun, sand, shadow, ...sky] = n.palette(
    [0xffd9a0, 0xd9925a, 0x4a2c33, 0x3f74ad, 0x8db1cd, 0xe8d9c0],
    [0xffa860, 0xc8653a, 0x2c1a30, 0x463a66, 0xb9707a, 0xffc08a],
    [0xfff3dc, 0xd6bd93, 0x6b5f5f, 0x8fa3b5, 0xc9cdc9, 0xf3e6cf]
  )
  const side = n.random() < 0.5 ? 1 : -1
  const horizon = n.between(0.3, 0.4)
  const shift = n.between(0, 200)
  n.wash((x, y, light) => {
    gradient(light, sky, y / horizon)
    mix(light, sun, smoothstep(0.1, 0.8, n.noise.fbm(x * 2, y * 9, 4)) * 0.25)
  })
  const altitude = (x: number, z: number) => {
    const bend = n.noise.fbm(x * 0.1 + shift, z * 0.1, 2)
    const crease = n.noise.at(x * 0.13 + z * 0.07 + bend * 1.2 + shift, z * 0.13 + bend)
    return (1.05 - Math.sqrt(crease * crease + 0.0025)) ** 1.5 * 2.1 + n.noise.at(x * 0.5, z * 0.5) * 0.06
  }
  n.relief({ height: 3.3, horizon, near: 1.7, far: 60 }, altitude, (x, z, slopeX, slopeZ, light) => {
    const steep = Math.sqrt(slopeX * slopeX + slopeZ * slopeZ + 1)
    const bend = n.noise.fbm(x * 0.7 + shift, z * 0.7, 2)
    const ripple = Math.sin((x * side * 0.6 + z + bend * 0.55) * 42) * Math.exp(-z * 0.16) * (0.6 + bend)
    const facing = (slopeX * side * 0.9 + slopeZ * 0.25 + 0.2) / steep
    const lit = smoothstep(0, 0.5, facing + ripple * 0.08)
    put(light, shadow)
    mix(light, sand, lit)
    dim(light, 0.86 + 0.35 * lit)
    add(light, sun, 0.16 * smoothstep(0.5, 0.9, facing))
    mix(light, sky[2], 1 - Math.exp(-Math.max(0, z - 4) * 0.022))
  })
  return { bloom: 0.1 }
}

/** Mountains in the mirror of a lake, mist on the water. */
function lake(n: Negative): Development {
  const [sun, wood, rock, snow, haze, ...sky] = n.palette(
    [0xfff1d6, 0x16281c, 0x5c5a58, 0xf4f4f2, 0xa9c2d6, 0x3b6ca8, 0x84abcf, 0xd5e2e6],
    [0xffa25c, 0x141a1c, 0x55443f, 0xffd3b5, 0xc99a98, 0x3c3f6e, 0xb67f8f, 0xffc79a],
    [0xf7e6c4, 0x5a3a16, 0x55534a, 0xe6e4dd, 0xbfc9cb, 0x7e99a8, 0xb4c2c4, 0xe4e4da]
  )
  const shore = n.between(0.52, 0.6)
  const side = n.random() < 0.5 ? 1 : -1
  const shift = n.between(0, 200)
  const gap = n.between(-0.4, 0.4)
  n.wash(skyOf(n, sky, sun, n.aspect / 2 + side * 0.5, shore - 0.2, shore, 0.5), 3)
  const altitude = (x: number, z: number) => {
    const range = smoothstep(4, 15, z) * (n.noise.ridged(x * 0.1 + shift, z * 0.1, 6) - 0.24) * 9.5
    const valley = 0.3 + 0.7 * smoothstep(0, 0.55, Math.abs(x / z - gap))
    return Math.max(-0.1, range * valley + n.noise.fbm(x * 0.8, z * 0.8, 2) * 0.15 - 0.1)
  }
  n.relief({ height: 0.12, horizon: shore, near: 4, far: 34 }, altitude, (x, z, slopeX, slopeZ, light, up) => {
    const steep = Math.sqrt(slopeX * slopeX + slopeZ * slopeZ + 1)
    const facing = (slopeX * -side * 0.75 - slopeZ * 0.25 + 0.45) / steep
    const rough = n.noise.fbm(x * 5, z * 5 + up * 7, 3)
    put(light, wood)
    dim(light, 0.75 + rough * 0.8)
    mix(light, rock, smoothstep(0.8, 1.9, up + rough * 1.2))
    mix(light, snow, smoothstep(2, 2.8, up + rough * 1.6 - Math.abs(slopeX) * 0.3))
    dim(light, 0.26 + 1.15 * smoothstep(-0.1, 0.85, facing + rough * 0.2))
    mix(light, haze, 1 - Math.exp((3 - z) * 0.024))
    mix(light, haze, Math.exp(-Math.max(0, up) * 4) * 0.4)
  })
  n.within(0, shore, n.aspect, 1, (x, y, light) => {
    const depth = y - shore
    const across = (x - n.aspect / 2) / (depth + 0.06)
    const ripple = n.noise.fbm(across * 1.5, 3.2 / (depth + 0.06), 3) * smoothstep(0, 0.4, depth)
    const breath = smoothstep(-0.3, 0.6, n.noise.fbm(x * 2 + shift, y * 30, 2))
    n.sample(x + ripple * 0.006, clamp(shore - depth * 0.94 + ripple * 0.035, 0, shore - 0.002), light, 0.8)
    mix(light, wood, clamp(0.1 + depth * 0.7 + ripple * 0.1))
    mix(light, sky[2], Math.exp(-depth * 55) * 0.5 * breath)
  })
  return { bloom: 0.1 }
}

/** The Milky Way over a ridge, with a fire below. */
function stars(n: Negative): Development {
  const [glow, band, rock, ...sky] = n.palette(
    [0x8fb07a, 0xa9b4d8, 0x010204, 0x050a18, 0x0d1c36, 0x2f4a5c],
    [0xe08a5c, 0xd0b6d8, 0x030206, 0x0a0818, 0x1e1740, 0x6a3f5c],
    [0x4fc09a, 0x9fd0d8, 0x010506, 0x03101a, 0x07283a, 0x14606a]
  )
  const [middle, tilt, shift] = [n.between(0.35, 0.65) * n.aspect, n.between(-0.7, 0.7), n.between(0, 200)]
  const milk = (x: number, y: number) => {
    const warp = n.noise.fbm(x * 2.4, y * 2.4, 3) * 0.13
    const away = x - middle - tilt * (0.6 - y) + warp
    const rift = 0.55 * Math.exp(-(((away + 0.02) / 0.035) ** 2))
    const dust = n.noise.fbm(away * 11 + 9, (y + tilt * x) * 4 + warp * 9, 4) + rift
    const cloud = Math.max(0, 0.75 + 0.7 * n.noise.fbm(x * 8, y * 8, 3))
    return Math.exp(-((away / 0.15) ** 2)) * (1 - 0.85 * smoothstep(0.05, 0.7, dust)) * cloud
  }
  n.wash((x, y, light) => {
    gradient(light, sky, y * 1.15)
    add(light, glow, 0.32 * Math.exp(-Math.abs(y - 0.86) * 6) * (0.8 + n.noise.fbm(x * 2, y * 4, 2)))
    add(light, band, 0.42 * milk(x, y))
  })
  for (let i = 0; i < 5200; i++) {
    const [x, y, warm] = [n.random() * n.aspect, n.random() ** 0.9, n.random()]
    const shine = Math.min(1.4, 0.03 * n.random() ** -0.62)
    const lamp = Float32Array.of(0.75 + 0.35 * warm, 0.85, 1.15 - 0.4 * warm)
    if (n.random() < 0.35 + milk(x, y)) n.spot(x, y, 0.0008 + 0.0006 * shine, lamp, shine * 2.4)
  }
  const tops = [0, 1].map((near) => (x: number) => {
    const hill = n.noise.ridged(x * (1.7 - near * 0.6) + shift + near * 40, shift, 6) - 0.45
    return 0.84 + near * 0.09 - hill * (0.3 - near * 0.14) - Math.abs(n.noise.at(x * 110, near)) * 0.008 * near
  })
  n.silhouettes(tops, (near, x, y, light) => {
    put(light, rock)
    add(light, glow, (0.035 - near * 0.03) * (1 + n.noise.fbm(x * 20, y * 26, 3)))
  })
  const fireX = n.between(0.25, 0.75) * n.aspect
  const fireY = tops[1](fireX) + 0.02
  for (const radius of [0.1, 0.035, 0.008]) n.spot(fireX, fireY, radius, colour(0xffb66a), 0.0005 / radius ** 1.8)
  return { bloom: 0.12, vignette: 0.4, grain: 0.028 }
}

/** Fields under cumulus clouds, each ray marched through them so that they have a lit and a shadow side. */
function clouds(n: Negative): Development {
  const [sun, shade, wood, ...tints] = n.palette(
    [0xfff6e6, 0x7f8fa6, 0x1d3214, 0x426d1e, 0x93a83a, 0x1f5aa8, 0x5d97d2, 0xc3dcea],
    [0xffe8c4, 0x8c8a9a, 0x2c3416, 0x94742a, 0xdcb65c, 0x2b66a8, 0x79a9cf, 0xf0e2c4],
    [0xffb27a, 0x5f5878, 0x161d14, 0x35431f, 0x7c6c36, 0x4a5f94, 0xa98aa3, 0xffc093]
  )
  const [meadow, sky] = [tints.slice(0, 2), tints.slice(2)]
  const [horizon, shift, cover] = [n.between(0.62, 0.76), n.between(0, 200), n.between(-0.06, 0.06)]
  const side = n.random() < 0.5 ? 0.5 : -0.5
  const lump = (x: number, y: number, z: number) =>
    n.noise.deep(x * 1.5 + shift, y, z * 1.5) * 0.6 + n.noise.deep(x * 3.3, y * 2.4 + shift, z * 3.3) * 0.32
  n.wash((x, y, light) => {
    const rise = horizon - y + 0.03
    const step = 0.5 / rise / 18
    let through = 1
    let bright = 0
    for (
      let z = 0.7 / rise + step * n.random();
      rise > 0 && z < Math.min(18, 1.2 / rise) && through > 0.04;
      z += step
    ) {
      const across = (x - n.aspect / 2) * z
      const up = (rise * z - 0.7) / 0.5
      const shape = cover - Math.abs(up - 0.2) * 0.7 + Math.min(0, up * 8 - 0.4)
      if (shape < -0.6) continue
      const rough = lump(across, up * 0.8, z) + shape
      if (rough < -0.15) continue
      const dense = rough + n.noise.fbm(across * 8 + z * 3, up * 3 - z * 6, 3) * 0.28
      if (dense <= 0) continue
      const towards = Math.max(0, lump(across + side * 0.2, up * 0.8 + 0.25, z - 0.08) + shape)
      const opaque = 1 - Math.exp(-dense * step * 34)
      bright += through * opaque * clamp(0.2 + 0.45 * up + 0.75 * Math.exp(-towards * 5))
      through *= 1 - opaque
    }
    const far = Math.exp(-rise * 9) * 0.7
    const solid = 1 - through
    gradient(light, sky, (y / horizon) ** 1.2)
    for (let part = 0; part < 3; part++) {
      const cloud = shade[part] * solid + (sun[part] * 1.5 - shade[part]) * bright
      light[part] = light[part] * through + cloud * (1 - far) + sky[2][part] * far * solid
    }
  })
  const copse = (x: number, z: number) =>
    z > 9 ? smoothstep(0.2, 0.26, n.noise.fbm(x * 0.6 + shift, z * 0.22, 2)) * smoothstep(9, 10, z) : 0
  const altitude = (x: number, z: number) => {
    const trees = copse(x, z)
    const crowns = trees > 0 ? trees * (0.14 + 0.3 * Math.max(0, n.noise.fbm(x * 4, z * 3, 2))) : 0
    return n.noise.fbm(x * 0.11 + shift, z * 0.11, 3) * Math.min(2.2, z * 0.09) + crowns
  }
  n.relief({ height: 1.1, horizon, near: 1.3, far: 60 }, altitude, (x, z, slopeX, slopeZ, light) => {
    const patch = n.noise.at(x * 0.24 + shift, z * 0.14)
    const blades = n.noise.fbm(x * 34, z * 10, 2) * Math.exp(z * -0.06)
    const cast = smoothstep(-0.15, 0.2, n.noise.at(x * 0.1, z * 0.08 + shift))
    const trees = copse(x, z)
    gradient(light, meadow, 0.5 + patch * 0.6 + blades * 0.6)
    mix(light, wood, trees * 0.9)
    dim(
      light,
      (0.45 + 0.7 * cast) * clamp(1 + blades + slopeX * side * (1 - trees * 0.7) - slopeZ * 0.15 * trees, 0.35, 1.6)
    )
    mix(light, sky[2], 1 - Math.exp(z * -0.014))
  })
  return { bloom: 0.1 }
}

/** Lights of a street behind a wet window; each drop shows them upside down. */
function rain(n: Negative): Development {
  const [lamp, ...tints] = n.palette(
    [0xffe2b0, 0xffb056, 0xff6a3a, 0x6fb7ff, 0x0b1626, 0x1c3048, 0x0a0d14],
    [0xffb0d0, 0xff4f8a, 0x9a6bff, 0x4fd0ff, 0x22102c, 0x3c1f48, 0x0e0814],
    [0xf4f0e4, 0xff5a3a, 0xffd98a, 0x8ad0a0, 0x3b4a50, 0x6d7c7c, 0x2a3230]
  )
  const [lamps, night] = [[lamp, ...tints.slice(0, 3)], tints.slice(3)]
  n.wash((x, y, light) => gradient(light, night, y + n.noise.fbm(x * 2, y * 2, 3) * 0.3), 8)
  for (let i = 0; i < 46; i++) {
    const y = clamp(0.55 + (n.random() + n.random() - 1) * 0.45)
    const strength = n.random() ** 2 * 1.3 + 0.08
    n.bokeh(n.random() * n.aspect, y, n.between(0.025, 0.075), lamps[Math.floor(n.random() * 4)], strength)
  }
  n.blur(0.012)
  const street = n.blurred(0.012)
  for (let i = 0; i < 900; i++) {
    const [x, y, shift, tall] = [n.random() * n.aspect, n.random(), n.between(0, 200), n.between(1, 1.35)]
    const radius = i < 860 ? n.between(0.0018, 0.006) : n.between(0.009, 0.02)
    n.within(x - radius * 1.3, y - radius * 1.7, x + radius * 1.3, y + radius * 1.7, (px, py, light) => {
      const u = (px - x) / radius
      const v = (py - y) / radius / tall
      const away = length(u, v) + n.noise.at(u * 1.1 + shift, v * 1.1) * 0.22
      if (away > 1) return
      put(before, light)
      street.sample(x - u * 0.16, y - v * 0.22 - 0.03, light, 1.25)
      dim(light, 1.05 - 0.75 * away ** 3 + 0.35 * v)
      add(light, lamp, 0.9 * Math.exp(-((u + 0.35) ** 2 + (v + 0.45) ** 2) * 22))
      mix(light, before, smoothstep(0.86, 1, away))
    })
  }
  return { bloom: 0.2, vignette: 0.45, grain: 0.018 }
}

/** A twig of leaves with the light behind them, the rest out of focus. */
function leaves(n: Negative): Development {
  const [bark, dark, ripe, ...back] = n.palette(
    [0x332216, 0x3f7a1c, 0xa6cf3f, 0x1f3a1a, 0x6f9a3c, 0xd9e08a],
    [0x2a1a12, 0xa83a12, 0xf2a32c, 0x2c1a10, 0x9a5a24, 0xf2c06a],
    [0x2c241c, 0x1f5c34, 0x6fb05a, 0x102a2c, 0x3f6f60, 0xa6c8a0]
  )
  const tints = [dark, ripe]
  const sunX = n.between(0.2, 0.8) * n.aspect
  const far = new Negative(n.width / 4, n.height / 4, n.seed)
  far.expose((x, y, light) => {
    gradient(light, back, 0.75 - y * 0.6 + n.noise.fbm(x * 2.2, y * 2.2, 3) * 0.7)
    add(light, back[2], 0.9 * Math.exp(-length(x - sunX, y - 0.1) * 4))
  })
  for (let i = 0; i < 26; i++) {
    const x = clamp(sunX + n.between(-0.6, 0.6), 0, n.aspect)
    far.bokeh(x, n.random() ** 1.5 * 0.8, n.between(0.02, 0.07), back[2], n.random() ** 2 * 0.7)
  }
  for (const radius of [0.04, 0.014]) {
    for (let i = 0; i < 7; i++) {
      leaf(far, n.random() * n.aspect, n.random(), n.between(0.24, 0.42), n.between(0, 6.3), tints, 0.75)
    }
    far.blur(radius)
  }
  n.lay(far, 0, 1)
  const [slope, rise] = [n.between(-0.35, 0.35), n.between(0.2, 0.4)]
  const twig = (x: number) => rise + slope * (x - n.aspect / 2) + 0.05 * Math.sin(x * 3)
  n.within(0, rise - 0.32, n.aspect, rise + 0.32, (x, y, light) => {
    mix(light, bark, smoothstep(0.006, 0.004, Math.abs(y - twig(x)) + x * 0.001))
  })
  for (let x = 0.06; x < n.aspect; x += n.between(0.12, 0.2)) {
    const angle = (n.random() < 0.6 ? 1.1 : -1) + n.between(-0.3, 0.4)
    leaf(n, x, twig(x), n.between(0.3, 0.46), angle, tints, 1)
  }
  return { bloom: 0.16, vignette: 0.35 }
}

/** A leaf from its stalk at (x, y) along `angle`: veins branch off the middle, light comes through between them. */
function leaf(n: Negative, x: number, y: number, long: number, angle: number, tints: Colour[], strength: number) {
  const [cos, sin, wide] = [Math.cos(angle), Math.sin(angle), long * 0.32]
  const [shift, curl, ripe] = [n.between(0, 200), n.between(-0.12, 0.12), n.between(0.2, 0.8)]
  const [endX, endY] = [x + long * cos, y + long * sin]
  const [left, top, right, bottom] = [Math.min(x, endX), Math.min(y, endY), Math.max(x, endX), Math.max(y, endY)]
  n.within(left - wide, top - wide, right + wide, bottom + wide, (px, py, light) => {
    const along = ((px - x) * cos + (py - y) * sin) / long
    if (along < 0 || along > 1) return
    const side = ((py - y) * cos - (px - x) * sin) / long + curl * Math.sin(along * Math.PI)
    const away = Math.abs(side)
    if (away > 0.29) return
    const swell = Math.sin(Math.PI * clamp((along - 0.08) / 0.92) ** 0.8)
    const half = 0.28 * swell * (1 + 0.02 * Math.sin(along * 150 - away * 60))
    const stalk = smoothstep(0.008, 0.005, away) * smoothstep(0.6, 0.1, along)
    const inside = Math.max(smoothstep(0, 0.002 / long, half - away), stalk)
    if (inside === 0) return
    const rib = (along - away * 0.75) * 13
    const apart = rib - Math.round(rib)
    const ribs = smoothstep(0.12, 0.02, Math.abs(apart) / (0.6 + away)) * 0.6
    const veins = Math.max(ribs, smoothstep(0.014 * (1.1 - along), 0.002, away))
    const rim = (away / (half + 0.01)) ** 2
    const cells = n.noise.ridged(side * 46 + shift, along * 46, 2) * 0.18
    const spots = n.noise.fbm(along * 3 + shift, side * 5, 2) * 0.7
    const fold = 1 - 0.22 * Math.cos(apart * Math.PI * 2) * smoothstep(0, 0.1, away)
    put(before, light)
    gradient(light, tints, ripe + spots + cells + (side > 0 ? 0.02 : -0.22))
    dim(light, strength * (0.55 + 0.5 * fold - 0.25 * rim * rim))
    mix(light, tints[0], veins * 0.55)
    mix(light, before, 1 - inside)
  })
}

const scenes = {
  ridges: { draw: ridges, shapes: [landscape, landscape, portrait] },
  sea: { draw: sea, shapes: [landscape, portrait, landscape] },
  forest: { draw: forest, shapes: [portrait, landscape] },
  skyline: { draw: skyline, shapes: [landscape, landscape, square] },
  dunes: { draw: dunes, shapes: [landscape, square] },
  lake: { draw: lake, shapes: [landscape, square] },
  stars: { draw: stars, shapes: [portrait, landscape] },
  clouds: { draw: clouds, shapes: [landscape] },
  rain: { draw: rain, shapes: [square, portrait] },
  leaves: { draw: leaves, shapes: [landscape, portrait, square] },
}

export type SceneName = keyof typeof scenes

/** All scenes that can be painted. */
export const sceneNames = Object.keys(scenes) as SceneName[]

/**
 * Paints a picture that nobody took.
 *
 * @param scene what is to be seen.
 * @param seed a whole number from 1: the same gives the same bytes, its neighbour another light and another place.
 * @returns a JPEG of 1440 × 960, 960 × 1440 or 1200 × 1200 pixels.
 */
export async function paint(scene: SceneName, seed: number) {
  const { draw, shapes } = scenes[scene]
  const [width, height] = shapes[seed % shapes.length]
  const negative = new Negative(width, height, seed)
  return negative.develop(draw(negative))
}
