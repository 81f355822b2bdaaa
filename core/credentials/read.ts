import sql, { empty, type Sql } from 'sql-template-tag'
import {
  andVisible,
  type Masking,
  type Masks,
  masking,
  requirePermission,
  requireUnmasked,
  shownAs,
} from '../access/index.ts'
import { type Sortable, type SortKey, sorted } from '../db/index.ts'
import {
  type Ctx,
  formatReference,
  notFound,
  type Page,
  type PageRequest,
  refAmong,
  refFromPath,
} from '../kernel/index.ts'
import type { CredentialsDeps } from './index.ts'

export type CredentialState = 'active' | 'suspended' | 'revoked'

/** A credential as people see it. `validUntil` is the first moment at which it is no longer valid. */
export type Credential = {
  reference: string
  entitlement: string
  registrant: string
  holderName: string
  program: string
  programName: string
  cycle: string
  cycleName: string
  /** Code of the service point that it is bound to, if it is. */
  point: string | null
  pointName: string | null
  state: CredentialState
  stateReason: string | null
  validFrom: Date
  validUntil: Date
  issuedAt: Date
  status: { list: number; index: number }
}

/** `q`: the reference of a credential, of its entitlement or of its holder. */
export type CredentialFilter = {
  q?: string
  program?: string
  cycle?: string
  state?: CredentialState
  entitlement?: string
  registrant?: string
}

const id = { by: sql`c.id`, as: 'uuid' } as const
/** There may be one for each entitlement: they stand in the order that an index has. */
const CREDENTIALS: Sortable = { columns: { issuedAt: id }, tie: id, otherwise: '-issuedAt' }

type Row = Omit<Credential, 'reference' | 'entitlement' | 'registrant' | 'cycle' | 'status'> & {
  id: string
  registrant_id: string
  ref: string
  entitlement_ref: string
  registrant_ref: string
  registrant_kind: 'group' | 'individual'
  cycle_ref: string
  status_list: number
  status_index: number
  shown?: Record<string, boolean>
}

const select = (mask: Masking, key: Sql = empty) => sql`
  SELECT c.id, c.registrant_id, c.ref, e.ref AS entitlement_ref, r.ref AS registrant_ref, r.kind AS registrant_kind,
    c.holder_name AS "holderName", e.program_code AS program, e.program_name AS "programName",
    e.cycle_ref, e.cycle_name AS "cycleName", p.code AS point, p.name AS "pointName", c.state,
    c.state_reason AS "stateReason", c.valid_from AS "validFrom", c.valid_until AS "validUntil",
    c.issued_at AS "issuedAt", c.status_list, c.status_index ${mask.select} ${key}
  FROM credentials.credentials c
  JOIN programs.entitlements_view e ON e.id = c.entitlement_id
  JOIN registry.people r ON r.id = c.registrant_id
  LEFT JOIN inventory.points p ON p.id = c.point_id`

const COLUMNS = { area: sql`c.area_id`, program: sql`c.program_id` }
const within = (ctx: Ctx): Sql => andVisible(ctx, 'credential:read', COLUMNS)

const present = (row: Row, masks: Masks): Credential => ({
  reference: formatReference('credential', row.ref),
  entitlement: formatReference('entitlement', row.entitlement_ref),
  registrant: formatReference(row.registrant_kind, row.registrant_ref),
  holderName: shownAs(masks, 'name', row.holderName),
  program: row.program,
  programName: row.programName,
  cycle: formatReference('cycle', row.cycle_ref),
  cycleName: row.cycleName,
  point: row.point,
  pointName: row.pointName,
  state: row.state,
  stateReason: row.stateReason,
  validFrom: row.validFrom,
  validUntil: row.validUntil,
  issuedAt: row.issuedAt,
  status: { list: row.status_list, index: row.status_index },
})

/** Reads of personal data are part of the trail: of which credential, and whose they are. */
const recordRead = (
  { audit }: CredentialsDeps,
  ctx: Ctx,
  action: string,
  rows: readonly { id: string; registrant_id: string }[],
) =>
  audit.record(ctx, {
    action,
    subject: { type: 'credential', id: rows.length === 1 ? rows[0]!.id : null },
    itemIds: [...new Set(rows.map(r => r.registrant_id))],
  })

/** One credential within reach. */
export const get =
  (deps: CredentialsDeps) =>
  async (ctx: Ctx, reference: string): Promise<Credential> => {
    requirePermission(ctx, 'credential:read')
    const mask = masking(ctx, 'credential:read', COLUMNS)
    return deps.db.transaction(async () => {
      const ref = refFromPath('credential', reference)
      const row = await deps.db.one<Row>(sql`${select(mask)} WHERE c.ref = ${ref} ${within(ctx)}`)
      if (!row) throw notFound('credential')
      await recordRead(deps, ctx, 'credential.read', [row])
      return present(row, mask.of(row))
    })
  }

const registrantRef = (text: string) =>
  sql`(SELECT id FROM registry.people WHERE ref = ${refFromPath(/^in/i.test(text) ? 'individual' : 'group', text)})`

/** Which credentials a clerk means by a reference from a card, a list or a person's papers. */
const meant = (q: string): Sql => {
  const { kind, ref } = refAmong(['credential', 'entitlement', 'group', 'individual'], q, '/q')
  if (kind === 'credential') return sql`c.ref = ${ref}`
  if (kind === 'entitlement')
    return sql`c.entitlement_id = (SELECT id FROM programs.entitlements_view WHERE ref = ${ref})`
  return sql`c.registrant_id = (SELECT id FROM registry.people WHERE ref = ${ref} AND kind = ${kind})`
}

const conditions = (filter: CredentialFilter): Sql => sql`
  ${filter.q ? sql`AND ${meant(filter.q)}` : empty}
  ${filter.program ? sql`AND c.program_id = (SELECT id FROM programs.program_codes WHERE code = ${filter.program})` : empty}
  ${filter.state ? sql`AND c.state = ${filter.state}` : empty}
  ${filter.cycle ? sql`AND c.cycle_id = (SELECT id FROM programs.cycle_codes WHERE ref = ${refFromPath('cycle', filter.cycle)})` : empty}
  ${filter.entitlement ? sql`AND c.entitlement_id = (SELECT id FROM programs.entitlements_view WHERE ref = ${refFromPath('entitlement', filter.entitlement)})` : empty}
  ${filter.registrant ? sql`AND c.registrant_id = ${registrantRef(filter.registrant)}` : empty}`

/** Credentials within reach, newest first unless sorted otherwise. */
export const list =
  (deps: CredentialsDeps) =>
  async (ctx: Ctx, filter: CredentialFilter, page: PageRequest): Promise<Page<Credential>> => {
    requirePermission(ctx, 'credential:read')
    const sorting = sorted(CREDENTIALS, page)
    const mask = masking(ctx, 'credential:read', COLUMNS)
    return deps.db.transaction(async () => {
      const rows = await deps.db.query<Row & SortKey>(sql`
        ${select(mask, sorting.key)} WHERE true ${conditions(filter)} ${within(ctx)} ${sorting.after}
        ORDER BY ${sorting.order} LIMIT ${page.limit + 1}`)
      const { items, next } = sorting.page<Row>(rows)
      if (items.length > 0) await recordRead(deps, ctx, 'credential.list', items)
      return { items: items.map(row => present(row, mask.of(row))), next }
    })
  }

/** The QR code of a credential that is not revoked, to print or to show: SVG text or PNG bytes. */
export const qrCode =
  (deps: CredentialsDeps) =>
  async (ctx: Ctx, reference: string): Promise<{ svg: () => string; png: () => Buffer }> => {
    requirePermission(ctx, 'credential:read')
    requireUnmasked(ctx, 'credential:read', ['name'])
    return deps.db.transaction(async () => {
      const ref = refFromPath('credential', reference)
      const row = await deps.db.one<{
        id: string
        registrant_id: string
        qr: string
        holder_name: string
      }>(sql`
        SELECT id, registrant_id, qr, holder_name FROM credentials.credentials c
        WHERE ref = ${ref} AND state <> 'revoked' ${within(ctx)}`)
      if (!row) throw notFound('credential')
      await recordRead(deps, ctx, 'credential.show', [row])
      const title = `${formatReference('credential', ref)}, ${row.holder_name}`
      return {
        svg: () => deps.codec.renderSvg(row.qr, { title }),
        png: () => deps.codec.renderPng(row.qr),
      }
    })
  }
