import sql from 'sql-template-tag'
import { approvalsOver } from '#tests/support/approvals.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { createAreas } from '../../areas/index.ts'
import { createAudit } from '../../audit/index.ts'
import { connect } from '../../db/index.ts'
import { createFiles } from '../../files/index.ts'
import { createJobs, type JobRun } from '../../jobs/index.ts'
import { type Ctx, manualClock, systemCtx, systemIds, uuid7 } from '../../kernel/index.ts'
import { createKeys } from '../../keys/index.ts'
import { createOutbox } from '../../outbox/index.ts'
import { createRegistry } from '../../registry/index.ts'
import { createImports, type ImportOptions, type ImportsDeps, type ImportView } from '../index.ts'

export const HEADER =
  'Household,Relation,Full name,Sex,Date of birth,Phone,Area code,Identifier,Account kind,Account'

export type Rig = Awaited<ReturnType<typeof startRig>>

/** Imports over a database of their own with the areas SN01 and SN02, and short ways to use them. */
export const startRig = async () => {
  const db = await testDatabase()
  const ctx: Ctx = systemCtx('test', 'req-1')
  const areaIds = await makeAreas(db)
  const clock = manualClock('2026-11-22T09:00:00Z')
  const ids = systemIds
  const keys = createKeys({ db, clock, ids, masterKey: Buffer.alloc(32, 7) })
  const audit = createAudit({ db, keys, clock })
  const files = createFiles({ db, clock, ids, audit })
  const jobs = createJobs({ db, ids, clock, audit })
  const outbox = createOutbox({ db, ids, clock })
  const areas = createAreas({ db, ids, audit, outbox })
  const areasFor = async () => areaIds
  const registry = createRegistry({ db, clock, ids, audit, outbox })
  const base = { db, audit, outbox, clock, ids }
  const { approvals, imports } = importsOver({ ...base, ...registry, files, jobs, areas, areasFor })

  const upload = async (content: string | Buffer) => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    const stored = await files.store(
      ctx,
      { name: 'people.csv', mediaType: 'text/csv', maxBytes: 1e9 },
      (async function* () {
        yield bytes
      })(),
    )
    return stored.id
  }

  const idOf = async (im: ImportView) => {
    const row = await db.one(
      sql`SELECT subject_id FROM jobs.jobs WHERE kernel.reference('JB', ref) = ${im.job}`,
    )
    return row!.subject_id as string
  }

  /** Runs the job that an import waits for, as a worker would. */
  const work = async (im: ImportView, more: Partial<JobRun> & { ctx?: Ctx } = {}): Promise<ImportView> => {
    const kind = { testing: 'imports.test', committing: 'imports.commit', undoing: 'imports.undo' }[
      im.state as string
    ]!
    const job = await db.one(sql`
      SELECT payload FROM graphile_worker._private_jobs WHERE (payload->'ticket'->>'jobId')::uuid IN
        (SELECT id FROM jobs.jobs WHERE kernel.reference('JB', ref) = ${im.job})`)
    const { ticket: _, ...payload } = job!.payload
    await imports.handlers[kind]!(runOf(ctx, more), payload)
    return imports.get(ctx, im.reference)
  }

  /** Uploads and tests; rows go under `HEADER`, a text is a whole file. */
  const test = async (rows: string | readonly string[], options: ImportOptions = { country: 'SN' }) => {
    const content = typeof rows === 'string' ? rows : [HEADER, ...rows].join('\n')
    const im = await imports.start(ctx, await upload(content), options)
    return work(im).catch(() => imports.get(ctx, im.reference))
  }
  const commit = async (im: ImportView, options = {}) =>
    work(await imports.commit(ctx, im.reference, options))

  /** What was found, as `line severity column code`. */
  const issues = async (im: ImportView) => {
    const { items } = await imports.issues(ctx, im.reference, {}, { limit: 100 })
    return items.map(i => `${i.line} ${i.severity} ${i.column ?? '-'} ${i.code}`)
  }
  const badRows = async (im: ImportView) => {
    let text = ''
    for await (const part of await imports.badRows(ctx, im.reference)) text += part
    return text
  }

  /** Everyone, by name, with what belongs to them and is live. */
  const people = async () =>
    (
      await db.query(sql`
        SELECT p.name, p.sex, p.birth_date, p.birth_precision, p.phones, p.status, p.version, a.code AS area, g.name AS household,
          m.roles, m.relationship, i.value AS identifier, c.kind AS account_kind, c.value AS account
        FROM registry.registrants p
        LEFT JOIN areas.areas a ON a.id = p.area_id
        LEFT JOIN registry.memberships m ON m.member_id = p.id AND m.ended_on IS NULL
        LEFT JOIN registry.registrants g ON g.id = m.group_id
        LEFT JOIN registry.identifiers i ON i.registrant_id = p.id AND i.status = 'live'
        LEFT JOIN registry.payment_accounts c ON c.registrant_id = p.id AND c.status = 'live'
        WHERE p.kind = 'individual' ORDER BY p.name, p.created_at`)
    ).map(row => ({ ...row }))

  /** Individuals, groups, memberships, identifiers, accounts. */
  const counts = async () => {
    const row = await db.one(sql`
      SELECT (SELECT count(*) FROM registry.registrants WHERE kind = 'individual')::int AS people,
        (SELECT count(*) FROM registry.registrants WHERE kind = 'group')::int AS groups,
        (SELECT count(*) FROM registry.memberships)::int AS memberships,
        (SELECT count(*) FROM registry.identifiers)::int AS identifiers,
        (SELECT count(*) FROM registry.payment_accounts)::int AS accounts`)
    return Object.values(row!)
  }

  /**
   * Empties the registry, and forgets which files were imported into it. The tables are as new: of rows that are only
   * deleted, the server would go on to think that there are none however many come.
   */
  const empty = async () => {
    const owner = connect({ url: db.adminUrl })
    await owner.run(sql`
      TRUNCATE registry.registrants, registry.memberships, registry.identifiers, registry.payment_accounts`)
    await owner.close()
    await db.query(sql`DELETE FROM imports.imports`)
  }

  return {
    approvals,
    db,
    ctx,
    areaIds,
    registry,
    imports,
    idOf,
    work,
    upload,
    test,
    commit,
    issues,
    badRows,
    people,
    counts,
    empty,
  }
}

/** What a worker would hand to a job; `more` may have a `ctx` that changes while it runs. */
const runOf = (ctx: Ctx, more: Partial<JobRun>): JobRun => {
  const run = { id: uuid7(), ctx, progress: async () => {}, checkpoint: async () => {} }
  return Object.defineProperties(run, Object.getOwnPropertyDescriptors(more))
}

/** Imports, and the engine that approves them. */
const importsOver = (deps: Omit<ImportsDeps, 'approvals'>) => {
  const { approvals, subjects } = approvalsOver(deps)
  const imports = createImports({ ...deps, approvals })
  subjects.push(imports.approvalSubject)
  return { approvals, imports }
}

const makeAreas = async (db: TestDatabase): Promise<Map<string, string>> => {
  const ids = new Map<string, string>()
  const root = uuid7()
  await db.query(sql`INSERT INTO areas.areas (id, code, level, name) VALUES (${root}, 'SN', 0, 'Senegal')`)
  await db.query(sql`INSERT INTO areas.closure VALUES (${root}, ${root})`)
  for (const code of ['SN01', 'SN02']) {
    const id = uuid7()
    ids.set(code, id)
    await db.query(
      sql`INSERT INTO areas.areas (id, code, parent_id, level, name) VALUES (${id}, ${code}, ${root}, 1, ${code})`,
    )
    await db.query(sql`INSERT INTO areas.closure VALUES (${root}, ${id}), (${id}, ${id})`)
  }
  return ids
}
