import { type Permission, requireEverywhere, requireProgram } from '../access/index.ts'
import type { Ctx } from '../kernel/index.ts'

/**
 * Refuses work on the payments of a whole program to those whose grant for it covers only some areas; to those
 * without one at all, exactly as if it did not exist.
 */
export const requireWholeProgram = (ctx: Ctx, permission: Permission, programId: string): void => {
  requireProgram(ctx, permission, programId)
  const grants = ctx.actor.grants.filter(g => g.programIds === null || g.programIds.includes(programId))
  requireEverywhere({ ...ctx, actor: { ...ctx.actor, grants } }, permission)
}
