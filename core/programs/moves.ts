import { type Permission, requirePermission, requireWholeProgram } from '../access/index.ts'
import { type Ctx, conflict } from '../kernel/index.ts'
import { type CycleRow, cycleByReference } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import { type CycleMove, canMove } from './rules.ts'

const PERMISSION: Record<CycleMove, Permission> = {
  prepare: 'cycle:prepare',
  submit: 'cycle:prepare',
  approve: 'cycle:approve',
  return: 'cycle:approve',
  cancel: 'cycle:prepare',
  distribute: 'cycle:prepare',
  close: 'cycle:prepare',
}

/**
 * A unit of work on a cycle: finds it within reach, locks it, and checks that the actor may make the move and the
 * cycle is in a state for it. Throws `conflict` (`cycle-state`) when it is not.
 */
export const moveCycle = <T>(
  deps: ProgramsDeps,
  ctx: Ctx,
  reference: string,
  move: CycleMove,
  work: (cycle: CycleRow) => Promise<T>,
): Promise<T> => deps.db.transaction(async () => work(await cycleToMove(deps, ctx, reference, move, true)))

/** A cycle within reach on which the actor may make a move, and that is in a state for it; locked when asked for. */
export const cycleToMove = async (
  { db }: ProgramsDeps,
  ctx: Ctx,
  reference: string,
  move: CycleMove,
  lock = false,
): Promise<CycleRow> => {
  const cycle = await cycleByReference(db, ctx, PERMISSION[move], reference, lock)
  requireWholeProgram(ctx, PERMISSION[move], cycle.program_id)
  requireState(cycle, move)
  return cycle
}

/** What was approved is taken back only by those who may approve. */
export const requireUndo = (ctx: Ctx, cycle: CycleRow): void => {
  if (cycle.state !== 'approved') return
  requirePermission(ctx, 'cycle:approve')
  requireWholeProgram(ctx, 'cycle:approve', cycle.program_id)
}

const requireState = ({ state }: CycleRow, move: CycleMove): void => {
  if (!canMove(state, move))
    throw conflict(`The cycle is ${state}: ${move} is not possible now.`, 'cycle-state')
}
