import sql from 'sql-template-tag'
import { requireWholeProgram } from '../access/index.ts'
import { violated } from '../db/index.ts'
import { type Ctx, conflict, formatReference, type Issue, invalid } from '../kernel/index.ts'
import { programByCode } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import { CODE } from './rules.ts'

/** A round of giving: its code within the program, and the days (both included) on which its entitlements are valid. */
export type NewCycle = { code: string; name: string; validFrom: string; validUntil: string }

/** Opens a cycle of an active program, as a draft. Throws `conflict` (`code-taken`) for a code the program has. */
export const openCycle =
  ({ db, ids, clock, audit }: ProgramsDeps) =>
  async (ctx: Ctx, programCode: string, input: NewCycle): Promise<{ reference: string }> => {
    const { code, name, validFrom, validUntil } = input
    const [id, ref] = [ids.uuid(), ids.ref()]
    const open = async () => {
      const program = await programByCode(db, ctx, 'cycle:prepare', programCode)
      requireWholeProgram(ctx, 'cycle:prepare', program.id)
      if (program.state !== 'active')
        throw conflict(`The program is ${program.state}; only an active one has cycles.`, 'program-state')
      check(input)
      await db.run(sql`
        INSERT INTO programs.cycles (id, ref, program_id, code, name, valid_from, valid_until, created_at)
        VALUES (${id}, ${ref}, ${program.id}, ${code}, ${name}, ${validFrom}, ${validUntil}, ${clock.now()})`)
      await audit.record(ctx, {
        action: 'cycle.open',
        subject: { type: 'cycle', id },
        after: { program: programCode, code, name, validFrom, validUntil, state: 'draft', preparation: 0 },
      })
      return { reference: formatReference('cycle', ref) }
    }
    return db.transaction(open).catch(error => {
      if (violated(error) !== 'cycles_code') throw error
      throw conflict(`The program already has a cycle with the code ${code}.`, 'code-taken')
    })
  }

const check = ({ code, name, validFrom, validUntil }: NewCycle): void => {
  const issues: Issue[] = []
  const refuse = (pointer: string, problem: string, detail: string) =>
    issues.push({ pointer, code: problem, detail })
  if (!CODE.test(code)) refuse('/code', 'code', 'A code has 1 to 12 capital letters, digits or hyphens.')
  if (name.trim() === '' || name.length > 200) refuse('/name', 'name', 'A name has 1 to 200 characters.')
  for (const [field, day] of Object.entries({ validFrom, validUntil }))
    if (!isDay(day)) refuse(`/${field}`, 'date', 'A day is written as YYYY-MM-DD.')
  if (validUntil < validFrom) refuse('/validUntil', 'order', 'The last day is before the first.')
  if (issues.length > 0) throw invalid(issues)
}

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export const isDay = (text: string): boolean => {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(Number.NaN)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text) && text >= '1900' && text < '2200'
}
