import sql from 'sql-template-tag'
import { visible } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { JobCancelled, type JobHandler, type JobRun } from '../jobs/index.ts'
import { type Clock, type Ctx, DomainError } from '../kernel/index.ts'
import {
  lookUpByIndex,
  recordAccountWarnings,
  recordFindings,
  recordIdentifierWarnings,
  recordRepeats,
  resolveChunk,
} from './chunk.sql.ts'
import { endWork } from './end-work.ts'
import { recordDisagreements, recordKeptGroups, saysOfGroups } from './group-attributes.sql.ts'
import type { ImportRow, Totals } from './model.ts'
import { UnreadableTable } from './reading/issue.ts'
import type { Staging } from './stage.ts'
import { importedBefore, loadImport } from './store.ts'

type Deps = { db: Db; clock: Clock; audit: Audit; staging: Staging }

/** What one chunk would come to. */
type Outcome = { rows: number; households: number; create: number; update: number; left_out: number }

/**
 * The job `imports.test`: reads the file, checks every row against the others and the registry, records what is wrong
 * and what a commit would do. It changes nothing in the registry, and begins anew when it is run again.
 */
export const createTestJob = (deps: Deps): JobHandler => {
  const { db, staging } = deps
  const begin = async (im: ImportRow): Promise<ImportRow> => {
    await db.run(sql`DELETE FROM imports.row_issues WHERE import_id = ${im.id}`)
    await db.run(sql`DELETE FROM imports.chunks WHERE import_id = ${im.id}`)
    const { mapping, found } = await staging.examine(im)
    await db.run(sql`
      UPDATE imports.imports SET mapping = ${JSON.stringify(mapping)}, found = ${JSON.stringify(found)}
      WHERE id = ${im.id}`)
    return { ...im, mapping, found }
  }

  const checkChunk = (run: JobRun, im: ImportRow, chunk: number): Promise<Outcome> =>
    db.transaction(async () => {
      await db.run(lookUpByIndex)
      if (saysOfGroups(im)) await db.run(recordDisagreements(im, chunk))
      await db.run(resolveChunk(im, chunk, visible(run.ctx, 'registrant:write', { area: sql`k.area_id` })))
      await db.run(recordFindings(im))
      await db.run(recordAccountWarnings(im))
      await db.run(recordIdentifierWarnings(im))
      if (saysOfGroups(im)) await db.run(recordKeptGroups(im))
      const outcome = await db.one<Outcome>(sql`
        SELECT count(*)::int AS rows, count(DISTINCT household)::int AS households,
          count(*) FILTER (WHERE NOT is_left_out AND NOT is_known)::int AS create,
          count(*) FILTER (WHERE NOT is_left_out AND is_known)::int AS update,
          count(*) FILTER (WHERE is_left_out)::int AS left_out
        FROM chunk`)
      return outcome!
    })

  const check = async (run: JobRun, im: ImportRow, rows: number): Promise<Totals> => {
    await db.run(recordRepeats(im))
    await recordImportedBefore(db, im)
    const totals: Totals = { ...NOTHING }
    for (const { chunk } of await db.query<{ chunk: number }>(
      sql`SELECT chunk FROM imports.chunks WHERE import_id = ${im.id} ORDER BY chunk`,
    )) {
      await run.checkpoint()
      const outcome = await checkChunk(run, im, chunk)
      totals.rows += outcome.rows
      totals.households += outcome.households
      totals.create += outcome.create
      totals.update += outcome.update
      totals.leftOut += outcome.left_out
      await run.progress(rows + totals.rows, 2 * rows)
    }
    return { ...totals, ...(await countIssues(db, im.id)) }
  }

  return async (run, payload) => {
    let im = await loadImport(db, payload.importId as string)
    if (im.state !== 'testing') return undefined
    try {
      im = await begin(im)
      const rows = await staging.stage(run.ctx, im, true, async rows => {
        await run.checkpoint()
        await run.progress(rows)
      })
      const totals = await check(run, im, rows)
      await endWork(deps, run.ctx, im.id, ['testing', 'tested'], totals)
      return totals
    } catch (error) {
      if (error instanceof JobCancelled) await giveUp(deps, run.ctx, im.id, 'cancelled')
      if (!(error instanceof UnreadableTable)) throw error
      await recordUnreadable(db, im, error)
      await giveUp(deps, run.ctx, im.id, 'refused')
      throw new DomainError('invalid', error.message, { cause: error })
    }
  }
}

const NOTHING: Totals = {
  rows: 0,
  households: 0,
  create: 0,
  update: 0,
  leftOut: 0,
  errors: 0,
  conflicts: 0,
  held: 0,
  warnings: 0,
}

const giveUp = async (deps: Deps, ctx: Ctx, id: string, state: 'cancelled' | 'refused') => {
  await deps.db.run(sql`DELETE FROM imports.staged_rows WHERE import_id = ${id}`)
  await endWork(deps, ctx, id, ['testing', state])
}

const recordUnreadable = async (db: Db, im: ImportRow, error: UnreadableTable) => {
  for (const { line, column, code, message } of error.issues)
    await db.run(sql`
      INSERT INTO imports.row_issues (import_id, line, severity, column_name, code, message)
      VALUES (${im.id}, ${line}, 'error', ${column === null ? null : String(im.found?.header[column - 1] ?? column)}, ${code}, ${message})`)
}

/** A warning at the header: households in which nobody has an identifier would be made once more. */
const recordImportedBefore = async (db: Db, im: ImportRow) => {
  const before = await importedBefore(db, im)
  if (!before) return
  const message = `The same file was imported before: ${before.reference}, on ${before.on}.`
  await db.run(sql`
    INSERT INTO imports.row_issues (import_id, line, severity, column_name, code, message)
    VALUES (${im.id}, 1, 'warning', NULL, 'file-imported-before', ${message})`)
}

/** How many rows have issues of each severity. */
export const countIssues = async (
  db: Db,
  id: string,
): Promise<Pick<Totals, 'errors' | 'conflicts' | 'held' | 'warnings'>> => {
  const counts = await db.one<Pick<Totals, 'errors' | 'conflicts' | 'held' | 'warnings'>>(sql`
    SELECT count(DISTINCT line) FILTER (WHERE severity = 'error')::int AS errors,
      count(DISTINCT line) FILTER (WHERE severity = 'conflict')::int AS conflicts,
      count(DISTINCT line) FILTER (WHERE severity = 'held')::int AS held,
      count(DISTINCT line) FILTER (WHERE severity = 'warning')::int AS warnings
    FROM imports.row_issues WHERE import_id = ${id}`)
  return counts!
}
