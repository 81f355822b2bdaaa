import sql, { type Sql } from 'sql-template-tag'
import { masking, shownAs, visible } from '../access/index.ts'
import { type Ctx, refAmong } from '../kernel/index.ts'

type Named = { registrant_name: string | null; shown?: Record<string, boolean> }

/**
 * The name of the registrant `t` in a query, for lists that are read with another permission than the registry: `null` to
 * those who may not see that registrant there, and in part to those who see it so.
 */
export const naming = (ctx: Ctx): { select: Sql; of: (row: Named) => string | null } => {
  const columns = { area: sql`t.area_id` }
  const mask = masking(ctx, 'registrant:read', columns)
  return {
    select: sql`, CASE WHEN ${visible(ctx, 'registrant:read', columns)} THEN t.name END AS registrant_name ${mask.select}`,
    of: row => shownAs(mask.of(row), 'name', row.registrant_name),
  }
}

/** The registrant's id behind a reference, in SQL; null for one that does not exist. */
export const registrantOf = (kind: 'individual' | 'group', ref: string): Sql =>
  sql`(SELECT p.id FROM registry.people p WHERE p.ref = ${ref} AND p.kind = ${kind})`

/** Which rows of a table `e`, with a registrant and a reference of their own, a clerk means by a reference. */
export const referredTo = (own: 'enrolment' | 'entitlement', q: string): Sql => {
  const { kind, ref } = refAmong(['group', 'individual', own], q, '/q')
  return kind === own
    ? sql`AND e.ref = ${ref}`
    : sql`AND e.registrant_id = ${registrantOf(kind as 'individual' | 'group', ref)}`
}
