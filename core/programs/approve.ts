import type { Ctx } from '../kernel/index.ts'
import type { ProgramsDeps } from './index.ts'
import { cycleToMove } from './moves.ts'

/**
 * Approves a submitted cycle, as far as it is for the actor to say: with the last of those who have to agree, what was
 * submitted becomes due, and its cash is committed in the fund, all in one transaction. Throws `rule_violated`:
 * `maker-is-checker` for whoever prepared or submitted it (a person, whatever their account), `fund-exceeded`; and
 * `conflict` (`digest-differs`) when its content is not what was submitted: then it goes back.
 */
export const approveCycle =
  (deps: ProgramsDeps) =>
  async (ctx: Ctx, reference: string): Promise<void> => {
    const cycle = await cycleToMove(deps, ctx, reference, 'approve')
    await deps.approvals.decideOn(ctx, 'cycle', cycle.id, { verdict: 'approve' })
  }

/** Gives a submitted cycle back to those who prepare it, with a comment that says why. */
export const returnCycle =
  (deps: ProgramsDeps) =>
  async (ctx: Ctx, reference: string, comment: string): Promise<void> => {
    const cycle = await cycleToMove(deps, ctx, reference, 'return')
    await deps.approvals.decideOn(ctx, 'cycle', cycle.id, { verdict: 'return', comment })
  }
