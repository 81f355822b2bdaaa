import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import qrcode from 'qrcode'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { DomainError } from '#core/kernel/index.ts'
import { es256Signer, generateEs256Key, issueEntitlementQr, renderPng, renderSvg } from './index.ts'
import { MAX_VERSION, symbolOf, versionFor } from './symbol.ts'
import { longestClaims, ordinaryClaims } from './testing.ts'

const issuer = generateEs256Key()
const signer = es256Signer(issuer.privateKey, issuer.kid)

const read = async (image: Uint8Array | ImageData) => {
  const found = await readBarcodes(image, { formats: ['QRCode'], tryHarder: false })
  assert.equal(found.length, 1)
  const { text, ecLevel, version } = found[0]!
  return { text, ecLevel, version: Number(version) }
}

/** Draws our SVG (squares along one path) with `scale` pixels a unit, as a browser would. */
const rasterise = (svg: string, scale: number): ImageData => {
  const side = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)![1]) * scale
  const data = new Uint8ClampedArray(side * side * 4).fill(255)
  for (const [, x, y, width] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g))
    for (let py = Number(y) * scale; py < (Number(y) + 1) * scale; py++)
      for (let px = Number(x) * scale; px < (Number(x) + Number(width)) * scale; px++)
        data.fill(0, (py * side + px) * 4, (py * side + px) * 4 + 3)
  return { data, width: side, height: side, colorSpace: 'srgb' } as ImageData
}

describe('the picture of a QR credential', () => {
  before(() => {
    const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
    prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } })
  })

  for (const [which, claims] of Object.entries({ ordinary: ordinaryClaims, longest: longestClaims() })) {
    it(`is read back by a scanner from the PNG (${which} entitlement)`, async () => {
      const { text, version } = await issueEntitlementQr(claims, signer)
      for (const scale of [3, 8])
        assert.deepEqual(await read(renderPng(text, { scale })), { text, ecLevel: 'M', version })
    })

    it(`is read back by a scanner from the SVG (${which} entitlement)`, async () => {
      const { text, version } = await issueEntitlementQr(claims, signer)
      const image = rasterise(renderSvg(text, { title: 'Entitlement' }), 4)
      assert.deepEqual(await read(image), { text, ecLevel: 'M', version })
    })
  }

  it('takes the smallest version that holds the text, up to the largest we allow', () => {
    for (let length = 1; length <= 483; length++) {
      const data = '%'.repeat(length)
      const searched = qrcode.create([{ data, mode: 'alphanumeric' }], {
        errorCorrectionLevel: 'M',
        maskPattern: 0,
      })
      assert.equal(versionFor(data, MAX_VERSION.card), searched.version)
      assert.equal(symbolOf(data).size, searched.modules.size)
    }
    assert.equal(symbolOf('%'.repeat(483)).size, 17 + 4 * 13)
    assert.throws(() => renderSvg('%'.repeat(484), { title: '' }), DomainError)
  })

  it('is one path on a light square with a quiet zone, named for screen readers', () => {
    const svg = renderSvg('HELLO WORLD', { title: '<b>"A" & \'B\'</b>' })
    assert.match(
      svg,
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 29 29" role="img" [^>]*><title>&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;&lt;\/b&gt;<\/title><rect width="29" height="29" fill="#fff"\/><path d="[Mhvz\d -]+" fill="#000"\/><\/svg>$/,
    )
    assert.match(svg, /d="M4 4h7v1h-7z/)
  })

  it('is a PNG of one bit a pixel', () => {
    const png = renderPng('HELLO WORLD', { scale: 2 })
    assert.equal(png.toString('latin1', 1, 4), 'PNG')
    assert.deepEqual(
      [png.readUInt32BE(16), png.readUInt32BE(20), ...png.subarray(24, 29)],
      [58, 58, 1, 0, 0, 0, 0],
    )
    assert.ok(png.length < 400)
  })
})
