import sql, { join, raw, type Sql } from 'sql-template-tag'
import { latestBirth } from './days.ts'
import { type Comparison, type Ir, type IrOf, isRow } from './ir.ts'
import { TABLES } from './model.ts'
import { type Frame, locate, type Writer } from './sql-frame.ts'

/* Comparisons, which are conditions and values alike: NULL when unknown, whichever way they are asked. */

export const day = (date: string): Sql => sql`${date}::date`

export const CONTRARY: Record<Comparison, Comparison> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
}

const OPERATORS: Record<Comparison, Sql> = {
  '==': raw('='),
  '!=': raw('<>'),
  '<': raw('<'),
  '<=': raw('<='),
  '>': raw('>'),
  '>=': raw('>='),
}

export const recorded = (writer: Writer, ir: IrOf<'recorded'>, frame: Frame, wanted: boolean): Sql => {
  const what = isRow(ir.what)
    ? sql`${locate(writer, ir.what, frame).place.main}.id`
    : writer.value(ir.what, frame)
  return wanted ? sql`(${what} IS NOT NULL)` : sql`(${what} IS NULL)`
}

export const comparison = (writer: Writer, ir: IrOf<'compare'>, comparing: Comparison, frame: Frame): Sql => {
  const aged = ageComparison(writer, ir, comparing, frame)
  if (aged) return aged.condition
  const [left, right] = [writer.value(ir.left, frame), writer.value(ir.right, frame)]
  // By code point, as the interpreter orders text, whatever the database's collation.
  const collated = ir.left.type === 'string' && comparing !== '==' && comparing !== '!='
  return collated
    ? sql`(${left} COLLATE "C" ${OPERATORS[comparing]} ${right})`
    : sql`(${left} ${OPERATORS[comparing]} ${right})`
}

/** Ages up to here are compared by the date of birth itself, with no arithmetic per row. */
const OLDEST = 200

/** `age_years(x) < 5` as a condition on x; `known` tells whether there is an age at all. */
export const ageComparison = (writer: Writer, ir: IrOf<'compare'>, comparing: Comparison, frame: Frame) => {
  const { left, right } = ir
  if (left.op !== 'age' || right.op !== 'const' || right.type !== 'int' || !isColumn(left.operand))
    return undefined
  const years = Number(right.value)
  if (years < 0 || years > OLDEST) return undefined
  const birth = writer.value(left.operand, frame)
  const born = (age: number) => day(latestBirth(writer.today, age))
  const known = sql`${birth} <= ${day(writer.today)}`
  const atLeast = (age: number) => sql`${birth} <= ${born(age)}`
  const below = (age: number) => sql`(${birth} > ${born(age)} AND ${known})`
  const conditions: Record<Comparison, () => Sql> = {
    '>=': () => sql`(${atLeast(years)})`,
    '>': () => sql`(${atLeast(years + 1)})`,
    '<': () => below(years),
    '<=': () => below(years + 1),
    '==': () => sql`(${atLeast(years)} AND ${birth} > ${born(years + 1)})`,
    '!=': () => sql`(${below(years)} OR ${atLeast(years + 1)})`,
  }
  return { condition: conditions[comparing](), known }
}

/** Whether a part is short in SQL, so that it may be written more than once. */
export const isColumn = (ir: Ir): boolean => ir.op === 'field' || ir.op === 'attribute' || ir.op === 'element'

const ARRAYS = { int: raw('bigint[]'), decimal: raw('numeric[]'), string: raw('text[]'), date: raw('date[]') }

export const oneOf = (writer: Writer, ir: IrOf<'one_of'>, wanted: boolean, frame: Frame): Sql => {
  const operand = writer.value(ir.operand, frame)
  const { items } = ir
  const type = items.some(item => item.type === 'decimal') ? 'decimal' : items[0]?.type
  if (type && type !== 'bool' && type !== 'null' && items.every(item => item.op === 'const')) {
    const array = sql`${items.map(item => (item as IrOf<'const'>).value)}::${ARRAYS[type]}`
    return wanted ? sql`(${operand} = ANY (${array}))` : sql`(${operand} <> ALL (${array}))`
  }
  if (items.length === 0) return wanted ? sql`false` : sql`true`
  const list = join(items.map(item => writer.value(item, frame)))
  return wanted ? sql`(${operand} IN (${list}))` : sql`(${operand} NOT IN (${list}))`
}

/** An attribute as JSON and as text, in brackets. */
export const attributeAt = (
  writer: Writer,
  ir: IrOf<'attribute'>,
  frame: Frame,
): { json: Sql; text: Sql } => {
  const { main } = locate(writer, ir.row, frame).place
  return {
    json: sql`(${main}.attributes -> ${ir.code}::text)`,
    text: sql`(${main}.attributes ->> ${ir.code}::text)`,
  }
}

/**
 * Whether a text attribute is (one of) what is written: compared first, its type looked at only where that
 * agrees. A condition, no value: it is not NULL for what is not recorded.
 */
export const attributeIs = (writer: Writer, ir: Ir, frame: Frame): Sql | undefined => {
  if (ir.op !== 'one_of' && (ir.op !== 'compare' || ir.comparison !== '==')) return undefined
  const [of, items] = ir.op === 'compare' ? [ir.left, [ir.right]] : [ir.operand, ir.items]
  if (of.op !== 'attribute' || of.type !== 'string' || !items.every(item => item.op === 'const'))
    return undefined
  const { json, text } = attributeAt(writer, of, frame)
  const texts = items.map(item => item.value)
  return sql`(${text} = ANY (${texts}::text[]) AND jsonb_typeof${json} = 'string')`
}

export const within = (writer: Writer, ir: IrOf<'within'>, frame: Frame) => {
  const area = sql`${locate(writer, ir.row, frame).place.main}.area_id`
  const inside = sql`(SELECT c.area_id FROM ${TABLES.areaClosure} c JOIN ${TABLES.areas} a
    ON a.id = c.ancestor_id WHERE a.code = ${ir.code}::text)`
  return { area, inside }
}
