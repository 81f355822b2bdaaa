import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { es256Signer, generateEs256Key, issueEntitlementQr } from '../index.ts'
import { NOW, ordinaryClaims } from '../testing.ts'
import { decodeBase45, encodeBase45, importIssuerKey, verifyQr, verifyWithWebCrypto } from './index.ts'

describe('verifying in a browser', () => {
  it('needs nothing from outside this folder', () => {
    const files = readdirSync(import.meta.dirname).filter(
      name => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    )
    assert.ok(files.length >= 10)
    for (const file of files) {
      const source = readFileSync(`${import.meta.dirname}/${file}`, 'utf8')
      for (const [, from] of source.matchAll(/(?:from|import)[ (]'([^']+)'/g))
        assert.match(from!, /^\.\/[\w-]+\.ts$/)
      assert.doesNotMatch(source, /\b(?:Buffer|process|require)\b/, file)
    }
  })

  it('gives the same verdicts by WebCrypto', async () => {
    const issuer = generateEs256Key()
    const key = await importIssuerKey(issuer.publicKey.export({ format: 'jwk' }) as JsonWebKey, 'ES256')
    const { text } = await issueEntitlementQr(ordinaryClaims, es256Signer(issuer.privateKey, issuer.kid))
    const options = { keyFor: () => key, now: NOW, verifySignature: verifyWithWebCrypto }
    const answer = await verifyQr(text, options)
    assert.ok(answer.verdict === 'valid')
    assert.deepEqual(answer.claims, ordinaryClaims)

    const changed = decodeBase45(text)
    changed[changed.length - 1]! ^= 1
    assert.equal((await verifyQr(encodeBase45(changed), options)).verdict, 'tampered')
    assert.equal((await verifyQr('', options)).verdict, 'malformed')
  })

  it('does not take a private key, or one for another algorithm, for an issuer key', async () => {
    const { privateKey, publicKey } = generateEs256Key()
    await assert.rejects(importIssuerKey(privateKey.export({ format: 'jwk' }) as JsonWebKey, 'ES256'))
    await assert.rejects(importIssuerKey(publicKey.export({ format: 'jwk' }) as JsonWebKey, 'EdDSA'))
  })
})
