import sql, { empty } from 'sql-template-tag'
import { requirePermission, visible } from '../access/index.ts'
import { partOf, type Sortable, type SortKey, sorted } from '../db/index.ts'
import { type Ctx, formatMinor, type Page, type PageRequest } from '../kernel/index.ts'
import { type ComponentRow, componentsOf, type ProgramRow, programByCode } from './find.ts'
import type { ProgramsDeps } from './index.ts'
import type { ComponentInput, ProgramState, Target } from './rules.ts'

/** A component as it is shown: as it was written, with the unit of its item. */
export type ComponentView = ComponentInput & { unit?: string | undefined }

/** A program as it is shown. */
export type ProgramView = {
  code: string
  name: string
  target: Target
  currency: string
  fund: string | null
  rules: string[]
  components: ComponentView[]
  state: ProgramState
  version: number
}

/** `q` is part of a code or a name. */
export type ProgramFilter = { q?: string | undefined; state?: ProgramState | undefined }

const code = { by: sql`code`, as: 'code' } as const
const PROGRAMS: Sortable = {
  columns: { code, name: { by: sql`name`, as: 'name' }, state: { by: sql`state`, as: 'code' } },
  tie: code,
  otherwise: 'code',
}

export type ProgramSummary = Omit<ProgramView, 'rules' | 'components' | 'fund'>

export const presentProgram = (
  p: ProgramRow,
  components: readonly ComponentRow[],
  fund: string | null,
): ProgramView => ({
  ...summary(p),
  fund,
  rules: p.rules,
  components: components.map(c => presentComponent(c, p.currency)),
})

const summary = ({ code, name, target, currency, state, version }: ProgramRow): ProgramSummary => ({
  code,
  name,
  target,
  currency,
  state,
  version,
})

const presentComponent = (c: ComponentRow, currency: string): ComponentView => ({
  code: c.code,
  kind: c.kind,
  ...(c.item !== null && { item: c.item, unit: c.unit! }),
  ...(c.basis === 'formula' && { formula: c.formula! }),
  ...(c.basis === 'per_member' && { perMember: Number(c.amount) }),
  ...(c.maximum !== null && { maximum: Number(c.maximum) }),
  ...(c.basis === 'fixed' &&
    (c.kind === 'cash' ? { amount: formatMinor(c.amount!, currency) } : { quantity: Number(c.amount) })),
})

export const readPrograms = ({ db }: ProgramsDeps) => ({
  /** A program with its rules and components. */
  getProgram: async (ctx: Ctx, code: string): Promise<ProgramView> => {
    const program = await programByCode(db, ctx, 'program:read', code)
    const fund = await db.one<{ code: string }>(
      sql`SELECT code FROM ledger.fund_codes WHERE id = ${program.fund_id}`,
    )
    return presentProgram(program, await componentsOf(db, program.id), fund?.code ?? null)
  },

  /** Programs within reach, by code unless sorted otherwise. */
  listPrograms: async (ctx: Ctx, filter: ProgramFilter, page: PageRequest): Promise<Page<ProgramSummary>> => {
    requirePermission(ctx, 'program:read')
    const list = sorted(PROGRAMS, page)
    const part = filter.q === undefined ? undefined : partOf(filter.q)
    const rows = await db.query<ProgramRow & SortKey>(sql`
      SELECT id, code, name, target, currency, fund_id, rules, state, version ${list.key} FROM programs.programs
      WHERE ${visible(ctx, 'program:read', { program: sql`id` })}
        ${filter.state ? sql`AND state = ${filter.state}` : empty}
        ${part ? sql`AND (code ILIKE ${part} OR name ILIKE ${part})` : empty}
        ${list.after}
      ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
    const { items, next } = list.page<ProgramRow>(rows)
    return { items: items.map(summary), next }
  },
})
