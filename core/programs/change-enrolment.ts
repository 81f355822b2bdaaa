import sql from 'sql-template-tag'
import { requirePermission, visible } from '../access/index.ts'
import { type Ctx, changesOf, conflict, dayOf, invalidField, notFound, refFromPath } from '../kernel/index.ts'
import type { ProgramsDeps } from './index.ts'
import { type EnrolmentStatus, EXIT_REASONS } from './rules.ts'

/** What may be done to one enrolment. An exit names one of `EXIT_REASONS`, a suspension says why in words. */
export type EnrolmentChange =
  | { to: 'suspended'; reason: string }
  | { to: 'enrolled' }
  | { to: 'exited'; reason: string }

const FROM: Record<EnrolmentChange['to'], readonly EnrolmentStatus[]> = {
  suspended: ['enrolled'],
  enrolled: ['suspended', 'candidate', 'waitlisted'],
  exited: ['enrolled', 'suspended', 'candidate', 'waitlisted'],
}

/** Suspends, resumes or exits one enrolment. Throws `conflict` (`enrolment-status`) when its status does not allow it. */
export const changeEnrolment =
  ({ db, clock, audit, outbox }: ProgramsDeps) =>
  async (ctx: Ctx, reference: string, change: EnrolmentChange): Promise<EnrolmentStatus> => {
    requirePermission(ctx, 'enrolment:write')
    const reason = reasonOf(change)
    return db.transaction(async () => {
      const before = await db.one<{
        id: string
        status: EnrolmentStatus
        reason: string | null
        ended_on: string | null
        program_id: string
        area_id: string
      }>(sql`
        SELECT e.id, e.status, e.reason, e.ended_on, e.program_id, t.area_id FROM programs.enrolments e
        JOIN registry.people t ON t.id = e.registrant_id
        WHERE e.ref = ${refFromPath('enrolment', reference)}
          AND ${visible(ctx, 'enrolment:write', { area: sql`t.area_id`, program: sql`e.program_id` })}
        FOR UPDATE OF e`)
      if (!before) throw notFound('enrolment')
      if (!FROM[change.to].includes(before.status))
        throw conflict(
          `The enrolment is ${before.status} and cannot become ${change.to}.`,
          'enrolment-status',
        )
      const endedOn = change.to === 'exited' ? dayOf(clock.now()) : null
      await db.run(sql`
        UPDATE programs.enrolments
        SET status = ${change.to}, reason = ${reason}, ended_on = ${endedOn}, version = version + 1
        WHERE id = ${before.id}`)
      await audit.record(ctx, {
        action: `enrolment.${change.to === 'enrolled' ? 'resume' : change.to === 'suspended' ? 'suspend' : 'exit'}`,
        subject: { type: 'enrolment', id: before.id },
        ...changesOf(
          { status: before.status, reason: before.reason, endedOn: before.ended_on },
          { status: change.to, reason, endedOn },
        ),
      })
      await outbox.publish(
        `enrolment.${change.to}`,
        before.id,
        { reference },
        { programId: before.program_id, areaId: before.area_id },
      )
      return change.to
    })
  }

const reasonOf = (change: EnrolmentChange): string | null => {
  if (change.to === 'enrolled') return null
  const reason = (change.reason ?? '').trim()
  if (change.to === 'exited' && !EXIT_REASONS.some(known => known === reason))
    throw invalidField('/reason', 'reason', `An exit has one of these reasons: ${EXIT_REASONS.join(', ')}.`)
  if (reason === '' || reason.length > 500)
    throw invalidField('/reason', 'reason', 'Say why, in at most 500 characters.')
  return reason
}
