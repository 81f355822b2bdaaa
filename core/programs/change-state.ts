import sql from 'sql-template-tag'
import { requireWholeProgram } from '../access/index.ts'
import type { Db } from '../db/index.ts'
import { type Ctx, conflict } from '../kernel/index.ts'
import { programByCode } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import type { ProgramState } from './rules.ts'

const FROM: Record<'active' | 'ended', readonly ProgramState[]> = {
  active: ['draft'],
  ended: ['draft', 'active'],
}

/**
 * Activates a draft, or ends a program for good. Throws `conflict` (`program-state`) when it is in another state,
 * and (`cycles-open`) when it is to end with cycles that are neither closed nor cancelled.
 */
export const changeState =
  ({ db, audit, outbox }: ProgramsDeps) =>
  async (ctx: Ctx, code: string, to: 'active' | 'ended'): Promise<ProgramState> =>
    db.transaction(async () => {
      const program = await programByCode(db, ctx, 'program:write', code, true)
      requireWholeProgram(ctx, 'program:write', program.id)
      if (program.state === to) return to
      if (!FROM[to].includes(program.state))
        throw conflict(`The program is ${program.state} and cannot become ${to}.`, 'program-state')
      if (to === 'ended') await requireNoOpenCycle(db, program.id)
      await db.run(
        sql`UPDATE programs.programs SET state = ${to}, version = version + 1 WHERE id = ${program.id}`,
      )
      await audit.record(ctx, {
        action: to === 'active' ? 'program.activate' : 'program.end',
        subject: { type: 'program', id: program.id },
        before: { state: program.state, version: program.version },
        after: { state: to, version: program.version + 1 },
      })
      await outbox.publish(
        to === 'active' ? 'program.activated' : 'program.ended',
        program.id,
        { code },
        { programId: program.id },
      )
      return to
    })

const requireNoOpenCycle = async (db: Db, programId: string): Promise<void> => {
  const open = await db.one(sql`
    SELECT 1 FROM programs.cycles WHERE program_id = ${programId} AND state NOT IN ('closed', 'cancelled') LIMIT 1`)
  if (open)
    throw conflict('The program still has cycles that are neither closed nor cancelled.', 'cycles-open')
}
