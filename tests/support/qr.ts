import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

let ready = false

/** What a scanner that is none of ours reads in a picture: exactly one QR code. */
export const readQrText = async (
  picture: Uint8Array | ImageData,
): Promise<{ text: string; version: number }> => {
  if (!ready) {
    const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
    prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } })
    ready = true
  }
  const found = await readBarcodes(picture, { formats: ['QRCode'] })
  assert.equal(found.length, 1)
  return { text: found[0]!.text, version: Number(found[0]!.version) }
}

/** Draws an SVG of rows of strokes (as the package qrcode writes them) with some pixels a unit, as a browser would. */
export const drawn = (svg: string, scale = 4): ImageData => {
  const side = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)![1]) * scale
  const data = new Uint8ClampedArray(side * side * 4).fill(255)
  let [x, y] = [0, 0]
  for (const [, command, a, b] of /stroke="#000000" d="([^"]+)"/
    .exec(svg)![1]!
    .matchAll(/([Mmh])([\d.]+) ?([\d.]+)?/g)) {
    if (command === 'M') [x, y] = [Number(a), Math.floor(Number(b))]
    else if (command === 'h')
      for (let row = y * scale; row < (y + 1) * scale; row++)
        for (let column = x * scale; column < (x + Number(a)) * scale; column++)
          data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3)
    if (command !== 'M') x += Number(a)
  }
  return { data, width: side, height: side, colorSpace: 'srgb' } as ImageData
}
