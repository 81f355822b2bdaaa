import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { DomainError, formatReference, PREFIX, type ReferenceKind } from '#core/kernel/index.ts'
import type { Signer } from '#core/ports/signer.ts'
import { cutName } from './holder-name.ts'
import {
  es256Signer,
  generateEs256Key,
  issueEntitlementQr,
  kidOf,
  ENTITLEMENT_MAX as MAX,
  readQr,
  verifyQr,
} from './index.ts'
import { versionFor } from './symbol.ts'
import { anyClaims, anyName, longestClaims, NOW, ordinaryClaims } from './testing.ts'
import { type EntitlementClaims, hasLowS, referenceText } from './verify/index.ts'

const issuer = generateEs256Key()
const signer = es256Signer(issuer.privateKey, issuer.kid)
const key = { alg: 'ES256' as const, key: issuer.publicKey }
const keyFor = (kid: Uint8Array) => (Buffer.from(kid).equals(issuer.kid) ? key : undefined)

const refusal = async (claims: EntitlementClaims) => {
  try {
    await issueEntitlementQr(claims, signer)
  } catch (error) {
    assert.ok(error instanceof DomainError)
    return { code: error.code, pointers: error.issues.map(issue => issue.pointer) }
  }
  return assert.fail('was issued')
}

describe('an entitlement as QR credential', () => {
  it('gives back the claims it was issued with, the name tidied and cut', () =>
    fc.assert(
      fc.asyncProperty(anyClaims, async claims => {
        const { text } = await issueEntitlementQr(claims, signer)
        const expected = { ...claims, holderName: cutName(claims.holderName) }
        const read = readQr(text)
        assert.ok(!('malformed' in read))
        assert.deepEqual(read.claims, expected)
        assert.deepEqual(Buffer.from(read.kid), Buffer.from(issuer.kid))
        const answer = await verifyQr(text, { keyFor, now: claims.validFrom })
        assert.ok(answer.verdict === 'valid')
        assert.deepEqual(answer.claims, expected)
      }),
    ))

  it('fits version 10-M with every claim at its maximum and a name of 64 bytes in any script', async () => {
    await fc.assert(
      fc.asyncProperty(anyName, async name => {
        const { text, version } = await issueEntitlementQr(longestClaims(name.repeat(40)), signer)
        assert.ok(version <= 10 && text.length <= 311)
        assert.match(text, /^[0-9A-Z $%*+\-./:]+$/)
      }),
    )
    const { text, version } = await issueEntitlementQr(longestClaims(), signer)
    assert.deepEqual([text.length, version], [311, 10])
    assert.ok(MAX.value >= 9_999_999_999, 'amounts of ten digits')
  })

  it('is refused rather than made larger than version 10-M', () => {
    assert.equal(versionFor('A'.repeat(311), 10), 10)
    assert.throws(
      () => versionFor('A'.repeat(312), 10),
      (error: unknown) => error instanceof DomainError && error.rule === 'qr-too-large',
    )
    assert.throws(() => versionFor('A'.repeat(484), 13), DomainError)
  })

  it('is refused for claims that cannot be encoded, every one of them named', async () => {
    const above = {
      ...ordinaryClaims,
      program: MAX.program + 1,
      cycle: MAX.cycle + 1,
      component: MAX.component + 1,
      point: MAX.point + 1,
      benefit: { minor: BigInt(MAX.value) + 1n, currency: 'eur' },
      status: { list: MAX.statusList + 1, index: MAX.statusIndex + 1 },
    }
    assert.deepEqual(
      (await refusal(above)).pointers.toSorted((a, b) => a.localeCompare(b)),
      [
        '/benefit/currency',
        '/benefit/minor',
        '/component',
        '/cycle',
        '/point',
        '/program',
        '/status/index',
        '/status/list',
      ],
    )
    const wrong: [string, Partial<EntitlementClaims>][] = [
      ['/id', { id: ordinaryClaims.entitlement }],
      ['/entitlement', { entitlement: ordinaryClaims.id }],
      ['/registrant', { registrant: ordinaryClaims.id }],
      ['/registrant', { registrant: `${ordinaryClaims.registrant.slice(0, -1)}U` }],
      ['/holderName', { holderName: ' \u202e ' }],
      ['/program', { program: -1 }],
      ['/cycle', { cycle: 1.5 }],
      ['/benefit/minor', { benefit: { minor: -1n, currency: 'ETB' } }],
      ['/benefit/unit', { benefit: { quantity: 1n, unit: 'BAGS' } }],
      ['/validUntil', { validUntil: ordinaryClaims.validFrom }],
      ['/validUntil', { validUntil: new Date('2107-01-01') }],
      ['/validFrom', { validFrom: new Date('1969-12-31') }],
      ['/validFrom', { validFrom: new Date(Number.NaN) }],
    ]
    for (const [pointer, change] of wrong) {
      const { code, pointers } = await refusal({ ...ordinaryClaims, ...change })
      assert.equal(code, 'invalid')
      assert.ok(pointers.includes(pointer), `${pointer} in ${pointers.join()}`)
    }
  })

  it('always has the low form of its signature, whatever the signer returns', async () => {
    let high = 0
    const watched: Signer = {
      ...signer,
      sign: async bytes => {
        const signature = await signer.sign(bytes)
        if (!hasLowS(signature)) high++
        return signature
      },
    }
    for (let i = 0; i < 40; i++) {
      const { text } = await issueEntitlementQr(ordinaryClaims, watched)
      assert.equal((await verifyQr(text, { keyFor, now: NOW })).verdict, 'valid')
    }
    assert.ok(high > 0)
  })

  it('is not issued by a signer that breaks its contract', async () => {
    const broken: Partial<Signer>[] = [
      { kid: new Uint8Array(5) },
      { kid: new Uint8Array() },
      { sign: () => new Uint8Array(70) },
    ]
    for (const change of broken)
      await assert.rejects(issueEntitlementQr(ordinaryClaims, { ...signer, ...change }), RangeError)
  })

  it('can be signed with Ed25519 too', async () => {
    const pair = generateKeyPairSync('ed25519')
    const eddsa: Signer = {
      kid: new Uint8Array(4),
      alg: 'EdDSA',
      sign: bytes => sign(null, bytes, pair.privateKey),
    }
    const { text, version } = await issueEntitlementQr(longestClaims(), eddsa)
    const options = {
      keyFor: () => ({ alg: 'EdDSA' as const, key: pair.publicKey }),
      now: longestClaims().validFrom,
    }
    assert.deepEqual([version, (await verifyQr(text, options)).verdict], [10, 'valid'])
  })

  it('names its key by the COSE key thumbprint', () => {
    // The example of RFC 9679 section 6.
    const hex = (text: string) => Buffer.from(text, 'hex').toString('base64url')
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: hex('65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d'),
      y: hex('1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c'),
    }
    assert.equal(Buffer.from(kidOf(createPublicKey({ key: jwk, format: 'jwk' }))).toString('hex'), '496bd8af')
  })

  it('shows references as the rest of the product does', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(PREFIX) as ReferenceKind[])),
        fc.bigInt(0n, (1n << 50n) - 1n),
        (kind, n) => assert.equal(referenceText(PREFIX[kind], Number(n)), formatReference(kind, n)),
      ),
    )
  })
})
