import type { QrSymbol } from '#credentials/symbol.ts'

/** A picture of grey: a byte a pixel, row by row. */
type Grey = { width: number; height: number; pixels: Uint8Array }

const QUIET_ZONE = 4
const [DESK, PAPER, INK] = [105, 205, 55]
/** Points of a pixel that are averaged: edges become as soft as a lens makes them. */
const SUBPIXELS = [0.125, 0.375, 0.625, 0.875]

/**
 * A photo of a printed code as a cheap phone takes it: turned by some degrees, soft, pale, unevenly lit and noisy.
 * `scale` is how many pixels a module takes.
 */
export const photographed = (
  symbol: QrSymbol,
  view: { width: number; height: number; scale: number; degrees: number; noise: number },
): Grey => {
  const { width, height, scale, degrees, noise } = view
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  const seen = (x: number, y: number) => {
    const [dx, dy] = [(x - width / 2) / scale, (y - height / 2) / scale]
    return toneAt(symbol, symbol.size / 2 + cos * dx + sin * dy, symbol.size / 2 - sin * dx + cos * dy)
  }
  const random = noiseOf(degrees * 1000 + 1)
  const pixels = new Uint8Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let sum = 0
      for (const i of SUBPIXELS) for (const j of SUBPIXELS) sum += seen(x + i, y + j)
      const light = 0.85 + (0.3 * x) / width
      const value = (sum / SUBPIXELS.length ** 2) * light + (random() - 0.5) * 2 * noise
      pixels[y * width + x] = Math.max(0, Math.min(255, value))
    }
  return { width, height, pixels }
}

const toneAt = ({ size, modules }: QrSymbol, u: number, v: number): number => {
  if (Math.min(u, v) < -QUIET_ZONE || Math.max(u, v) > size + QUIET_ZONE) return DESK
  if (Math.min(u, v) < 0 || Math.max(u, v) >= size) return PAPER
  return modules[Math.floor(v) * size + Math.floor(u)] ? INK : PAPER
}

/** The same numbers each time, from 0 to 1 (a linear congruential generator). */
const noiseOf = (seed: number) => {
  let state = Math.trunc(seed) >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Pictures of one size as an uncompressed YUV4MPEG2 film, ten a second: what Chromium's fake camera plays. */
export const y4m = (frames: readonly Grey[]): Buffer => {
  const { width, height } = frames[0]!
  const colourless = Buffer.alloc((width / 2) * (height / 2) * 2, 128)
  return Buffer.concat([
    Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`),
    ...frames.flatMap(frame => [Buffer.from('FRAME\n'), frame.pixels, colourless]),
  ])
}
