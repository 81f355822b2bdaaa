import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { copiedRows } from './copied-rows.ts'

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const TRAILER = Buffer.of(0xff, 0xff)

/** The rows as PostgreSQL writes them. */
const written = (rows: (Uint8Array | null)[][]): Buffer =>
  Buffer.concat([
    HEADER,
    ...rows.flatMap(row => {
      const count = Buffer.alloc(2)
      count.writeInt16BE(row.length)
      return [count, ...row.flatMap(field => [length(field), field ?? Buffer.alloc(0)])]
    }),
    TRAILER,
  ])
const length = (field: Uint8Array | null) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(field?.length ?? -1)
  return bytes
}

const read = async (pieces: AsyncIterable<Buffer>) => {
  const rows: (Buffer | null)[][] = []
  for await (const some of copiedRows(pieces)) rows.push(...some)
  return rows
}
async function* cut(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const rows = fc.array(fc.array(fc.option(fc.uint8Array({ maxLength: 40 })), { maxLength: 4 }), {
  maxLength: 10,
})

describe('rows of binary COPY', () => {
  let db: TestDatabase
  before(async () => {
    db = await testDatabase()
  })
  after(() => db.close())

  it('are read however they are cut in pieces', () =>
    fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 60 }), async (some, size) => {
        const expected = some.map(row => row.map(field => field && Buffer.from(field)))
        assert.deepEqual(await read(cut(written(some), size)), expected)
      }),
    ))

  it('are refused when they end in the middle, or are something else', () =>
    fc.assert(
      fc.asyncProperty(rows, fc.nat(), async (some, n) => {
        const whole = written(some)
        await assert.rejects(read(cut(whole.subarray(0, n % whole.length), 7)), /end in the middle/)
        await assert.rejects(read(cut(Buffer.concat([Buffer.of(0), whole]), 64)), /not binary COPY/)
      }),
    ))

  it('come from the server, some of them larger than a piece', async () => {
    const found = await read(
      db.copyOut(`COPY (SELECT g::int8, CASE WHEN g % 2 = 0 THEN repeat('x', g * 1000) END
        FROM generate_series(1, 300) g) TO STDOUT (FORMAT binary)`),
    )
    assert.deepEqual(
      found.map(([n, text]) => [Number(n!.readBigInt64BE()), text?.length ?? null]),
      Array.from({ length: 300 }, (_, n) => [n + 1, n % 2 === 1 ? (n + 1) * 1000 : null]),
    )
  })
})
