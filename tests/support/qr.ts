import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

let ready = false

/** What a scanner that is none of ours reads in a picture: exactly one QR code. */
export const readQrText = async (picture: Uint8Array): Promise<{ text: string; version: number }> => {
  if (!ready) {
    const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
    prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } })
    ready = true
  }
  const found = await readBarcodes(picture, { formats: ['QRCode'] })
  assert.equal(found.length, 1)
  return { text: found[0]!.text, version: Number(found[0]!.version) }
}
