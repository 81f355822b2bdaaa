import sql from 'sql-template-tag'
import { type Ctx, changesOf, dayOf, formatReference, invalidField } from '../kernel/index.ts'
import { type CycleBasis, type CycleRow, componentsOf, type ProgramRow } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import { moveCycle } from './moves.ts'
import { isDay } from './open-cycle.ts'

export const PREPARE_JOB = 'programs.prepare'

/**
 * Asks for a cycle to be prepared, as a job: who is due what, by the rules and components the program has now, on
 * the evaluation date (`YYYY-MM-DD`; today when left out). A former preparation is replaced; from here on it is
 * not seen any more. Returns the job's reference.
 */
export const prepareCycle =
  (deps: ProgramsDeps) =>
  async (ctx: Ctx, reference: string, evaluationDate?: string): Promise<{ job: string }> => {
    const { db, clock, audit, jobs } = deps
    const day = evaluationDate ?? dayOf(clock.now())
    if (!isDay(day))
      throw invalidField(
        '/evaluationDate',
        'date',
        'A day is written as YYYY-MM-DD, in the years 1900 to 2199.',
      )
    return moveCycle(deps, ctx, reference, 'prepare', async cycle => {
      const basis = await basisOf(deps, cycle)
      const preparation = cycle.preparation + 1
      await db.run(sql`
        UPDATE programs.cycles SET state = 'draft', preparation = ${preparation}, prepared_up_to = NULL, enrolled = 0,
          evaluation_date = ${day}, basis = ${JSON.stringify(basis)}::jsonb, compared_with = NULL,
          prepared_by = ${ctx.actor.id}, prepared_by_name = ${ctx.actor.name}, prepared_at = NULL
        WHERE id = ${cycle.id}`)
      const payload = { cycleId: cycle.id, preparation }
      const job = await jobs.enqueue(ctx, PREPARE_JOB, payload, {
        subjectId: cycle.id,
        subject: { type: 'cycle', reference: formatReference('cycle', cycle.ref) },
        queue: `prepare ${cycle.id}`,
      })
      await audit.record(ctx, {
        action: 'cycle.prepare',
        subject: { type: 'cycle', id: cycle.id },
        ...changesOf(
          {
            state: cycle.state,
            preparation: cycle.preparation,
            evaluationDate: cycle.evaluation_date,
            basis: cycle.basis,
          },
          { state: 'draft', preparation, evaluationDate: day, basis },
        ),
      })
      return { job: job.reference }
    })
  }

/** What the cycle is prepared from, as it is at this moment: later changes of the program do not reach it. */
const basisOf = async ({ db }: ProgramsDeps, cycle: CycleRow): Promise<CycleBasis> => {
  const program = (await db.one<ProgramRow>(sql`
    SELECT target, currency, fund_id, rules FROM programs.programs WHERE id = ${cycle.program_id}`))!
  return {
    target: program.target,
    currency: program.currency,
    fundId: program.fund_id,
    rules: program.rules,
    components: await componentsOf(db, cycle.program_id),
  }
}
