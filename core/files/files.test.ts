import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import sql from 'sql-template-tag'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { createAudit } from '../audit/index.ts'
import { systemClock, systemCtx, systemIds } from '../kernel/index.ts'
import { createKeys } from '../keys/index.ts'
import { createFiles, type Files } from './index.ts'

const ctx = systemCtx('test', 'files')

async function* pieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

describe('files', () => {
  let db: TestDatabase
  let files: Files

  before(async () => {
    db = await testDatabase()
    const deps = { db, ids: systemIds, clock: systemClock }
    const keys = createKeys({ ...deps, masterKey: Buffer.alloc(32) })
    files = createFiles({ ...deps, audit: createAudit({ ...deps, keys }) })
  })
  after(() => db.close())

  const read = async (id: string) => {
    const chunks: Buffer[] = []
    for await (const chunk of files.read(id)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  it('come back byte for byte, whatever the pieces they came in', async () => {
    const bytes = randomBytes(700_001)
    for (const size of [1_000, 65_536, 262_144, 700_001]) {
      const file = await files.store(
        ctx,
        { name: 'a.csv', mediaType: 'text/csv', maxBytes: 1e6 },
        pieces(bytes, size),
      )
      assert.equal(file.size, bytes.length)
      assert.equal(file.sha256, createHash('sha256').update(bytes).digest('hex'))
      assert.ok((await read(file.id)).equals(bytes))
      assert.deepEqual(await files.get(file.id), file)
    }
  })

  it('can be empty', async () => {
    const file = await files.store(
      ctx,
      { name: 'a', mediaType: 'text/csv', maxBytes: 1 },
      pieces(Buffer.of(), 1),
    )
    assert.equal(file.size, 0)
    assert.equal((await read(file.id)).length, 0)
  })

  it('leave nothing behind when they are too large or break off', async () => {
    const before = await db.one(sql`SELECT count(*)::int AS n FROM files.chunks`)
    const large = files.store(
      ctx,
      { name: 'a', mediaType: 'text/csv', maxBytes: 600_000 },
      pieces(randomBytes(700_000), 65_536),
    )
    await assert.rejects(large, { code: 'too_large' })
    const broken = (async function* () {
      yield randomBytes(300_000)
      throw new Error('the line went dead')
    })()
    await assert.rejects(
      files.store(ctx, { name: 'a', mediaType: 'text/csv', maxBytes: 1e6 }, broken),
      /dead/,
    )
    assert.deepEqual(await db.one(sql`SELECT count(*)::int AS n FROM files.chunks`), before)
  })

  it('sweep up chunks of an upload whose process died, but not of one under way', async () => {
    const old = '00000000-0000-7000-8000-000000000001'
    const fresh = systemIds.uuid()
    for (const id of [old, fresh])
      await db.run(
        sql`INSERT INTO files.chunks (file_id, position, bytes) VALUES (${id}, 0, ${Buffer.of(1)})`,
      )
    await files.sweep()
    const left = await db.query(sql`SELECT file_id FROM files.chunks WHERE file_id IN (${old}, ${fresh})`)
    assert.deepEqual(left, [{ file_id: fresh }])
  })
})
