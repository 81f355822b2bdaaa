import type { Sql } from 'sql-template-tag'
import type { Permission } from '../access/index.ts'
import type { ReferenceKind } from '../kernel/index.ts'

/**
 * One kind of thing that people do something to, as the audit trail, the history and approvals know it. Every module
 * says which there are of its own (`things.ts`).
 */
export type Thing = {
  /** The `subject.type` of its audit entries, e.g. `payment-batch`. */
  type: string
  /** What its name outside is: a public reference, of one of these kinds, or a code of its own. */
  named: readonly ReferenceKind[] | 'code'
  /** Who may see that it exists. */
  permission: Permission
  /** The actions that make one. What their entries have in `after` is what it began with. */
  born: readonly string[]
  /**
   * All of them: a query giving `id uuid`, `ref bigint` (the number of the reference; null for codes), `code text`
   * (null for references), `kind text` (the kind of reference; null for codes), `area_id uuid` and `program_id uuid`
   * (null when it has none: then only those without limits find it).
   */
  all: Sql
  /**
   * What it is now, in the words of its audit entries: a query giving `id uuid` and `state jsonb` of all of them, with
   * whole numbers of money and goods as text. The history goes back from here.
   */
  state: Sql
  /** Whose data it shows: a query giving `id uuid` and `registrant_id uuid`. Left out: nobody's. */
  people?: Sql
  /** Other ids that entries have for one of them: a query giving `id uuid` and `code text`. */
  aliases?: Sql
  /**
   * Fields of its state and its entries, at whatever depth, that are money in minor units, and of which currency: a query
   * giving `id uuid` and `currency text` of those that have one.
   */
  money?: { fields: readonly string[]; currency: Sql }
}

/** Which fields of a thing are money, and in what currency. */
export type MoneyOf = { fields: readonly string[]; currency: string }

export type SubjectOf = { type: string; id: string }
