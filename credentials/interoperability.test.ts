import assert from 'node:assert/strict'
import { Algorithms, Headers, ProtectedHeaders, Sign1 } from '@auth0/cose'
import fc from 'fast-check'
import { es256Signer, generateEs256Key, issueEntitlementQr, verifyQr } from './index.ts'
import { anyClaims, NOW, ordinaryClaims } from './testing.ts'
import { decodeBase45, encodeBase45, hasLowS, parseSign1 } from './verify/index.ts'

const issuer = generateEs256Key()
const signer = es256Signer(issuer.privateKey, issuer.kid)

describe('interoperability with another implementation of COSE', () => {
  it('it verifies what we sign', () =>
    fc.assert(
      fc.asyncProperty(anyClaims, async claims => {
        const { text } = await issueEntitlementQr(claims, signer)
        const message = Sign1.decode(decodeBase45(text))
        await message.verify(issuer.publicKey, { algorithms: [Algorithms.ES256] })
        assert.deepEqual(Buffer.from(message.kid as Uint8Array), Buffer.from(issuer.kid))
        assert.equal(message.unprotectedHeaders.size, 0)
      }),
      { numRuns: 30 },
    ))

  it('it refuses what we refuse as tampered', async () => {
    const { text } = await issueEntitlementQr(ordinaryClaims, signer)
    const bytes = decodeBase45(text)
    bytes[bytes.length - 1]! ^= 1
    await assert.rejects(Sign1.decode(bytes).verify(issuer.publicKey))
  })

  it('we verify what it signs: at once with the low form of the signature, never with the high one', async () => {
    const { payload } = parseSign1(decodeBase45((await issueEntitlementQr(ordinaryClaims, signer)).text))
    const headers = new ProtectedHeaders([
      [Headers.Algorithm, Algorithms.ES256],
      [Headers.KeyID, issuer.kid],
    ])
    const options = { keyFor: () => ({ alg: 'ES256' as const, key: issuer.publicKey }), now: NOW }
    const seen = new Set<string>()
    for (let i = 0; i < 64; i++) {
      const message = await Sign1.sign(headers, undefined, payload, issuer.privateKey)
      const { verdict } = await verifyQr(encodeBase45(message.encode()), options)
      assert.equal(verdict, hasLowS(message.signature) ? 'valid' : 'tampered')
      seen.add(verdict)
    }
    assert.deepEqual(seen, new Set(['valid', 'tampered']))
  })
})
