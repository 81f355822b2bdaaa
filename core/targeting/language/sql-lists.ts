import sql, { join, raw, type Sql } from 'sql-template-tag'
import { QUOTIENT_DECIMALS } from './decimal.ts'
import { type Ir, type IrOf, type Over, speaksOnlyOf } from './ir.ts'
import {
  type Column,
  type Frame,
  type Grouped,
  groupKey,
  joinsOf,
  locate,
  newFrame,
  slot,
  sourceOf,
  type Writer,
} from './sql-frame.ts'

/*
 * Lists in SQL. "Some member …" is a semi-join (an anti-join when negated) where it stands among ANDed
 * conditions. Everything else asked of a list (counts, sums, "some" under OR) comes from one grouped pass
 * over it, joined to the record it belongs to. Only when the question also speaks of other records is it a
 * correlated subquery.
 */

/**
 * Whether some element makes `test` TRUE (`wanted`), or none does. `test` writes the condition for the
 * element's frame; `parts` are what it is made of.
 */
const some = (
  writer: Writer,
  over: Over,
  parts: readonly Ir[],
  test: (inner: Frame, conjunct: boolean) => Sql,
  frame: Frame,
  conjunct: boolean,
  wanted: boolean,
): Sql => {
  const group = conjunct ? undefined : groupOf(writer, over, parts, frame)
  if (!group) {
    const inner = newFrame(frame)
    const from = open(writer, over, frame, inner)
    const condition = test(inner, true)
    const exists = sql`EXISTS (SELECT FROM ${from.from}${joinsOf(inner)} WHERE ${from.belongs}${condition})`
    return wanted ? exists : sql`NOT ${exists}`
  }
  const at = slot(group.columns.length, 0)
  const column = add(group, {
    projected: [test(group.frame, false)],
    aggregate: sql`bool_or(s.${at})`,
    needed: sql`s.${at}`,
  })
  return wanted ? column : sql`(${column} IS NOT TRUE)`
}

/** FROM of a list of its own, and the condition (ending in AND) that ties it to its record. */
const open = (writer: Writer, over: Over, frame: Frame, inner: Frame): { from: Sql; belongs: Sql } => {
  const { from, key, place } = sourceOf(writer, over, frame)
  inner.places.set(over.row, place)
  if (!key || over.source === 'items') return { from, belongs: sql`` }
  return { from, belongs: sql`${key} = ${locate(writer, over.of, frame).place.main}.id AND ` }
}

/** The grouped pass over a list, when what is asked of it speaks of nothing but its elements. */
const groupOf = (writer: Writer, over: Over, parts: readonly Ir[], frame: Frame): Grouped | undefined => {
  if (over.source === 'items' || over.source === 'roles') return undefined
  if (!parts.every(part => speaksOnlyOf(part, [over.row]))) return undefined
  const owner = locate(writer, over.of, frame)
  const key = groupKey(owner.place, over.source)
  const known = owner.frame.groups.get(key)
  const group = known ?? newGroup(writer, over, owner.frame)
  owner.frame.groups.set(key, group)
  group.frame.places.set(over.row, group.element)
  return group
}

const newGroup = (writer: Writer, over: Over, frame: Frame): Grouped => {
  const source = sourceOf(writer, over, frame)
  return {
    alias: writer.alias('x'),
    frame: newFrame(undefined),
    key: source.key!,
    from: source.from,
    element: source.place,
    columns: [],
  }
}

const add = (group: Grouped, column: Column): Sql => {
  group.columns.push(column)
  return sql`${group.alias}.${raw(`c${group.columns.length - 1}`)}`
}

/** `exists` and `all`: TRUE exactly when the answer is `wanted`. */
export const quantified = (
  writer: Writer,
  ir: IrOf<'quantify'>,
  wanted: boolean,
  frame: Frame,
  conjunct: boolean,
): Sql => {
  const { over, body } = ir
  // Some element decides: a true one of `exists`, a false one of `all`. The contrary holds when every
  // element is known to be otherwise.
  const deciding = !ir.every
  const decided = (inner: Frame, top: boolean) => writer.holds(body, deciding, inner, top)
  const open = (inner: Frame) => sql`(${writer.holds(body, !deciding, inner, false)}) IS NOT TRUE`
  return wanted === deciding
    ? some(writer, over, [body], decided, frame, conjunct, true)
    : some(writer, over, [body], open, frame, conjunct, false)
}

/** `count`, `sum`, `avg`, `min`, `max` of a list; NULL when an element leaves it open. */
export const folded = (writer: Writer, ir: IrOf<'fold'>, frame: Frame): Sql => {
  const { over } = ir
  const parts = [ir.filter, ir.item].filter(part => part !== undefined)
  const group = groupOf(writer, over, parts, frame)
  if (group) return absent(ir, group, add(group, columnOf(writer, ir, group.columns.length, group.frame)))
  const inner = newFrame(frame)
  const from = open(writer, over, frame, inner)
  const { projected, aggregate } = columnOf(writer, ir, 0, inner)
  const values = projected.map((value, p) => sql`${value} AS ${slot(0, p)}`)
  const belongs = sql`${from.belongs}true`
  // Values are projected first: an aggregate over outer columns alone would belong to the outer query.
  return sql`(SELECT ${aggregate} FROM (SELECT ${values.length > 0 ? join(values) : sql`1`} FROM ${from.from}${joinsOf(inner)} WHERE ${belongs}) s)`
}

/** A record without any element has no row in the grouped pass: nothing to count, nothing to sum. */
const absent = (ir: IrOf<'fold'>, group: Grouped, column: Sql): Sql => {
  if (ir.fold !== 'count' && ir.fold !== 'sum') return column
  return ir.certain
    ? sql`COALESCE(${column}, 0)`
    : sql`(CASE WHEN ${group.alias}.k IS NULL THEN 0 ELSE ${column} END)`
}

/**
 * An element counts where the filter is TRUE; one of which that is unknown, or whose value is, leaves the
 * whole open. Conditions rather than values are projected: PostgreSQL estimates them better.
 */
const columnOf = (writer: Writer, ir: IrOf<'fold'>, c: number, frame: Frame): Column => {
  const { filter, item } = ir
  const projected: Sql[] = []
  const project = (part: Sql): Sql => sql`s.${slot(c, projected.push(part) - 1)}`
  const counts = filter && project(writer.holds(filter, true, frame, false))
  const needed =
    filter && !filter.certain
      ? project(sql`((${writer.holds(filter, false, frame, false)}) IS NOT TRUE)`)
      : counts
  const value = item && project(writer.value(item, frame))
  const holes = [
    ...(needed === counts ? [] : [sql`(${needed!} AND ${counts!} IS NOT TRUE)`]),
    ...(item?.type === 'date' ? [sql`(${counts ?? sql`true`} AND ${value!} IS NULL)`] : []),
  ]
  const summary = summaryOf(ir, value, counts ? sql` FILTER (WHERE ${counts})` : sql``)
  const aggregate =
    holes.length > 0 ? sql`CASE WHEN bool_or(${join(holes, ' OR ')}) THEN NULL ELSE ${summary} END` : summary
  return { projected, aggregate, needed }
}

/** A number that is not known makes the sum, or the extreme, not a number; and so NULL in the end. */
const NAN = raw(`'NaN'::numeric`)

const summaryOf = ({ fold, item }: IrOf<'fold'>, value: Sql | undefined, filter: Sql): Sql => {
  if (fold === 'count') return sql`count(*)${filter}`
  if (item!.type === 'date') return sql`${raw(fold)}(${value!})${filter}`
  const number = item!.certain ? sql`${value!}::numeric` : sql`COALESCE(${value!}::numeric, ${NAN})`
  const known = (summary: Sql) => (item!.certain ? summary : sql`NULLIF(${summary}, ${NAN})`)
  switch (fold) {
    case 'sum':
      return known(sql`COALESCE(sum(${number})${filter}, 0)`)
    case 'avg':
      return quotient(known(sql`sum(${number})${filter}`), sql`count(*)${filter}`)
    case 'max':
      return known(sql`max(${number})${filter}`)
    case 'min':
      // NaN counts as the greatest.
      return sql`(- ${known(sql`max(- ${number})${filter}`)})`
  }
}

const SCALE = raw(`1${'0'.repeat(QUOTIENT_DECIMALS)}::numeric`)
const STEP = raw(`0.${'0'.repeat(QUOTIENT_DECIMALS - 1)}1::numeric`)

/** Exact division, cut off after QUOTIENT_DECIMALS; NULL when dividing by zero. */
export const quotient = (dividend: Sql, divisor: Sql): Sql =>
  sql`(div(${dividend} * ${SCALE}, NULLIF(${divisor}, 0)) * ${STEP})`
