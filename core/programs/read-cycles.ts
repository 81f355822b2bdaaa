import sql, { empty } from 'sql-template-tag'
import { requirePermission, visible } from '../access/index.ts'
import { type Db, partOf, type Sortable, type SortKey, sorted } from '../db/index.ts'
import { type Ctx, formatReference, type Page, type PageRequest } from '../kernel/index.ts'
import { type CycleRow, cycleByReference, programByCode } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import type { CycleState } from './rules.ts'

/** A cycle in a list; days are `YYYY-MM-DD`. */
export type CycleSummary = {
  reference: string
  program: string
  programName: string
  code: string
  name: string
  state: CycleState
  validFrom: string
  validUntil: string
  createdAt: Date
}

/** The same with what it gives, within the reader's reach: `cash` in minor units of the currency. */
export type ListedCycle = CycleSummary & { entitlements: bigint; cash: bigint; currency: string }

/** `program` is the code of one; in a list over all programs, one that is not there has no cycles. */
export type CycleFilter = {
  state?: CycleState | undefined
  program?: string | undefined
  q?: string | undefined
}

const id = { by: sql`c.id`, as: 'uuid' } as const
const CYCLES: Sortable = {
  columns: {
    createdAt: id,
    program: { by: sql`p.code`, as: 'code' },
    code: { by: sql`c.code`, as: 'code' },
    name: { by: sql`c.name`, as: 'name' },
    state: { by: sql`c.state`, as: 'code' },
    validFrom: { by: sql`c.valid_from`, as: 'day' },
    validUntil: { by: sql`c.valid_until`, as: 'day' },
  },
  tie: id,
  otherwise: '-createdAt',
}

/** Who did something to a cycle, and when. */
export type Deed = { by: string; at: Date } | null

/** A cycle with its sums, which cover what is within the reader's reach. Amounts are minor units or units of the item. */
export type CycleView = CycleSummary & {
  evaluationDate: string | null
  rules: string[]
  prepared: Deed
  submitted: Deed
  approved: Deed
  comment: string | null
  /** The last request for its approval. */
  approval: string | null
  /** SHA-256 of what was submitted, in hexadecimal. */
  digest: string | null
  totals: {
    code: string
    kind: 'cash' | 'in_kind'
    unit: string
    entitlements: bigint
    amount: bigint
    zeros: bigint
    exceptions: bigint
  }[]
}

type Total = {
  code: string
  kind: 'cash' | 'in_kind'
  unit: string
  entitlements: string
  amount: string
  zeros: string
  exceptions: string
}

export const readCycles = ({ db }: ProgramsDeps) => {
  const cyclesOf = lister(db)
  const totalsOf = (ctx: Ctx, cycle: CycleRow): Promise<Total[]> =>
    db.query<Total>(sql`
      SELECT k.code, k.kind, coalesce(k.unit, p.currency) AS unit, sum(t.entitlements)::text AS entitlements,
        sum(t.amount)::text AS amount, sum(t.zeros)::text AS zeros, sum(t.exceptions)::text AS exceptions
      FROM programs.totals t
      JOIN programs.components k ON k.id = t.component_id
      JOIN programs.programs p ON p.id = k.program_id
      WHERE t.cycle_id = ${cycle.id} AND ${cycle.state !== 'draft'}
        AND ${visible(ctx, 'cycle:read', { area: sql`t.area_id`, program: sql`p.id` })}
      GROUP BY k.id, p.currency ORDER BY k.position, k.code`)

  return {
    /** A cycle within reach. */
    getCycle: async (ctx: Ctx, reference: string): Promise<CycleView> => {
      const cycle = await cycleByReference(db, ctx, 'cycle:read', reference)
      const more = (await db.one<{ code: string; name: string; approval: string | null }>(sql`
        SELECT code, name, (SELECT r.ref FROM approvals.requests_view r WHERE r.subject_id = ${cycle.id} AND r.subject_type = 'cycle'
                      ORDER BY r.id DESC LIMIT 1) AS approval
        FROM programs.programs WHERE id = ${cycle.program_id}`))!
      const totals = await totalsOf(ctx, cycle)
      return {
        ...summary(cycle, more),
        evaluationDate: cycle.evaluation_date,
        rules: cycle.basis?.rules ?? [],
        prepared: deed(cycle.prepared_by_name, cycle.prepared_at),
        submitted: deed(cycle.submitted_by_name, cycle.submitted_at),
        approved: deed(cycle.decided_by_name, cycle.decided_at),
        comment: cycle.comment,
        approval: more.approval === null ? null : formatReference('approval', more.approval),
        digest: (cycle.digest as Buffer | null)?.toString('hex') ?? null,
        totals: totals.map(t => ({
          ...t,
          entitlements: BigInt(t.entitlements),
          amount: BigInt(t.amount),
          zeros: BigInt(t.zeros),
          exceptions: BigInt(t.exceptions),
        })),
      }
    },

    /** The cycles of a program, newest first unless sorted otherwise; of one state, when asked. */
    listCycles: async (
      ctx: Ctx,
      program: string,
      filter: Pick<CycleFilter, 'state'>,
      page: PageRequest,
    ): Promise<Page<ListedCycle>> => {
      await programByCode(db, ctx, 'cycle:read', program)
      return cyclesOf(ctx, { ...filter, program }, page)
    },

    /** The cycles of all programs within reach. `q` is part of a code or a name. */
    listAllCycles: async (ctx: Ctx, filter: CycleFilter, page: PageRequest): Promise<Page<ListedCycle>> => {
      requirePermission(ctx, 'cycle:read')
      return cyclesOf(ctx, filter, page)
    },
  }
}

type Sums = { entitlements: bigint; cash: bigint }
const NOTHING: Sums = { entitlements: 0n, cash: 0n }

/** Lists cycles; what they give is summed up for the cycles of the page alone. */
const lister = (db: Db) => {
  const sumsOf = async (ctx: Ctx, ids: readonly string[]): Promise<Map<string, Sums>> => {
    const rows = await db.query<{ id: string; entitlements: string; cash: string }>(sql`
      SELECT t.cycle_id AS id, sum(t.entitlements)::text AS entitlements,
        coalesce(sum(t.amount) FILTER (WHERE k.kind = 'cash'), 0)::text AS cash
      FROM programs.totals t
      JOIN programs.components k ON k.id = t.component_id
      JOIN programs.cycles c ON c.id = t.cycle_id
      WHERE t.cycle_id = ANY(${[...ids]}::uuid[]) AND c.state <> 'draft'
        AND ${visible(ctx, 'cycle:read', { area: sql`t.area_id`, program: sql`c.program_id` })}
      GROUP BY t.cycle_id`)
    return new Map(rows.map(r => [r.id, { entitlements: BigInt(r.entitlements), cash: BigInt(r.cash) }]))
  }

  return async (ctx: Ctx, filter: CycleFilter, page: PageRequest): Promise<Page<ListedCycle>> => {
    const list = sorted(CYCLES, page)
    const part = filter.q === undefined ? undefined : partOf(filter.q)
    const rows = await db.query<ListRow & SortKey>(sql`
      SELECT c.*, p.code AS program_code, p.name AS program_name, p.currency ${list.key}
      FROM programs.cycles c JOIN programs.programs p ON p.id = c.program_id
      WHERE ${visible(ctx, 'cycle:read', { program: sql`p.id` })}
        ${filter.program === undefined ? empty : sql`AND p.code = ${filter.program}`}
        ${filter.state ? sql`AND c.state = ${filter.state}` : empty}
        ${part ? sql`AND (c.code ILIKE ${part} OR c.name ILIKE ${part})` : empty}
        ${list.after}
      ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
    const { items, next } = list.page<ListRow>(rows)
    const sums = await sumsOf(
      ctx,
      items.map(c => c.id),
    )
    const listed = items.map(c => ({
      ...summary(c, { code: c.program_code, name: c.program_name }),
      currency: c.currency,
      ...(sums.get(c.id) ?? NOTHING),
    }))
    return { items: listed, next }
  }
}

type ListRow = CycleRow & { program_code: string; program_name: string; currency: string }

const summary = (c: CycleRow, program: { code: string; name: string }): CycleSummary => ({
  reference: formatReference('cycle', c.ref),
  program: program.code,
  programName: program.name,
  code: c.code,
  name: c.name,
  state: c.state,
  validFrom: c.valid_from,
  validUntil: c.valid_until,
  createdAt: c.created_at,
})

const deed = (by: string | null, at: Date | null): Deed => (by === null || at === null ? null : { by, at })
