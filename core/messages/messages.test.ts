import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import sql from 'sql-template-tag'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { personWith } from '#tests/support/programs.ts'
import { decodeCursor, systemClock, systemIds, uuid7 } from '../kernel/index.ts'
import { createOutbox } from '../outbox/index.ts'
import { createThings, type Thing } from '../things/index.ts'
import { createMessages } from './index.ts'

const PROGRAM = uuid7()
const program: Thing = {
  type: 'program',
  named: 'code',
  permission: 'program:read',
  born: [],
  all: sql`
    SELECT ${PROGRAM}::uuid AS id, NULL::bigint AS ref, 'CASH' AS code, NULL::text AS kind, NULL::uuid AS area_id,
      ${PROGRAM}::uuid AS program_id`,
  state: sql`SELECT NULL::uuid AS id, '{}'::jsonb AS state`,
}

describe('the messages for other systems', function () {
  this.timeout(90_000)
  let db: TestDatabase
  let outbox: ReturnType<typeof createOutbox>
  let messages: ReturnType<typeof createMessages>
  const everywhere = personWith('integrator')

  beforeEach(async () => {
    db = await testDatabase()
    outbox = createOutbox({ db, ids: systemIds, clock: systemClock })
    messages = createMessages({ db, things: createThings(db, [program]) })
  })
  afterEach(() => db.close())

  /** Waits until all that was written may be told: other tests have transactions open on the same server. */
  const settled = async (): Promise<void> => {
    const { xid } = (await db.one<{ xid: string }>(sql`SELECT pg_current_xact_id()::text AS xid`))!
    const isOver = sql`SELECT 1 FROM pg_current_snapshot() s WHERE pg_snapshot_xmin(s) > ${xid}::xid8`
    while (!(await db.one(isOver))) await pause(10)
  }

  /** A reader that polls, as other systems do: what was told since the last time. */
  const reader = (ctx = everywhere, type?: string, limit = 2) => {
    let cursor: string | undefined
    return async (): Promise<string[]> => {
      const heard: string[] = []
      for (;;) {
        const { items, next } = await messages.after(ctx, type === undefined ? {} : { type }, {
          cursor,
          limit,
        })
        cursor = next
        heard.push(...items.map(m => m.type))
        if (items.length === 0) return heard
      }
    }
  }

  it('are told once each, in order, also to who comes back to an empty list', async () => {
    const poll = reader()
    assert.deepEqual(await poll(), [])
    const types = ['a.1', 'a.2', 'a.3', 'a.4', 'a.5']
    for (const type of types) await outbox.publish(type, uuid7())
    await settled()
    assert.deepEqual(await poll(), types)
    assert.deepEqual(await poll(), [])
    await outbox.publish('a.6', uuid7())
    await settled()
    assert.deepEqual(await poll(), ['a.6'])
  })

  it('are never passed over, whatever the order in which their transactions commit', async () => {
    const open = async () => {
      const client = new pg.Client({ connectionString: db.url })
      await client.connect()
      await client.query('BEGIN')
      return {
        tell: (type: string) =>
          client.query(
            `INSERT INTO outbox.messages (id, type, subject_id, payload) VALUES ($1, $2, $1, '{}')`,
            [uuid7(), type],
          ),
        end: async (how: 'COMMIT' | 'ROLLBACK') => {
          await client.query(how)
          await client.end()
        },
      }
    }
    const poll = reader()
    const [late, early, lost] = [await open(), await open(), await open()]
    await lost.tell('x.lost')
    await late.tell('x.late')
    await early.tell('x.early')
    const told: string[] = []
    await early.end('COMMIT')
    await outbox.publish('x.after', uuid7())
    told.push(...(await poll()))
    assert.equal(told.length, 0, 'nothing, while an older transaction may still tell something')
    await lost.end('ROLLBACK')
    await late.tell('x.late-again')
    told.push(...(await poll()))
    await late.end('COMMIT')
    await settled()
    told.push(...(await poll()))
    assert.deepEqual(told, ['x.late', 'x.late-again', 'x.early', 'x.after'])
    assert.deepEqual(await poll(), [])
  })

  it('lose nothing to readers that poll while many write at once', async () => {
    const poll = reader(everywhere, undefined, 7)
    const told: string[] = []
    let writing = true
    const writers = Promise.all(
      Array.from({ length: 6 }, async (_, w) => {
        for (let n = 0; n < 15; n++)
          await db.transaction(async () => {
            await outbox.publish(`w${w}.${n}`, uuid7())
            await db.run(sql`SELECT pg_sleep(${((w * 7 + n * 3) % 5) / 400})`)
          })
      }),
    ).then(() => {
      writing = false
    })
    while (writing) told.push(...(await poll()))
    await writers
    await settled()
    told.push(...(await poll()))
    assert.equal(told.length, 90)
    assert.equal(new Set(told).size, 90)
  })

  it('reach a limited reader only about its own, and show nothing of the others', async () => {
    const [area, village, foreign] = [uuid7(), uuid7(), uuid7()]
    await db.run(sql`INSERT INTO areas.areas (id, code, level, name) VALUES
      (${area}, 'A', 0, 'A'), (${foreign}, 'B', 0, 'B')`)
    await db.run(
      sql`INSERT INTO areas.areas (id, code, level, parent_id, name) VALUES (${village}, 'A1', 1, ${area}, 'A1')`,
    )
    await db.run(sql`INSERT INTO areas.closure (ancestor_id, area_id) VALUES
      (${area}, ${area}), (${area}, ${village}), (${village}, ${village}), (${foreign}, ${foreign})`)
    const other = uuid7()
    await outbox.publish('m.of-all', uuid7())
    await outbox.publish('m.program', uuid7(), {}, { programId: PROGRAM })
    await outbox.publish('m.other-program', uuid7(), {}, { programId: other })
    await outbox.publish('m.area', uuid7(), {}, { areaId: village })
    await outbox.publishSet(
      'm.both',
      sql`SELECT ${uuid7()}::uuid AS subject_id, '{}'::jsonb AS payload, ${PROGRAM}::uuid AS program_id, ${village}::uuid AS area_id`,
    )
    await outbox.publish('m.elsewhere', uuid7(), {}, { programId: PROGRAM, areaId: foreign })
    await settled()
    const heardBy = (scope: Parameters<typeof personWith>[1]) => reader(personWith('integrator', scope))()
    assert.equal((await heardBy({})).length, 6)
    assert.deepEqual(await heardBy({ programIds: [PROGRAM] }), ['m.program', 'm.both', 'm.elsewhere'])
    assert.deepEqual(await heardBy({ areaIds: [area] }), ['m.area', 'm.both'])
    assert.deepEqual(await heardBy({ programIds: [PROGRAM], areaIds: [area] }), ['m.both'])
    assert.deepEqual(await heardBy({ programIds: [uuid7()] }), [])

    // Where there is nothing to hear, the cursor names the time and no message.
    const nobody = personWith('integrator', { programIds: [uuid7()] })
    const { items, next } = await messages.after(nobody, {}, { limit: 1 })
    assert.deepEqual([items, decodeCursor(next, 2)[1]], [[], '00000000-0000-0000-0000-000000000000'])
    await assert.rejects(messages.after(personWith('registrar'), {}, { limit: 1 }), { code: 'forbidden' })
  })

  it('name what they are about as it is named outside, give no payload, and are chosen by type', async () => {
    await outbox.publish('program.activated', PROGRAM, { secret: 1 }, { programId: PROGRAM })
    await outbox.publish('nameless.happened', uuid7())
    await settled()
    const { items } = await messages.after(everywhere, {}, { limit: 10 })
    assert.deepEqual(
      items.map(m => [m.type, m.subject, m.program]),
      [
        ['program.activated', 'program:CASH', 'CASH'],
        ['nameless.happened', null, null],
      ],
    )
    assert.deepEqual(Object.keys(items[0]!), ['id', 'type', 'occurredAt', 'subject', 'program'])
    assert.deepEqual(await reader(everywhere, 'program.')(), ['program.activated'])
    assert.deepEqual(await reader(everywhere, '%')(), [])
  })
})
