import sql, { empty, type Sql } from 'sql-template-tag'
import { requirePermission, visible } from '../access/index.ts'
import { type Sortable, type SortKey, sorted } from '../db/index.ts'
import {
  type Ctx,
  formatReference,
  notFound,
  type Page,
  type PageRequest,
  parseReference,
} from '../kernel/index.ts'
import { programByCode } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import { naming, referredTo } from './names.ts'
import type { EnrolmentStatus, Target } from './rules.ts'

/** One period of a registrant in a program; days are `YYYY-MM-DD`. The name is null to those who may not see it. */
export type EnrolmentView = {
  reference: string
  program: string
  programName: string
  registrant: string
  registrantName: string | null
  status: EnrolmentStatus
  reason: string | null
  startedOn: string
  endedOn: string | null
}

type EnrolmentRow = {
  id: string
  ref: string
  program: string
  program_name: string
  registrant_id: string
  registrant_name: string | null
  shown?: Record<string, boolean>
  registrant_ref: string
  kind: Target
  status: EnrolmentStatus
  reason: string | null
  started_on: string
  ended_on: string | null
}

/** `q`: the reference of an enrolment or of a registrant. */
export type EnrolmentFilter = { status?: EnrolmentStatus | undefined; q?: string | undefined }

/** There may be one for everybody: they stand in the order that an index has, in which people were registered. */
const ENROLMENTS: Sortable = {
  columns: { registrant: { by: sql`e.registrant_id`, as: 'uuid' } },
  tie: { by: sql`e.id`, as: 'uuid' },
  otherwise: 'registrant',
}

const columns = (more: Sql) => sql`
  e.id, e.ref, p.code AS program, p.name AS program_name, e.registrant_id, t.ref AS registrant_ref, t.kind, e.status,
    e.reason, e.started_on, e.ended_on ${more}
  FROM programs.enrolments e
  JOIN programs.programs p ON p.id = e.program_id
  JOIN registry.people t ON t.id = e.registrant_id`

const present = (r: EnrolmentRow, name: string | null): EnrolmentView => ({
  reference: formatReference('enrolment', r.ref),
  program: r.program,
  programName: r.program_name,
  registrant: formatReference(r.kind, r.registrant_ref),
  registrantName: name,
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
    /** Enrolments of a program within reach, in the order in which the registrants were registered unless sorted otherwise. */
    listEnrolments: async (
      ctx: Ctx,
      code: string,
      filter: EnrolmentFilter,
      page: PageRequest,
    ): Promise<Page<EnrolmentView>> => {
      const program = await programByCode(db, ctx, 'enrolment:read', code)
      const list = sorted(ENROLMENTS, page)
      const names = naming(ctx)
      const rows = await db.query<EnrolmentRow & SortKey>(sql`
        SELECT ${columns(sql`${names.select} ${list.key}`)}
        WHERE e.program_id = ${program.id} AND ${inReach(ctx)}
          ${filter.status ? sql`AND e.status = ${filter.status}` : empty}
          ${filter.q ? referredTo('enrolment', filter.q) : empty}
          ${list.after}
        ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
      const { items, next } = list.page<EnrolmentRow>(rows)
      await looked(ctx, items)
      return { items: items.map(row => present(row, names.of(row))), next }
    },

    /** How many enrolments of a program within reach have each status; those that none has are left out. */
    countEnrolments: async (
      ctx: Ctx,
      code: string,
    ): Promise<{ status: EnrolmentStatus; count: bigint }[]> => {
      const program = await programByCode(db, ctx, 'enrolment:read', code)
      const rows = await db.query<{ status: EnrolmentStatus; n: string }>(sql`
        SELECT e.status, count(*)::text AS n
        FROM programs.enrolments e JOIN registry.people t ON t.id = e.registrant_id
        WHERE e.program_id = ${program.id} AND ${inReach(ctx)}
        GROUP BY e.status ORDER BY e.status`)
      return rows.map(({ status, n }) => ({ status, count: BigInt(n) }))
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
      const names = naming(ctx)
      const rows = await db.query<EnrolmentRow>(sql`
        SELECT ${columns(names.select)} WHERE e.registrant_id = ${known.id} AND ${inReach(ctx)} ORDER BY e.id DESC`)
      await looked(ctx, rows)
      return rows.map(row => present(row, names.of(row)))
    },
  }
}
