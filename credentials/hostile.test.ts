import assert from 'node:assert/strict'
import { verify as rawVerify } from 'node:crypto'
import fc from 'fast-check'
import { es256Signer, generateEs256Key, issueEntitlementQr, readQr, verifyQr } from './index.ts'
import { longestClaims, NOW, ordinaryClaims } from './testing.ts'
import {
  type Cbor,
  decodeBase45,
  decodeCbor,
  ENTITLEMENT,
  encodeBase45,
  encodeCbor,
  hasLowS,
  packBits,
  parseSign1,
  toLowS,
} from './verify/index.ts'

const issuer = generateEs256Key()
const stranger = generateEs256Key()
const signer = es256Signer(issuer.privateKey, issuer.kid)
const options = {
  keyFor: (kid: Uint8Array) =>
    Buffer.from(kid).equals(issuer.kid) ? { alg: 'ES256' as const, key: issuer.publicKey } : undefined,
  now: NOW,
}
const verdictOf = async (text: string) => (await verifyQr(text, options)).verdict

let genuine: string
let genuineBytes: Uint8Array
let genuinePayload: Uint8Array
before(async () => {
  genuine = (await issueEntitlementQr(ordinaryClaims, signer)).text
  genuineBytes = decodeBase45(genuine)
  genuinePayload = parseSign1(genuineBytes).payload
})

const header = (entries: [number, Cbor][] = []) =>
  encodeCbor(new Map<number, Cbor>([[1, -7], [4, issuer.kid], ...entries])) // biome-ignore format: one header

type Forgery = {
  tag?: number
  header?: Uint8Array
  unprotected?: Cbor
  payload?: Uint8Array
  signature?: Uint8Array
}

/** A message whose signature holds, with parts of the forger's choice: only the rule under test can refuse it. */
const forge = async (parts: Forgery = {}) => {
  const head = parts.header ?? header()
  const payload = parts.payload ?? genuinePayload
  const signed = encodeCbor(['Signature1', head, new Uint8Array(), payload])
  const signature = parts.signature ?? toLowS(await signer.sign(signed))
  const value = [head, parts.unprotected ?? new Map<number, Cbor>(), payload, signature]
  return encodeBase45(encodeCbor({ tag: parts.tag ?? 18, value }))
}

const payloadWith = (change: (claims: Map<number | string, Cbor>) => void) => {
  const claims = decodeCbor(genuinePayload)
  assert.ok(claims instanceof Map)
  change(claims)
  return encodeCbor(claims)
}

const DETAILS = -65537
const details = (change: Partial<Record<keyof typeof ENTITLEMENT, number>>, name = Buffer.from('Name')) => {
  const fields = Object.fromEntries(Object.keys(ENTITLEMENT).map(field => [field, 1])) as Record<
    keyof typeof ENTITLEMENT,
    number
  >
  const bytes = packBits(ENTITLEMENT, { ...fields, reserved: 0, isQuantity: 0, unit: 20_000, ...change })
  return payloadWith(claims => claims.set(DETAILS, new Uint8Array([...bytes, ...name])))
}

describe('the verdict on a QR credential', () => {
  it('follows the dates to the second, and only then shows claims', async () => {
    const at = async (now: Date) => {
      const answer = await verifyQr(genuine, { ...options, now })
      assert.ok('claims' in answer && answer.advice.length > 20)
      assert.deepEqual(answer.claims, ordinaryClaims)
      return answer.verdict
    }
    const { validFrom, validUntil } = ordinaryClaims
    assert.equal(await at(new Date(validFrom.getTime() - 1)), 'not_yet_valid')
    assert.equal(await at(validFrom), 'valid')
    assert.equal(await at(new Date(validUntil.getTime() - 1)), 'valid')
    assert.equal(await at(validUntil), 'expired')
  })

  it('is "unknown issuer" for a key that is not trusted', async () => {
    const { text } = await issueEntitlementQr(ordinaryClaims, es256Signer(stranger.privateKey, stranger.kid))
    const answer = await verifyQr(text, options)
    assert.equal(answer.verdict, 'unknown_issuer')
    assert.ok(!('claims' in answer))
  })

  it('is "tampered" when somebody else signs under a trusted key identifier', async () => {
    const { text } = await issueEntitlementQr(ordinaryClaims, es256Signer(stranger.privateKey, issuer.kid))
    const answer = await verifyQr(text, options)
    assert.equal(answer.verdict, 'tampered')
    assert.ok(!('claims' in answer))
  })

  it('is never "valid" when any bit has been changed', async () => {
    for (const source of [ordinaryClaims, longestClaims()]) {
      const { text } = await issueEntitlementQr(source, signer)
      const now = source.validFrom
      assert.equal((await verifyQr(text, { ...options, now })).verdict, 'valid')
      const bytes = decodeBase45(text)
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const changed = bytes.slice()
        changed[bit >> 3]! ^= 1 << (bit & 7)
        const { verdict } = await verifyQr(encodeBase45(changed), { ...options, now })
        assert.ok(['tampered', 'malformed', 'unknown_issuer'].includes(verdict), `bit ${bit}: ${verdict}`)
      }
    }
  })

  it('is never "valid" when a character was replaced, added or taken away', async () => {
    for (let at = 0; at <= genuine.length; at++)
      for (const text of [
        genuine.slice(0, at) + '0' + genuine.slice(at),
        genuine.slice(0, at) + genuine.slice(at + 1),
        genuine.slice(0, at) + (genuine[at] === 'A' ? 'B' : 'A') + genuine.slice(at + 1),
        genuine.slice(0, at),
        genuine.slice(at + 1),
      ])
        if (text !== genuine) assert.notEqual(await verdictOf(text), 'valid', text)
  })

  it('is "malformed" for every cut, whether of the text or of the bytes in it', async () => {
    for (let length = 0; length < genuineBytes.length; length++)
      assert.equal(await verdictOf(encodeBase45(genuineBytes.subarray(0, length))), 'malformed')
  })

  it('is "malformed", never an exception, for whatever else is scanned', async () => {
    const garbage = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 500 }),
      fc.string({
        unit: fc.constantFrom(...Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:')),
        maxLength: 500,
      }),
      fc.uint8Array({ maxLength: 300 }).map(encodeBase45),
    )
    await fc.assert(
      fc.asyncProperty(garbage, async text => assert.equal(await verdictOf(text), 'malformed')),
      { numRuns: 1000 },
    )
    for (const text of ['', 'https://example.org/', genuine.toLowerCase(), `${genuine}\n`, ` ${genuine}`])
      assert.equal(await verdictOf(text), 'malformed')
  })

  it('is "malformed", and quickly, for giant and bottomless input', async () => {
    const started = performance.now()
    assert.equal(await verdictOf('A'.repeat(50_000_000)), 'malformed')
    assert.equal(await verdictOf(encodeBase45(new Uint8Array(2048).fill(0x81))), 'malformed')
    assert.equal(
      await verdictOf(encodeBase45(Uint8Array.of(0xd2, 0x9b, ...new Uint8Array(8).fill(0xff)))),
      'malformed',
    )
    assert.ok(performance.now() - started < 500)
  })
})

describe('a message whose signature holds', () => {
  it('is valid when nothing else is wrong with it', async () => {
    assert.equal(await verdictOf(await forge()), 'valid')
    assert.equal(await verdictOf(await forge({ payload: details({}) })), 'valid')
  })

  it('is tampered with when the signature is the other one of its two forms', async () => {
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
    const { signed, signature } = parseSign1(genuineBytes)
    const twin = Buffer.from(signature)
    const s = order - BigInt(`0x${twin.toString('hex', 32)}`)
    twin.write(s.toString(16).padStart(64, '0'), 32, 'hex')
    assert.ok(rawVerify('sha256', signed, { key: issuer.publicKey, dsaEncoding: 'ieee-p1363' }, twin))
    assert.ok(hasLowS(signature) && !hasLowS(twin))
    assert.deepEqual(Buffer.from(toLowS(twin)), Buffer.from(signature))
    assert.equal(await verdictOf(await forge({ signature: new Uint8Array(twin) })), 'tampered')
  })

  it('is tampered with when it names another algorithm than its key is for', async () => {
    const alg = (number: number) => encodeCbor(new Map<number, Cbor>([[1, number], [4, issuer.kid]])) // biome-ignore format: one header
    assert.equal(await verdictOf(await forge({ header: alg(-8) })), 'tampered')
    const asEdDsa = { ...options, keyFor: () => ({ alg: 'EdDSA' as const, key: issuer.publicKey }) }
    assert.equal((await verifyQr(genuine, asEdDsa)).verdict, 'tampered')
    for (const number of [0, 5, -35, -257])
      assert.equal(await verdictOf(await forge({ header: alg(number) })), 'malformed')
  })

  const refused: Record<string, () => Forgery> = {
    'another tag': () => ({ tag: 98 }),
    'something unprotected': () => ({ unprotected: new Map([[4, issuer.kid]]) }),
    'an unprotected header that is none': () => ({ unprotected: 0 }),
    'more in its header than we understand': () => ({ header: header([[2, [99]], [99, 1]]) }),
    'a content type in its header': () => ({ header: header([[3, 60]]) }),
    'no header': () => ({ header: new Uint8Array() }),
    'no algorithm': () => ({ header: encodeCbor(new Map([[4, issuer.kid]])) }),
    'an algorithm by name': () => ({ header: encodeCbor(new Map<number, Cbor>([[1, 'ES256'], [4, issuer.kid]])) }),
    'no key identifier': () => ({ header: encodeCbor(new Map([[1, -7]])) }),
    'an empty key identifier': () => ({ header: header([[4, new Uint8Array()]]) }),
    'a key identifier of five bytes': () => ({ header: header([[4, new Uint8Array(5)]]) }),
    'a key identifier that is text': () => ({ header: header([[4, '../k']]) }),
    'a header with a repeated label': () => ({ header: Uint8Array.of(0xa3, 1, 0x26, 1, 0x26, 4, 0x44, ...issuer.kid) }),
    'a header in another order': () => ({ header: Uint8Array.of(0xa2, 4, 0x44, ...issuer.kid, 1, 0x26) }),
    'a header that takes more bytes than needed': () => ({ header: Uint8Array.of(0xb8, 2, 1, 0x26, 4, 0x44, ...issuer.kid) }),
    'a signature that is too short': () => ({ signature: new Uint8Array(63) }),
    'a signature that is too long': () => ({ signature: new Uint8Array(65) }),
    'a payload that is no map': () => ({ payload: encodeCbor([1]) }),
    'a repeated claim': () => ({ payload: Uint8Array.of(0xa5, 4, 0, ...genuinePayload.subarray(1)) }),
    'a claim that takes more bytes than needed': () => ({
      payload: Uint8Array.of(0xa4, 4, 0x1b, 0, 0, 0, 0, ...genuinePayload.subarray(3)),
    }),
    'something behind its claims': () => ({ payload: Uint8Array.of(...genuinePayload, 0) }),
    'claims we do not understand': () => ({ payload: payloadWith(claims => claims.set(1, 'issuer')) }),
    'no end': () => ({ payload: payloadWith(claims => claims.delete(4)) }),
    'no beginning': () => ({ payload: payloadWith(claims => claims.delete(5)) }),
    'a beginning before time': () => ({ payload: payloadWith(claims => claims.set(5, -1)) }),
    'an end beyond time': () => ({ payload: payloadWith(claims => claims.set(4, 2 ** 32)) }),
    'an end that is no number': () => ({ payload: payloadWith(claims => claims.set(4, '9')) }),
    'an end before its beginning': () => ({ payload: payloadWith(claims => claims.set(4, claims.get(5)!)) }),
    'no credential id': () => ({ payload: payloadWith(claims => claims.delete(7)) }),
    'a credential id of another length': () => ({ payload: payloadWith(claims => claims.set(7, new Uint8Array(8))) }),
    'a credential id beyond references': () => ({ payload: payloadWith(claims => claims.set(7, new Uint8Array(7).fill(255))) }),
    'no details': () => ({ payload: payloadWith(claims => claims.delete(DETAILS)) }),
    'empty details': () => ({ payload: payloadWith(claims => claims.set(DETAILS, new Uint8Array())) }),
    'short details': () => ({ payload: payloadWith(claims => claims.set(DETAILS, Uint8Array.of(16, 0))) }),
    'details that are no bytes': () => ({ payload: payloadWith(claims => claims.set(DETAILS, 1)) }),
    'an unknown kind': () => ({ payload: details({ kind: 2 }) }),
    'reserved bits': () => ({ payload: details({ reserved: 1 }) }),
    'a unit that cannot be': () => ({ payload: details({ isQuantity: 1, unit: 37 ** 3 + 2000 }) }),
    'a currency with a digit': () => ({ payload: details({ unit: 37 * 37 + 37 + 1 }) }),
    'a unit with a gap': () => ({ payload: details({ isQuantity: 1, unit: 5 }) }),
    'no holder': () => ({ payload: details({}, Buffer.alloc(0)) }),
    'a name that is too long': () => ({ payload: details({}, Buffer.alloc(65, 'N')) }),
    'a name that is not UTF-8': () => ({ payload: details({}, Buffer.of(0xc3, 0x28)) }),
    'a name with a line break': () => ({ payload: details({}, Buffer.from('A\nValid')) }),
    'a name that turns the reading direction': () => ({ payload: details({}, Buffer.from('A\u202eB')) }),
  } // biome-ignore format: a table
  for (const [what, forgery] of Object.entries(refused))
    it(`is malformed with ${what}`, async () =>
      assert.equal(await verdictOf(await forge(forgery())), 'malformed'))

  it('is malformed without its tag', async () => {
    const message = decodeCbor(genuineBytes)
    assert.ok(message && typeof message === 'object' && 'tag' in message)
    assert.equal(await verdictOf(encodeBase45(encodeCbor(message.value))), 'malformed')
    assert.ok('malformed' in readQr(encodeBase45(encodeCbor(message.value))))
  })
})
