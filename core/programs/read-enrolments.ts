import sql, { empty } from 'sql-template-tag'
import { requirePermission, visible } from '../access/index.ts'
import {
  type Ctx,
  formatReference,
  notFound,
  type Page,
  type PageRequest,
  pageOf,
  parseReference,
} from '../kernel/index.ts'
import { idsFromCursor, programByCode } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import type { EnrolmentStatus, Target } from './rules.ts'

/** One period of a registrant in a program; days are `YYYY-MM-DD`. */
export type EnrolmentView = {
  reference: string
  program: string
  registrant: string
  status: EnrolmentStatus
  reason: string | null
  startedOn: string
  endedOn: string | null
}

type EnrolmentRow = {
  id: string
  ref: string
  program: string
  registrant_id: string
  registrant_ref: string
  kind: Target
  status: EnrolmentStatus
  reason: string | null
  started_on: string
  ended_on: string | null
}

const COLUMNS = sql`e.id, e.ref, p.code AS program, e.registrant_id, t.ref AS registrant_ref, t.kind, e.status, e.reason, e.started_on, e.ended_on
  FROM programs.enrolments e
  JOIN programs.programs p ON p.id = e.program_id
  JOIN registry.people t ON t.id = e.registrant_id`

const present = (r: EnrolmentRow): EnrolmentView => ({
  reference: formatReference('enrolment', r.ref),
  program: r.program,
  registrant: formatReference(r.kind, r.registrant_ref),
  status: r.status,
  reason: r.reason,
  startedOn: r.started_on,
  endedOn: r.ended_on,
})

export const readEnrolments = ({ db, audit }: ProgramsDeps) => {
  const inReach = (ctx: Ctx) =>
    visible(ctx, 'enrolment:read', { area: sql`t.area_id`, program: sql`e.program_id` })

  const looked = async (ctx: Ctx, rows: readonly EnrolmentRow[]) => {
    if (rows.length > 0)
      await audit.record(ctx, {
        action: 'enrolment.list',
        subject: { type: 'enrolment', id: null },
        itemIds: [...new Set(rows.map(r => r.registrant_id))],
      })
  }

  return {
    /** Enrolments of a program within reach, in the order in which the registrants were registered. */
    listEnrolments: async (
      ctx: Ctx,
      code: string,
      filter: { status?: EnrolmentStatus | undefined },
      page: PageRequest,
    ): Promise<Page<EnrolmentView>> => {
      const program = await programByCode(db, ctx, 'enrolment:read', code)
      const after = page.cursor ? idsFromCursor(page.cursor, 2) : undefined
      const rows = await db.query<EnrolmentRow>(sql`
        SELECT ${COLUMNS}
        WHERE e.program_id = ${program.id} AND ${inReach(ctx)}
          ${filter.status ? sql`AND e.status = ${filter.status}` : empty}
          ${after ? sql`AND (e.registrant_id, e.id) > (${after[0]}::uuid, ${after[1]}::uuid)` : empty}
        ORDER BY e.registrant_id, e.id LIMIT ${page.limit + 1}`)
      const { items, next } = pageOf(rows, page.limit, r => [r.registrant_id, r.id])
      await looked(ctx, items)
      return { items: items.map(present), next }
    },

    /** All enrolments of one registrant, newest first, in programs within reach. */
    enrolmentsOf: async (ctx: Ctx, registrantReference: string): Promise<EnrolmentView[]> => {
      requirePermission(ctx, 'enrolment:read')
      const [individual, group] = (['individual', 'group'] as const).map(kind =>
        parseReference(kind, registrantReference),
      )
      const kind: Target = individual === undefined ? 'group' : 'individual'
      const known = await db.one<{ id: string }>(sql`
        SELECT t.id FROM registry.people t
        WHERE t.ref = ${individual ?? group ?? null}::bigint AND t.kind = ${kind}
          AND ${visible(ctx, 'enrolment:read', { area: sql`t.area_id` })}`)
      if (!known) throw notFound('registrant')
      const rows = await db.query<EnrolmentRow>(sql`
        SELECT ${COLUMNS} WHERE e.registrant_id = ${known.id} AND ${inReach(ctx)} ORDER BY e.id DESC`)
      await looked(ctx, rows)
      return rows.map(present)
    },
  }
}
