import sql from 'sql-template-tag'
import { requireWholeProgram } from '../access/index.ts'
import type { JobHandler, JobRun } from '../jobs/index.ts'
import type { CycleRow } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import { chunkStatements } from './prepare.sql.ts'

const NO_ONE = '00000000-0000-0000-0000-000000000000'

/** How a preparation went. `superseded`: another one was asked for, or the cycle was cancelled; it left nothing. */
export type PreparationResult =
  | { superseded: true }
  | { enrolled: number; entitlements: number; zeros: number; exceptions: number }

/**
 * The job: removes the former preparation, then walks the enrolments by registrant, a transaction a chunk. The
 * cycle's cursor moves with each chunk, so a job that died goes on where it stopped. Nothing is seen until the
 * last transaction makes the cycle `prepared`.
 */
export const prepareJob =
  (deps: ProgramsDeps): JobHandler =>
  async (run, payload) => {
    const { cycleId, preparation } = payload as { cycleId: string; preparation: number }
    for (;;) {
      await run.checkpoint()
      const result = await deps.db.transaction(() => step(deps, run, cycleId, preparation))
      if (!result) continue
      await deps.db.query(sql`SELECT programs.analyze_filled()`)
      return result
    }
  }

/** One transaction of the work; gives the result when there is nothing more to do. */
const step = async (
  deps: ProgramsDeps,
  run: JobRun,
  cycleId: string,
  preparation: number,
): Promise<PreparationResult | undefined> => {
  const { db } = deps
  const cycle = await db.one<CycleRow>(sql`SELECT * FROM programs.cycles WHERE id = ${cycleId} FOR UPDATE`)
  if (!cycle || cycle.preparation !== preparation) return { superseded: true }
  if (cycle.state === 'prepared') return resultOf(deps, cycle)
  if (cycle.state !== 'draft') return { superseded: true }
  requireWholeProgram(run.ctx, 'cycle:prepare', cycle.program_id)
  if (cycle.prepared_up_to === null) return clear(deps, cycle)
  return prepareChunk(deps, run, cycle)
}

/** Removes what a former preparation made. It was never approved, so nothing else speaks of it. */
const clear = async ({ db }: ProgramsDeps, { id }: CycleRow): Promise<undefined> => {
  await db.run(sql`DELETE FROM programs.entitlements WHERE cycle_id = ${id}`)
  await db.run(sql`DELETE FROM programs.findings WHERE cycle_id = ${id}`)
  await db.run(sql`DELETE FROM programs.totals WHERE cycle_id = ${id}`)
  await db.run(sql`UPDATE programs.cycles SET prepared_up_to = ${NO_ONE} WHERE id = ${id}`)
}

const prepareChunk = async (deps: ProgramsDeps, run: JobRun, cycle: CycleRow) => {
  const { db, audit } = deps
  const from = cycle.prepared_up_to as string
  const chunk = (await db.one<{ n: number; enrolled: number; up_to: string | null }>(sql`
    SELECT count(*)::int AS n, (count(*) FILTER (WHERE status = 'enrolled'))::int AS enrolled,
      max(registrant_id::text) AS up_to
    FROM (SELECT registrant_id, status FROM programs.enrolments
      WHERE program_id = ${cycle.program_id} AND ended_on IS NULL AND registrant_id > ${from}
      ORDER BY registrant_id LIMIT ${deps.chunk}) next`))!
  if (chunk.up_to !== null) {
    const basis = cycle.basis!
    const attributes = await deps.attributeTypes()
    const evaluation = { kind: basis.target, today: cycle.evaluation_date as string, attributes }
    const { id: cycleId, program_id: programId } = cycle
    let items = 0
    for (const statement of chunkStatements({
      cycleId,
      programId,
      basis,
      evaluation,
      from,
      upTo: chunk.up_to,
    }))
      items = await db.run(statement)
    await audit.record(run.ctx, {
      action: 'entitlement.prepare',
      subject: { type: 'cycle', id: cycleId },
      items,
      after: { ofPreparation: cycle.preparation, registrantsAfter: from, registrantsUpTo: chunk.up_to },
    })
  }
  const enrolled = Number(cycle.enrolled) + chunk.enrolled
  await db.run(sql`
    UPDATE programs.cycles SET prepared_up_to = ${chunk.up_to ?? from}, enrolled = ${enrolled} WHERE id = ${cycle.id}`)
  await run.progress(enrolled)
  return chunk.n < deps.chunk ? finish(deps, run, cycle) : undefined
}

/** Sums up, and lets the preparation be seen. */
const finish = async (deps: ProgramsDeps, run: JobRun, cycle: CycleRow): Promise<PreparationResult> => {
  const { db, clock, audit, outbox } = deps
  await db.run(sql`
    INSERT INTO programs.totals (cycle_id, component_id, area_id, entitlements, amount, zeros, exceptions)
    SELECT ${cycle.id}::uuid, component_id, area_id, sum(n), sum(amount), sum(zeros), sum(exceptions)
    FROM (
      SELECT component_id, area_id, count(*) AS n, sum(amount) AS amount, 0 AS zeros, 0 AS exceptions
      FROM programs.entitlements WHERE cycle_id = ${cycle.id} GROUP BY component_id, area_id
      UNION ALL
      SELECT component_id, area_id, 0, 0, count(*) FILTER (WHERE problem = 'zero'), count(*) FILTER (WHERE problem <> 'zero')
      FROM programs.findings WHERE cycle_id = ${cycle.id} GROUP BY component_id, area_id
    ) parts
    GROUP BY component_id, area_id`)
  const after = (await db.one<CycleRow>(sql`
    UPDATE programs.cycles SET state = 'prepared', prepared_at = ${clock.now()}, compared_with = (
      SELECT id FROM programs.cycles
      WHERE program_id = ${cycle.program_id} AND id <> ${cycle.id} AND state IN ('approved', 'distributing', 'closed')
      ORDER BY decided_at DESC LIMIT 1)
    WHERE id = ${cycle.id} RETURNING *`))!
  const result = await resultOf(deps, after)
  await audit.record(run.ctx, {
    action: 'cycle.prepared',
    subject: { type: 'cycle', id: cycle.id },
    before: { state: 'draft' },
    after: { state: 'prepared', ...result },
  })
  await outbox.publish(
    'cycle.prepared',
    cycle.id,
    { preparation: cycle.preparation },
    { programId: cycle.program_id },
  )
  return result
}

const resultOf = async ({ db }: ProgramsDeps, cycle: CycleRow) => {
  const sums = (await db.one<{ entitlements: string; zeros: string; exceptions: string }>(sql`
    SELECT coalesce(sum(entitlements), 0)::text AS entitlements, coalesce(sum(zeros), 0)::text AS zeros,
      coalesce(sum(exceptions), 0)::text AS exceptions
    FROM programs.totals WHERE cycle_id = ${cycle.id}`))!
  return {
    enrolled: Number(cycle.enrolled),
    entitlements: Number(sums.entitlements),
    zeros: Number(sums.zeros),
    exceptions: Number(sums.exceptions),
  }
}
