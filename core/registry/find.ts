import sql, { empty, join } from 'sql-template-tag'
import { andVisible, masking, requirePermission, searchable, shownAs } from '../access/index.ts'
import { insertSet } from '../audit/index.ts'
import { partOf, type Sortable, type SortKey, sorted } from '../db/index.ts'
import { type Ctx, formatReference, type Page, type PageRequest, refAmong } from '../kernel/index.ts'
import type { RegistryDeps } from './index.ts'

export type RegistrantSummary = {
  reference: string
  kind: 'individual' | 'group'
  status: 'active' | 'disabled'
  name: string
  area: { code: string; name: string }
}

/** What narrows a list. `identifier` and `phone` are looked up exactly; `area` means the whole subtree. */
export type RegistrantFilter = {
  kind?: 'individual' | 'group'
  area?: string
  identifier?: string
  phone?: string
  name?: string
  /** How the name begins, whatever its case and accents. */
  nameBegins?: string
  reference?: string
  /** Id of the import that added them. */
  source?: string
}

type Row = {
  id: string
  ref: string
  kind: 'individual' | 'group'
  status: 'active' | 'disabled'
  name: string
  code: string
  area: string
  shown?: Record<string, boolean>
}

const id = { by: sql`r.id`, as: 'uuid' } as const
/** A million people are sorted by what an index has, and by nothing else. */
const REGISTRANTS: Sortable = {
  columns: { registeredAt: id, name: { by: sql`r.name`, as: 'name' } },
  tie: id,
  otherwise: 'registeredAt',
}

/** What people are looked up by, and the mask that keeps it: who is not shown it cannot find it out by asking. */
const LOOKED_UP = [
  ['identifier', 'identifier'],
  ['phone', 'contact'],
  ['name', 'name'],
  ['nameBegins', 'name'],
] as const

/**
 * Registrants within the actor's reach, in the order in which they were registered unless sorted otherwise, a page at a
 * time. Whose data was shown is on the audit trail, one entry a page. Throws `forbidden` (`masked`) where names are kept
 * from the actor everywhere and would be told by their order.
 */
export const findRegistrants =
  ({ db }: RegistryDeps) =>
  async (ctx: Ctx, filter: RegistrantFilter, page: PageRequest): Promise<Page<RegistrantSummary>> => {
    requirePermission(ctx, 'registrant:read')
    const columns = { area: sql`r.area_id` }
    const mask = masking(ctx, 'registrant:read', columns)
    const list = sorted(REGISTRANTS, page)
    const tells = { ...filter, ...(page.sort?.endsWith('name') ? { name: '' } : {}) }
    const lookedUp = LOOKED_UP.filter(([field]) => tells[field] !== undefined).map(
      ([, mask]) => sql`AND ${searchable(ctx, 'registrant:read', mask, columns)}`,
    )
    const rows = await db.query<Row & SortKey>(sql`
      SELECT r.id, r.ref, r.kind, r.status, r.name, a.code, a.name AS area ${mask.select} ${list.key}
      FROM registry.registrants r JOIN areas.areas a ON a.id = r.area_id
      WHERE true ${andVisible(ctx, 'registrant:read', columns)} ${conditions(filter)} ${lookedUp.length > 0 ? join(lookedUp, ' ') : empty}
        ${list.after}
      ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
    const { items, next } = list.page<Row>(rows)
    if (items.length > 0)
      await db.run(
        insertSet(
          ctx,
          { action: 'registrant.list', subject: { type: 'registrant', id: null }, after: { ...filter } },
          sql`SELECT unnest(${items.map(r => r.id)}::uuid[]) AS id`,
        ),
      )
    return { next, items: items.map(r => present(r, shownAs(mask.of(r), 'name', r.name))) }
  }

const present = (r: Row, name: string): RegistrantSummary => ({
  reference: formatReference(r.kind, r.ref),
  kind: r.kind,
  status: r.status,
  name,
  area: { code: r.code, name: r.area },
})

const conditions = (f: RegistrantFilter) => sql`
  ${f.kind === undefined ? empty : sql`AND r.kind = ${f.kind}`}
  ${
    f.area === undefined
      ? empty
      : sql`AND r.area_id = ANY((SELECT array_agg(c.area_id) FROM areas.closure c
              JOIN areas.areas top ON top.id = c.ancestor_id WHERE top.code = ${f.area})::uuid[])`
  }
  ${f.identifier === undefined ? empty : sql`AND r.id IN (${holdersOf(f.identifier)})`}
  ${f.phone === undefined ? empty : sql`AND r.phones @> ARRAY[${f.phone}]::text[] AND r.phones <> '{}'`}
  ${f.nameBegins === undefined ? empty : begins(f.nameBegins)}
  ${f.reference === undefined ? empty : referredTo(f.reference)}
  ${f.source === undefined ? empty : sql`AND r.source_id = ${f.source}`}
  ${f.name === undefined ? empty : sql`AND r.name ILIKE ${partOf(f.name)}`}`

/** As a range, which the index by name answers. */
const begins = (name: string) => sql`AND kernel.sorted(r.name) COLLATE "C" >= kernel.sorted(${name}::text)
  AND kernel.sorted(r.name) COLLATE "C" < kernel.sorted(${name}::text) || ${'\u{10ffff}'}`

const referredTo = (reference: string) => {
  const { kind, ref } = refAmong(['group', 'individual'], reference, '/reference')
  return sql`AND r.ref = ${ref} AND r.kind = ${kind}`
}

/** Who has an identifier of whatever type: the few types there are, hopped along the index, and the value in each. */
const holdersOf = (value: string) => sql`
  WITH RECURSIVE types AS (
    (SELECT type FROM registry.identifiers WHERE status = 'live' ORDER BY type LIMIT 1)
    UNION ALL
    SELECT (SELECT i.type FROM registry.identifiers i WHERE i.status = 'live' AND i.type > t.type ORDER BY i.type LIMIT 1)
    FROM types t WHERE t.type IS NOT NULL
  )
  SELECT i.registrant_id FROM types t
  JOIN registry.identifiers i ON i.type = t.type AND i.value = ${value} AND i.status = 'live'`
