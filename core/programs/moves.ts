import { type Permission, requirePermission, requireWholeProgram } from '../access/index.ts'
import { type Ctx, conflict } from '../kernel/index.ts'
import { type CycleRow, cycleByReference } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import { type CycleMove, canMove } from './rules.ts'

/** What each move needs. Cancelling needs what brought the cycle to where it is: see `requireUndo`. */
const PERMISSION: Record<CycleMove, Permission> = {
  prepare: 'cycle:prepare',
  submit: 'cycle:prepare',
  approve: 'cycle:approve',
  return: 'cycle:approve',
  cancel: 'cycle:read',
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

/** What was approved is taken back by those who may approve, everything before by those who prepare. */
export const requireUndo = (ctx: Ctx, cycle: CycleRow): void => {
  const permission = cycle.state === 'approved' ? 'cycle:approve' : 'cycle:prepare'
  requirePermission(ctx, permission)
  requireWholeProgram(ctx, permission, cycle.program_id)
}

const requireState = ({ state }: CycleRow, move: CycleMove): void => {
  if (!canMove(state, move))
    throw conflict(`The cycle is ${state}: ${move} is not possible now.`, 'cycle-state')
}
