import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { DomainError } from '../kernel/index.ts'
import { type GivenKey, readClientKeys } from './client-keys.ts'

const publicOf = (pair: { publicKey: KeyObject }, more: object = {}): GivenKey => ({
  kid: 'k',
  ...pair.publicKey.export({ format: 'jwk' }),
  ...more,
})
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
const rsa = (modulusLength: number, publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent })

const refuse = (pointer: string, ...keys: GivenKey[]) =>
  assert.throws(
    () => readClientKeys(keys),
    (e: unknown) => e instanceof DomainError && e.code === 'invalid' && e.issues[0]!.pointer === pointer,
    pointer,
  )

describe('the keys of a client', () => {
  const p256 = ec('P-256')
  const rsa2048 = rsa(2048)

  it('decide on how they are used, and keep only what verifying needs', () => {
    const p384 = ec('P-384')
    const ed = generateKeyPairSync('ed25519')
    const given = [
      publicOf(p256, { kid: 'a', use: 'sig' }),
      publicOf(p384, { kid: 'b', alg: 'ES384', key_ops: ['verify'] }),
      publicOf(ed, { kid: 'c', alg: 'Ed25519' }),
      publicOf(rsa2048, { kid: 'd', alg: 'PS256' }),
      publicOf(rsa2048, { kid: 'e', alg: 'RS256' }),
    ]
    assert.deepEqual(
      readClientKeys(given),
      [
        ['a', 'ES256', p256],
        ['b', 'ES384', p384],
        ['c', 'EdDSA', ed],
        ['d', 'PS256', rsa2048],
        ['e', 'RS256', rsa2048],
      ].map(([kid, alg, pair]) => ({
        kid,
        alg,
        jwk: (pair as { publicKey: KeyObject }).publicKey.export({ format: 'jwk' }),
      })),
    )
  })

  it('are public', () => {
    const secret = { kid: 'k', ...p256.privateKey.export({ format: 'jwk' }) }
    refuse('/keys/0/d', secret)
    refuse('/keys/1/d', publicOf(p256), { ...secret, kid: 'other' })
    const whole = rsa2048.privateKey.export({ format: 'jwk' })
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi'])
      refuse(`/keys/0/${member}`, publicOf(rsa2048, { alg: 'PS256', [member]: whole[member] }))
    refuse('/keys/0/k', { kty: 'oct', k: 'c2VjcmV0', kid: 'k', alg: 'HS256' })
  })

  it('are of a kind that is worth something', () => {
    refuse('/keys/0/alg', publicOf(rsa(1024), { alg: 'PS256' }))
    refuse('/keys/0/alg', publicOf(rsa(2048, 3), { alg: 'PS256' }))
    refuse('/keys/0/alg', publicOf(rsa2048))
    refuse('/keys/0/alg', publicOf(rsa2048, { alg: 'RS512' }))
    refuse('/keys/0/alg', publicOf(p256, { alg: 'ES384' }))
    refuse('/keys/0/alg', publicOf(p256, { alg: 'HS256' }))
    refuse('/keys/0/alg', publicOf(p256, { alg: 'Ed25519' }))
    refuse('/keys/0/alg', publicOf(ec('P-521')))
    refuse('/keys/0/alg', publicOf(generateKeyPairSync('x25519')))
    refuse('/keys/0', publicOf(p256, { y: publicOf(ec('P-256')).y }))
    refuse('/keys/0', publicOf(p256, { x: undefined }))
    refuse('/keys/0', { kty: 'none', kid: 'k' })
    refuse('/keys/0', publicOf(p256, { use: 'enc' }))
    refuse('/keys/0', publicOf(p256, { key_ops: ['encrypt'] }))
  })

  it('are few, and each has a name of its own', () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => publicOf(p256, { kid: `k${i}` }))
    assert.equal(readClientKeys(many(5)).length, 5)
    refuse('/keys', ...many(6))
    refuse('/keys/1/kid', publicOf(p256), publicOf(rsa2048, { alg: 'PS256' }))
    assert.deepEqual(readClientKeys([]), [])
  })
})
