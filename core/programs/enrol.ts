import sql, { empty } from 'sql-template-tag'
import { insertSet } from '../audit/index.ts'
import type { JobHandler } from '../jobs/index.ts'
import { type Ctx, conflict, dayOf, notFound, refFromPath, ruleViolated } from '../kernel/index.ts'
import { compileAll, type Within } from '../targeting/index.ts'
import { reach } from './eligibility.ts'
import { populationOf, savedRules } from './expressions.ts'
import { type ProgramRow, programByCode } from './find.ts'
import type { ProgramsDeps } from './index.ts'

export const ENROL_JOB = 'programs.enrol'

/**
 * Enrols everybody who is eligible and within the actor's reach, as a job. Left out are those who are or were
 * enrolled: coming back is decided for each one (`enrolOne`). Returns the job's reference.
 */
export const enrol =
  (deps: ProgramsDeps) =>
  async (ctx: Ctx, code: string, evaluationDate?: string): Promise<{ job: string }> =>
    deps.db.transaction(async () => {
      const program = await programByCode(deps.db, ctx, 'enrolment:write', code)
      requireActive(program)
      const day = evaluationDate ?? dayOf(deps.clock.now())
      const payload = { code, evaluationDate: day }
      const job = await deps.jobs.enqueue(ctx, ENROL_JOB, payload, {
        subjectId: program.id,
        subject: { type: 'program', reference: program.code },
        queue: `enrol ${program.id}`,
      })
      await deps.audit.record(ctx, {
        action: 'program.enrol',
        subject: { type: 'program', id: program.id },
        after: { evaluationDate: day, job: job.reference },
      })
      return { job: job.reference }
    })

const requireActive = (program: ProgramRow): void => {
  if (program.state !== 'active')
    throw conflict(`The program is ${program.state}; only an active one enrols.`, 'program-state')
}

/** The job: walks the population by id, a transaction a chunk. Run again, it finds who is still missing. */
export const enrolJob =
  (deps: ProgramsDeps): JobHandler =>
  async (run, payload) => {
    const { code, evaluationDate } = payload as { code: string; evaluationDate: string }
    const { db } = deps
    let enrolled = 0
    for (let after = NO_ONE as string | undefined; after !== undefined; ) {
      await run.checkpoint()
      const from = after
      after = await db.transaction(async () => {
        const program = await programByCode(db, run.ctx, 'enrolment:write', code, true)
        requireActive(program)
        const upTo = await endOfChunk(deps, program, from)
        const within: Within = id => sql`${id} > ${from} AND ${id} <= ${upTo ?? EVERYONE}`
        enrolled += await insertEnrolments(deps, run.ctx, program, evaluationDate, within)
        await run.progress(enrolled)
        return upTo
      })
    }
    await db.query(sql`SELECT programs.analyze_filled()`)
    return { enrolled }
  }

const NO_ONE = '00000000-0000-0000-0000-000000000000'
const EVERYONE = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** The last id of the chunk after `from`; none when the rest is one chunk. */
const endOfChunk = async ({ db, chunk }: ProgramsDeps, { target }: ProgramRow, from: string) => {
  const row = await db.one<{ id: string }>(sql`
    SELECT id FROM ${populationOf(target)} WHERE id > ${from} ORDER BY id OFFSET ${chunk - 1} LIMIT 1`)
  return row?.id
}

/**
 * Enrols those who are eligible; `within` is a condition on registrants' ids. `again`: also who was enrolled
 * before and is no longer. The caller holds the program's row, so nobody else enrols in between and no row can
 * clash; rows come in the order of the index that they go into.
 */
const insertEnrolments = async (
  deps: ProgramsDeps,
  ctx: Ctx,
  program: ProgramRow,
  day: string,
  within: Within,
  again = false,
): Promise<number> => {
  const attributes = await deps.attributeTypes()
  const rules = savedRules(program.rules, { kind: program.target, today: day, attributes })
  const eligible = compileAll(rules, { today: day, within })
  const trail = insertSet(
    ctx,
    {
      action: 'enrolment.open',
      subject: { type: 'program', id: program.id },
      after: { program: program.code, status: 'enrolled', startedOn: day },
    },
    sql`SELECT id FROM opened`,
  )
  const row = await deps.db.one<{ n: string }>(sql`
    WITH opened AS (
      INSERT INTO programs.enrolments (id, ref, program_id, registrant_id, status, started_on)
      SELECT kernel.uuid7(), kernel.random_ref(), ${program.id}::uuid, t.id, 'enrolled', ${day}::date
      FROM ${eligible.from} WHERE ${eligible.where} AND ${reach(ctx, 'enrolment:write', program.id)}
        AND NOT EXISTS (SELECT 1 FROM programs.enrolments e
          WHERE e.program_id = ${program.id} AND e.registrant_id = t.id ${again ? sql`AND e.ended_on IS NULL` : empty})
      ORDER BY t.id
      RETURNING id
    ), trail AS (${trail})
    SELECT count(*)::text AS n FROM opened`)
  return Number(row!.n)
}

/**
 * Enrols one registrant, also one who left the program before. Throws `rule_violated` (`not-eligible`) when a rule
 * does not hold, and `conflict` (`enrolled-already`) when there is an open enrolment.
 */
export const enrolOne =
  (deps: ProgramsDeps) =>
  async (ctx: Ctx, code: string, registrantReference: string): Promise<void> =>
    deps.db.transaction(async () => {
      const program = await programByCode(deps.db, ctx, 'enrolment:write', code, true)
      requireActive(program)
      const ref = refFromPath(program.target, registrantReference)
      const registrant = await deps.db.one<{ id: string; enrolled: boolean }>(sql`
        SELECT t.id, EXISTS (SELECT 1 FROM programs.enrolments e
          WHERE e.program_id = ${program.id} AND e.registrant_id = t.id AND e.ended_on IS NULL) AS enrolled
        FROM ${populationOf(program.target)} t WHERE t.ref = ${ref} AND ${reach(ctx, 'enrolment:write', program.id)}`)
      if (!registrant) throw notFound(program.target)
      if (registrant.enrolled) throw conflict('The registrant is enrolled already.', 'enrolled-already')
      const within: Within = id => sql`${id} = ${registrant.id}`
      const day = dayOf(deps.clock.now())
      const opened = await insertEnrolments(deps, ctx, program, day, within, true)
      if (opened === 0)
        throw ruleViolated('not-eligible', 'The registrant does not meet the rules of the program.')
    })
