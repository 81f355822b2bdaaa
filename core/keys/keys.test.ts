import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { systemClock, systemIds } from '#core/kernel/index.ts'
import { createKeys } from '#core/keys/index.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'

describe('the key store', () => {
  let db: TestDatabase
  before(async () => {
    db = await testDatabase()
  })
  after(() => db.close())

  const keysUnder = (byte: number) =>
    createKeys({ db, clock: systemClock, ids: systemIds, masterKey: Buffer.alloc(32, byte) })

  it('tells at once that the master key is another than the one its keys are encrypted with', async () => {
    await keysUnder(2).check()
    const { kid } = await keysUnder(1).signingKey('token')
    await keysUnder(1).check()
    await assert.rejects(keysUnder(2).check(), /master key is not the one/)
    assert.equal((await keysUnder(1).signingKey('token')).kid, kid)
  })

  it('opens what it sealed for others in its own place only, and under its own master key only', () => {
    const keys = keysUnder(1)
    const sealed = keys.seal(Buffer.from('secret'), 'table/column/1')
    assert.equal(keys.open(sealed, 'table/column/1').toString(), 'secret')
    assert.throws(() => keys.open(sealed, 'table/column/2'))
    assert.throws(() => keysUnder(2).open(sealed, 'table/column/1'))
    for (let i = 0; i < sealed.length; i++) {
      const altered = Buffer.from(sealed)
      altered[i]! ^= 1
      assert.throws(() => keys.open(altered, 'table/column/1'), `byte ${i}`)
    }
  })

  it('keeps no private key in the clear', async () => {
    const key = await keysUnder(1).signingKey('token')
    const pkcs8 = key.privateKey.export({ format: 'der', type: 'pkcs8' })
    const row = await db.one<{ text: string }>(sql`SELECT to_jsonb(k)::text AS text FROM keys.keys k`)
    const d = key.privateKey.export({ format: 'jwk' }).d!
    assert.ok(!row!.text.includes(pkcs8.toString('hex')) && !row!.text.includes(d))
    assert.ok(!row!.text.includes(Buffer.from(d, 'base64url').toString('hex')))
  })
})
