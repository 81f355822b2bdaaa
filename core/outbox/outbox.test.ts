import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { systemClock, systemIds, uuid7 } from '../kernel/index.ts'
import { type Consumer, createOutbox, type Message } from './index.ts'

describe('the outbox', () => {
  let db: TestDatabase
  let outbox: ReturnType<typeof createOutbox>

  beforeEach(async () => {
    db = await testDatabase()
    outbox = createOutbox({ db, ids: systemIds, clock: systemClock })
  })
  afterEach(() => db.close())

  const listener = (types: string[]): { heard: Message[]; consumer: Consumer } => {
    const heard: Message[] = []
    return { heard, consumer: { name: 'test', types, take: async m => void heard.push(m) } }
  }

  it('tells each message that committed, in order, to those who listen to its type', async () => {
    const subject = uuid7()
    await db.transaction(() => outbox.publish('cycle.approved', subject, { n: 1 }))
    await db.transaction(() => outbox.publish('other.happened', subject))
    await db.transaction(() => outbox.publish('cycle.approved', subject, { n: 2 }))
    await db
      .transaction(async () => {
        await outbox.publish('cycle.approved', subject, { n: 3 })
        throw new Error('rolled back')
      })
      .catch(() => {})
    const { heard, consumer } = listener(['cycle.approved'])
    assert.equal(await outbox.relay([consumer]), 3)
    assert.deepEqual(
      heard.map(m => [m.subjectId, m.payload]),
      [
        [subject, { n: 1 }],
        [subject, { n: 2 }],
      ],
    )
    assert.equal(await outbox.relay([consumer]), 0, 'told once')
  })

  it('tells a message again, with the same id, when whoever took it failed', async () => {
    await db.transaction(() => outbox.publish('cycle.approved', uuid7()))
    const ids: string[] = []
    const failing: Consumer = {
      name: 'failing',
      types: ['cycle.approved'],
      take: async m => {
        ids.push(m.id)
        if (ids.length === 1) throw new Error('down')
      },
    }
    await assert.rejects(outbox.relay([failing]), /down/)
    assert.equal(await outbox.relay([failing]), 1)
    assert.equal(ids[0], ids[1])
  })

  it('is relayed by several processes without telling anything twice', async () => {
    for (let n = 0; n < 250; n++) await db.transaction(() => outbox.publish('cycle.approved', uuid7()))
    const { heard, consumer } = listener(['cycle.approved'])
    const told = await Promise.all(Array.from({ length: 4 }, () => outbox.relay([consumer])))
    assert.equal(
      told.reduce((a, b) => a + b),
      250,
    )
    assert.equal(new Set(heard.map(m => m.id)).size, 250)
  })

  it('wakes one relay, however many messages there are', async () => {
    for (let n = 0; n < 5; n++) await db.transaction(() => outbox.publish('cycle.approved', uuid7()))
    const waiting = await db.query(
      sql`SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'outbox.relay'`,
    )
    assert.equal(waiting.length, 1)
  })
})
