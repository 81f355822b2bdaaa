import { type Permission, requireEverywhere, requireProgram } from '../access/index.ts'
import type { Ctx } from '../kernel/index.ts'

/**
 * Refuses work on all of a program (its cycles, its definition) to those whose grant for it covers only some
 * areas; to those without one at all, exactly as if the program did not exist.
 */
export const requireWholeProgram = (ctx: Ctx, permission: Permission, programId: string): void => {
  requireProgram(ctx, permission, programId)
  const grants = ctx.actor.grants.filter(g => g.programIds === null || g.programIds.includes(programId))
  requireEverywhere({ ...ctx, actor: { ...ctx.actor, grants } }, permission)
}
