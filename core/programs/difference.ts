import sql, { empty, type Sql } from 'sql-template-tag'
import { visible } from '../access/index.ts'
import { type Ctx, conflict, formatReference, type Page, type PageRequest, pageOf } from '../kernel/index.ts'
import { type CycleRow, cycleByReference, idsFromCursor } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import { naming } from './names.ts'
import type { Target } from './rules.ts'

export type DifferenceKind = 'new' | 'gone' | 'changed' | 'zero' | 'exception'

/** How many and how much; whole numbers (minor units, or units of the item). */
export type Sum = { count: bigint; amount: bigint }

/** What is different from the last approved cycle, by component, within the actor's reach. */
export type DifferenceView = {
  /** The reference of the cycle compared with; none when this is the program's first. */
  comparedWith: string | null
  components: {
    code: string
    kind: 'cash' | 'in_kind'
    unit: string
    new: Sum
    gone: Sum
    same: Sum
    /** `before` and `after` are the sums over those whose amount changed. */
    changed: { count: bigint; before: bigint; after: bigint }
    zero: bigint
    exceptions: bigint
  }[]
}

/** One beneficiary of whom something is different, in minor units or units of the item. `problem`: why there is no amount. */
export type DifferenceRow = {
  registrant: string
  /** Null to those who may not see it. */
  registrantName: string | null
  component: string
  kind: 'cash' | 'in_kind'
  unit: string
  before: bigint | null
  after: bigint | null
  problem: string | null
}

/** What the approver looks at: this cycle beside the last one that was approved. */
export const readDifference = (deps: ProgramsDeps) => {
  const { db } = deps

  const find = async (ctx: Ctx, reference: string): Promise<CycleRow> => {
    const cycle = await cycleByReference(db, ctx, 'cycle:read', reference)
    if (cycle.state === 'draft') throw conflict('The cycle is not prepared yet.', 'cycle-state')
    return cycle
  }

  return {
    /** Counts and sums. */
    difference: async (ctx: Ctx, reference: string): Promise<DifferenceView> => {
      const cycle = await find(ctx, reference)
      const sides = sidesOf(ctx, cycle)
      const rows = await db.query<Counted>(sql`
        SELECT component_id, count(*) FILTER (WHERE b.amount IS NULL)::text AS new, coalesce(sum(a.amount) FILTER (WHERE b.amount IS NULL), 0)::text AS new_amount,
          count(*) FILTER (WHERE a.amount IS NULL)::text AS gone, coalesce(sum(b.amount) FILTER (WHERE a.amount IS NULL), 0)::text AS gone_amount,
          count(*) FILTER (WHERE a.amount = b.amount)::text AS same, coalesce(sum(a.amount) FILTER (WHERE a.amount = b.amount), 0)::text AS same_amount,
          count(*) FILTER (WHERE a.amount <> b.amount)::text AS changed,
          coalesce(sum(b.amount) FILTER (WHERE a.amount <> b.amount), 0)::text AS changed_before,
          coalesce(sum(a.amount) FILTER (WHERE a.amount <> b.amount), 0)::text AS changed_after
        FROM (${sides.current}) a FULL JOIN (${sides.former}) b USING (registrant_id, component_id)
        GROUP BY component_id`)
      const found = await db.query<{ component_id: string; zero: string; exceptions: string }>(sql`
        SELECT component_id, sum(zeros)::text AS zero, sum(exceptions)::text AS exceptions FROM programs.totals
        WHERE cycle_id = ${cycle.id} AND ${sides.reach} GROUP BY component_id`)
      const components = await namesOf(deps, cycle)
      const compared = await db.one<{ ref: string }>(
        sql`SELECT ref FROM programs.cycles WHERE id = ${cycle.compared_with}`,
      )
      return {
        comparedWith: compared ? formatReference('cycle', compared.ref) : null,
        components: components
          .map(c => ({
            c,
            row: rows.find(r => r.component_id === c.id),
            notes: found.find(f => f.component_id === c.id),
          }))
          .filter(({ row, notes }) => row !== undefined || notes !== undefined)
          .map(({ c, row, notes }) => ({
            ...c.shown,
            ...counted(row),
            zero: BigInt(notes?.zero ?? 0),
            exceptions: BigInt(notes?.exceptions ?? 0),
          })),
      }
    },

    /** The beneficiaries of one kind of difference, in pages. */
    differenceRows: async (
      ctx: Ctx,
      reference: string,
      kind: DifferenceKind,
      page: PageRequest,
    ): Promise<Page<DifferenceRow>> => {
      const cycle = await find(ctx, reference)
      const after = page.cursor ? idsFromCursor(page.cursor, 2) : undefined
      const names = naming(ctx)
      const rows = await db.query<FoundRow>(sql`
        SELECT d.registrant_id, d.component_id, k.code AS component, k.kind,
          coalesce(k.unit, p.currency) AS unit, t.ref, t.kind AS target, d.before::text, d.after::text, d.problem
          ${names.select}
        FROM (${rowsOf(sidesOf(ctx, cycle, after?.[0]), cycle, kind)}) d
        JOIN programs.components k ON k.id = d.component_id
        JOIN programs.programs p ON p.id = k.program_id
        JOIN registry.people t ON t.id = d.registrant_id
        ${after ? sql`WHERE (d.registrant_id, d.component_id) > (${after[0]}::uuid, ${after[1]}::uuid)` : empty}
        ORDER BY d.registrant_id, d.component_id LIMIT ${page.limit + 1}`)
      const { items, next } = pageOf(rows, page.limit, r => [r.registrant_id, r.component_id])
      if (items.length > 0)
        await deps.audit.record(ctx, {
          action: 'cycle.compare',
          subject: { type: 'cycle', id: cycle.id },
          after: { kind },
          itemIds: [...new Set(items.map(r => r.registrant_id))],
        })
      return { items: items.map(row => presentRow(row, names.of(row))), next }
    },
  }
}

type Counted = Record<
  | 'component_id'
  | 'new'
  | 'new_amount'
  | 'gone'
  | 'gone_amount'
  | 'same'
  | 'same_amount'
  | 'changed'
  | 'changed_before'
  | 'changed_after',
  string
>

const counted = (r: Counted | undefined) => ({
  new: { count: BigInt(r?.new ?? 0), amount: BigInt(r?.new_amount ?? 0) },
  gone: { count: BigInt(r?.gone ?? 0), amount: BigInt(r?.gone_amount ?? 0) },
  same: { count: BigInt(r?.same ?? 0), amount: BigInt(r?.same_amount ?? 0) },
  changed: {
    count: BigInt(r?.changed ?? 0),
    before: BigInt(r?.changed_before ?? 0),
    after: BigInt(r?.changed_after ?? 0),
  },
})

type FoundRow = {
  registrant_id: string
  component_id: string
  component: string
  kind: 'cash' | 'in_kind'
  unit: string
  ref: string
  registrant_name: string | null
  shown?: Record<string, boolean>
  target: Target
  before: string | null
  after: string | null
  problem: string | null
}

const presentRow = (r: FoundRow, name: string | null): DifferenceRow => ({
  registrant: formatReference(r.target, r.ref),
  registrantName: name,
  component: r.component,
  kind: r.kind,
  unit: r.unit,
  before: r.before === null ? null : BigInt(r.before),
  after: r.after === null ? null : BigInt(r.after),
  problem: r.problem,
})

/** Both cycles' regular entitlements within reach, from a registrant on; and the condition of the reach. */
const sidesOf = (ctx: Ctx, cycle: CycleRow, from?: string) => {
  const reach = visible(ctx, 'cycle:read', { area: sql`area_id`, program: sql`${cycle.program_id}::uuid` })
  const since = from ? sql`AND registrant_id >= ${from}` : empty
  const of = (id: string | null) => sql`
    SELECT registrant_id, component_id, amount FROM programs.entitlements
    WHERE cycle_id = ${id} AND sequence = 0 AND ${reach} ${since}`
  return { current: of(cycle.id), former: of(cycle.compared_with as string | null), reach }
}

/** A query for the rows of one kind. */
const rowsOf = (
  { current, former, reach }: ReturnType<typeof sidesOf>,
  cycle: CycleRow,
  kind: DifferenceKind,
): Sql => {
  if (kind === 'zero' || kind === 'exception')
    return sql`
      SELECT registrant_id, component_id, NULL::bigint AS before, NULL::bigint AS after, problem FROM programs.findings
      WHERE cycle_id = ${cycle.id} AND (problem = 'zero') = ${kind === 'zero'} AND ${reach}`
  const which = {
    new: sql`b.amount IS NULL`,
    gone: sql`a.amount IS NULL`,
    changed: sql`a.amount <> b.amount`,
  }[kind]
  return sql`
    SELECT registrant_id, component_id, b.amount AS before, a.amount AS after, NULL AS problem
    FROM (${current}) a ${kind === 'new' ? sql`LEFT` : kind === 'gone' ? sql`RIGHT` : empty} JOIN (${former}) b
      USING (registrant_id, component_id)
    WHERE ${which}`
}

const namesOf = async ({ db }: ProgramsDeps, cycle: CycleRow) => {
  const rows = await db.query<{ id: string; code: string; kind: 'cash' | 'in_kind'; unit: string }>(sql`
    SELECT k.id, k.code, k.kind, coalesce(k.unit, p.currency) AS unit
    FROM programs.components k JOIN programs.programs p ON p.id = k.program_id
    WHERE k.program_id = ${cycle.program_id} ORDER BY k.position, k.code`)
  return rows.map(({ id, ...shown }) => ({ id, shown }))
}
