import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { connect } from '#core/db/index.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { uuid7 } from '../kernel/index.ts'
import { lookUpByIndex, resolveChunk } from './chunk.sql.ts'
import type { ImportRow } from './model.ts'

const PEOPLE = 6_000

describe('resolving a chunk', () => {
  let db: TestDatabase
  before(async () => {
    db = await testDatabase()
  })
  after(() => db.close())

  it('looks people up by index in a registry that has grown since its statistics were gathered', async () => {
    const im = { id: uuid7(), options: {}, mapping: {} } as ImportRow
    await db.run(sql`
      INSERT INTO imports.staged_rows (import_id, chunk, line, household, name, identifier_type, identifier)
      SELECT ${im.id}::uuid, 0, n, n / 4, 'Somebody', 'national_id', n::text FROM generate_series(1, ${PEOPLE}::int) n`)
    const owner = connect({ url: db.adminUrl })
    await owner.run(sql`ANALYZE imports.staged_rows`)
    await owner.close()

    const plan = await db.transaction(async () => {
      // Not committed, so that the server gathers no statistics of these meanwhile.
      await db.run(sql`
        INSERT INTO registry.registrants (id, ref, kind, area_id, name, source)
        SELECT kernel.uuid7(), n, 'individual', ${uuid7()}::uuid, 'Somebody', 'test'
        FROM generate_series(1, ${PEOPLE}::int) n`)
      await db.run(sql`
        INSERT INTO registry.identifiers (id, registrant_id, type, value)
        SELECT kernel.uuid7(), id, 'national_id', ref::text FROM registry.registrants`)
      await db.run(sql`
        INSERT INTO registry.memberships (group_id, member_id, started_on)
        SELECT kernel.uuid7(), id, '2026-11-22' FROM registry.registrants`)
      await db.run(lookUpByIndex)
      return db.query(sql`EXPLAIN ${resolveChunk(im, 0, sql`true`)}`)
    })
    const text = plan.map(row => row['QUERY PLAN']).join('\n')
    assert.match(text, /Index Scan using identifiers_one_holder/)
    assert.doesNotMatch(text, /Join Filter: .*identifiers/)
    assert.match(
      text,
      /using memberships_by_member .*\n +Index Cond: \(member_id = identifiers.registrant_id\)/,
    )
  })
})
