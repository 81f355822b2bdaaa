import sql, { empty } from 'sql-template-tag'
import { requirePermission } from '../access/index.ts'
import { partOf, type Row, type Sortable, type SortKey, sorted } from '../db/index.ts'
import { type Ctx, decodeCursor, notFound, type Page, type PageRequest, pageOf } from '../kernel/index.ts'
import type { LedgerDeps } from './index.ts'
import type { PostingKind } from './post.ts'

/** A fund with its balances in minor units: `allocated` = `available` + `committed` + `disbursed`, always. */
export type FundView = {
  code: string
  name: string
  currency: string
  allocated: bigint
  available: bigint
  committed: bigint
  disbursed: bigint
  version: number
}

/** `q` is part of a code or a name. */
export type FundFilter = { q?: string | undefined }

/** One posting; `amount` in minor units of `currency` moved from the account `credit` to the account `debit`. */
export type PostingView = {
  kind: PostingKind
  debit: string
  credit: string
  amount: bigint
  currency: string
  cause: string
  postedAt: Date
}

export const present = (r: Row): FundView => ({
  code: r.code,
  name: r.name,
  currency: r.currency,
  allocated: -BigInt(r.source),
  available: BigInt(r.available),
  committed: BigInt(r.committed),
  disbursed: BigInt(r.disbursed),
  version: r.version,
})

const code = { by: sql`code`, as: 'code' } as const
const FUNDS: Sortable = {
  columns: {
    code,
    name: { by: sql`name`, as: 'name' },
    currency: { by: sql`currency`, as: 'code' },
    available: { by: sql`available`, as: 'number' },
  },
  tie: code,
  otherwise: 'code',
}

/** What may be asked of the ledger. Funds belong to no area and no program: the permission alone decides. */
export const readFunds = ({ db }: LedgerDeps) => ({
  /** A fund and its balances. */
  balances: async (ctx: Ctx, fundCode: string): Promise<FundView> => {
    requirePermission(ctx, 'fund:read')
    const row = await db.one(sql`SELECT * FROM ledger.funds WHERE code = ${fundCode}`)
    if (!row) throw notFound('fund')
    return present(row)
  },

  /** Funds, by code unless sorted otherwise. */
  listFunds: async (ctx: Ctx, { q }: FundFilter, page: PageRequest): Promise<Page<FundView>> => {
    requirePermission(ctx, 'fund:read')
    const list = sorted(FUNDS, page)
    const part = q === undefined ? undefined : partOf(q)
    const rows = await db.query<Row & SortKey>(sql`
      SELECT * ${list.key} FROM ledger.funds
      WHERE true ${part ? sql`AND (code ILIKE ${part} OR name ILIKE ${part})` : empty} ${list.after}
      ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
    const { items, next } = list.page<Row>(rows)
    return { items: items.map(present), next }
  },

  /** The postings of a fund, newest first. */
  postings: async (ctx: Ctx, fundCode: string, page: PageRequest): Promise<Page<PostingView>> => {
    requirePermission(ctx, 'fund:read')
    const fund = await db.one(sql`SELECT id, currency FROM ledger.funds WHERE code = ${fundCode}`)
    if (!fund) throw notFound('fund')
    const before = page.cursor ? decodeCursor(page.cursor, 1) : undefined
    const rows = await db.query(sql`
      SELECT id, kind, debit, credit, amount, cause_type, posted_at FROM ledger.postings
      WHERE fund_id = ${fund.id} ${before ? sql`AND id::text < ${before[0]}` : empty}
      ORDER BY id DESC LIMIT ${page.limit + 1}`)
    const { items, next } = pageOf(rows, page.limit, r => [r.id])
    return { items: items.map(row => presentPosting(row, fund.currency)), next }
  },

  /** The fund with a code, for those who spend from it. */
  fundByCode: (code: string): Promise<{ id: string; code: string; currency: string } | undefined> =>
    db.one(sql`SELECT id, code, currency FROM ledger.funds WHERE code = ${code}`),
})

const presentPosting = (r: Row, currency: string): PostingView => ({
  kind: r.kind,
  debit: r.debit,
  credit: r.credit,
  amount: BigInt(r.amount),
  currency,
  cause: r.cause_type,
  postedAt: r.posted_at,
})
