import assert from 'node:assert/strict'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type Rig, startRig } from './testing/rig.ts'

/** What takes away or changes what was written, in every way that SQL has. */
const CHANGES = [
  `UPDATE audit.entries SET actor_name = 'someone else'`,
  'DELETE FROM audit.entries',
  'TRUNCATE audit.entries',
  'TRUNCATE audit.entries, audit.blocks, audit.segments CASCADE',
  `UPDATE audit.blocks SET entries = 0`,
  'DELETE FROM audit.blocks',
  'UPDATE audit.segments SET entries = 0',
  'DELETE FROM audit.segments',
  'WITH gone AS (DELETE FROM audit.entries RETURNING id) SELECT count(*) FROM gone',
  `WITH changed AS (UPDATE audit.entries SET reason = 'x' RETURNING id) SELECT count(*) FROM changed`,
  `MERGE INTO audit.entries e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE`,
  `MERGE INTO audit.entries e USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET reason = 'x'`,
  `CREATE TEMP VIEW mine AS SELECT * FROM audit.entries; DELETE FROM mine`,
  `CREATE TEMP VIEW mine AS SELECT * FROM audit.entries; UPDATE mine SET reason = 'x'`,
  `INSERT INTO audit.entries SELECT * FROM audit.entries ON CONFLICT (xid, id) DO UPDATE SET reason = 'x'`,
]

/** What would make the trail let go of its guards. Only the owner can, of some. */
const GUARDS = [
  'ALTER TABLE audit.entries DISABLE TRIGGER ALL',
  'ALTER TABLE audit.entries DISABLE TRIGGER fill',
  'DROP TRIGGER append_only ON audit.entries',
  'DROP TABLE audit.entries',
  'DROP SCHEMA audit CASCADE',
  'ALTER TABLE audit.entries RENAME TO entries_old',
  'CREATE RULE hide AS ON DELETE TO audit.entries DO INSTEAD NOTHING',
  `CREATE OR REPLACE FUNCTION audit.fill() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
  `CREATE OR REPLACE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
  'CREATE TRIGGER mine BEFORE INSERT ON audit.entries FOR EACH ROW EXECUTE FUNCTION audit.refuse()',
  'GRANT DELETE ON audit.entries TO CURRENT_USER; DELETE FROM audit.entries',
  `SET session_replication_role = 'replica'`,
  'SET ROLE annona_test_owner',
  'SET SESSION AUTHORIZATION annona_test_owner',
  `COPY audit.entries TO PROGRAM 'cat'`,
]

describe('the audit trail is append-only', function () {
  this.timeout(60_000)

  let rig: Rig
  let app: pg.Client
  let owner: pg.Client
  before(async () => {
    rig = await startRig()
    await rig.write(3)
    await rig.seal()
    ;[app, owner] = [rig.db.url, rig.db.adminUrl].map(
      connectionString => new pg.Client({ connectionString }),
    ) as [pg.Client, pg.Client]
    await app.connect()
    await owner.connect()
  })
  after(async () => {
    await app.end()
    await owner.end()
    await rig.close()
  })

  /** Everything that is on the trail, as text. */
  const everything = async () => {
    const { rows } = await rig.superuser.query(
      `SELECT (SELECT string_agg(e::text, '' ORDER BY xid, id) FROM audit.entries e) AS entries,
         (SELECT string_agg(b::text, '' ORDER BY height) FROM audit.blocks b) AS blocks`,
    )
    return rows[0]
  }

  /** Tries something, commits it if it can, and fails when it went through. */
  const refused = async (client: pg.Client, attack: string, why: RegExp) => {
    const before = await everything()
    const message = await client.query(`BEGIN; ${attack}; COMMIT`).then(
      () => 'done',
      (error: Error) => error.message,
    )
    await client.query('ROLLBACK')
    assert.match(message, why, attack)
    assert.deepEqual(await everything(), before, attack)
  }

  for (const attack of [...CHANGES, ...GUARDS])
    it(`to the application: ${attack}`, () =>
      refused(app, attack, /permission denied|must be owner|must be member|append-only|superuser/i))

  for (const attack of CHANGES)
    it(`to the owner of the tables too: ${attack}`, () => refused(owner, attack, /append-only/))

  it('to an application that says a segment was taken out', () =>
    refused(
      app,
      `INSERT INTO audit.segments SELECT 1, height, height, from_xid, to_xid, entries, 'f', '', '', '', 'k', '', now()
       FROM audit.blocks`,
      /only the owner/,
    ))

  it('writes its own time, transaction and leaf, whatever an insert says', async () => {
    const columns = `xid, id, at, actor_kind, actor_id, actor_name, action, subject_type, request_id, leaf`
    const values = `'3', gen_random_uuid(), '2001-01-01', 'user', gen_random_uuid(), 'x', $1, 'thing', 'r', sha256('mine')`
    await app.query(`INSERT INTO audit.entries (${columns}) VALUES (${values})`, ['by.insert'])
    await pipeline(
      [
        `3\t${crypto.randomUUID()}\t2001-01-01\tuser\t${crypto.randomUUID()}\tx\tby.copy\tthing\tr\t\\\\x00\n`,
      ],
      app.query(copyFrom(`COPY audit.entries (${columns}) FROM STDIN`)),
    )
    const { rows } = await app.query(
      `SELECT xid > '3'::xid8 AS xid, at > now() - interval '1 hour' AS at, leaf = audit.leaf(e) AS leaf
       FROM audit.entries e WHERE action IN ('by.insert', 'by.copy')`,
    )
    assert.deepEqual(rows, Array(2).fill({ xid: true, at: true, leaf: true }))
  })
})
