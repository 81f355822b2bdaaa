import sql, { empty, join, type Sql } from 'sql-template-tag'
import { type Ctx, forbidden } from '../kernel/index.ts'
import { MASKABLE, type Maskable } from './masks.ts'
import type { Permission } from './permissions.ts'
import { clear, masksOf, type ScopedColumns } from './scope.ts'

/** Which fields of one row are shown only in part. */
export type Masks = ReadonlySet<Maskable>

/** Goes into a query of people's fields, and says of each of its rows what to show only in part. */
export type Masking = {
  /** Ends the SELECT list: `, … AS shown`. Nothing at all for those from whom nothing is kept. */
  select: Sql
  /** What to mask of a row that came back. */
  of: (row: { shown?: Record<string, boolean> }) => Masks
}

const NOTHING: Masks = new Set()

/**
 * How an actor sees rows read with a permission. A field is shown in full where any grant that reaches the row does not
 * mask it: somebody may be the registrar of one district and the approver of all.
 */
export const masking = (ctx: Ctx, permission: Permission, columns: ScopedColumns): Masking => {
  const masks = masksOf(ctx, permission)
  const masked = MASKABLE.filter(field => masks.has(field))
  if (masked.length === 0) return { select: empty, of: () => NOTHING }
  const pairs = masked.map(field => sql`${field}::text, ${clear(ctx, permission, field, columns)}`)
  return {
    select: sql`, jsonb_build_object(${join(pairs)}) AS shown`,
    of: ({ shown }) => new Set(masked.filter(field => shown?.[field] !== true)),
  }
}

/** Refuses what cannot be shown in part (a file, a printed card) to those from whom some of it is kept anywhere. */
export const requireUnmasked = (ctx: Ctx, permission: Permission, fields: readonly Maskable[]): void => {
  const masks = masksOf(ctx, permission)
  const kept = fields.filter(field => masks.has(field))
  if (kept.length > 0)
    throw forbidden(
      `This shows people's data in full, and your role sees some of it (${kept.join(', ')}) only in part.`,
      'masked',
    )
}

const HIDDEN = '•'
const KEPT = 3
const LONG_ENOUGH = 8
const characters = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** The first character of each word of a name: `Sara Haile` is `S. H.` */
const initials = (name: string): string =>
  name
    .split(/\s+/)
    .filter(word => word !== '')
    .map(word => `${[...characters.segment(word)][0]!.segment}.`)
    .join(' ')

/** The last characters of a number or an address, behind five dots; of a short one nothing. */
const ending = (value: string): string =>
  HIDDEN.repeat(5) + (value.length >= LONG_ENOUGH ? value.slice(-KEPT) : '')

/** A value as it is shown when its field is masked. Of a birth date the year is left, as of one known no better. */
export const maskedValue = (field: Maskable, value: string): string =>
  field === 'name' ? initials(value) : field === 'birth' ? `${value.slice(0, 4)}-01-01` : ending(value)

/** A value as this row shows it. */
export const shownAs = <V extends string | null>(masks: Masks, field: Maskable, value: V): V =>
  value === null || !masks.has(field) ? value : (maskedValue(field, value) as V)
