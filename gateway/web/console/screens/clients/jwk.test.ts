import assert from 'node:assert/strict'
import { readJwks } from './jwk.ts'

const key = { kty: 'EC', kid: '2026-11', crv: 'P-256', x: 'a', y: 'b' }
const read = (value: unknown) => readJwks(JSON.stringify(value))

describe('Public keys of an API client', () => {
  it('are read from a set, a list or one key, without what else a file may hold', () => {
    for (const given of [{ keys: [key] }, [key], key, { ...key, x5c: ['…'] }])
      assert.deepEqual(read(given), { keys: [key] })
  })

  it('never leave the page when one of them is private', () => {
    assert.deepEqual(read({ keys: [key, { ...key, kid: 'other', d: 'secret' }] }), { problem: 'private' })
  })

  it('are refused with what is wrong with them', () => {
    assert.deepEqual(readJwks('-----BEGIN PUBLIC KEY-----'), { problem: 'json' })
    assert.deepEqual(read({ keys: [] }), { problem: 'none' })
    assert.deepEqual(read(Array.from({ length: 6 }, () => key)), { problem: 'many' })
    assert.deepEqual(read('key'), { problem: 'kind' })
    assert.deepEqual(read({ ...key, kty: 'oct' }), { problem: 'kind' })
    assert.deepEqual(read({ ...key, kid: '' }), { problem: 'kid' })
    assert.deepEqual(read([key, key]), { problem: 'duplicate' })
  })
})
