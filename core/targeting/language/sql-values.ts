import sql, { join, raw, type Sql } from 'sql-template-tag'
import { DAY_PATTERN, monthsBefore } from './days.ts'
import type { Ir, IrOf } from './ir.ts'
import {
  ageComparison,
  attributeAt,
  comparison,
  day,
  isColumn,
  oneOf,
  recorded,
  within,
} from './sql-comparisons.ts'
import { type Frame, locate, type Writer } from './sql-frame.ts'
import { folded, quotient } from './sql-lists.ts'

/* Values: NULL when unknown. SQL's AND, OR and NOT are Kleene's. */

export const valueSql = (writer: Writer, ir: Ir, frame: Frame): Sql => {
  const of = (part: Ir) => writer.value(part, frame)
  switch (ir.op) {
    case 'const':
      return constant(ir)
    case 'today':
      return day(writer.today)
    case 'months_ago':
      return day(monthsBefore(writer.today, ir.months))
    case 'field':
      return ir.field.sql(locate(writer, ir.row, frame).place)
    case 'attribute':
      return attribute(writer, ir, frame)
    case 'element':
      return sql`${locate(writer, ir.row, frame).place.main}.v`
    case 'recorded':
      return recorded(writer, ir, frame, true)
    case 'not':
      return sql`(NOT ${of(ir.operand)})`
    case 'and':
    case 'or':
      return sql`(${join(ir.items.map(of), ir.op === 'and' ? ' AND ' : ' OR ')})`
    case 'conditional':
      return sql`(CASE ${of(ir.test)} WHEN true THEN ${of(ir.yes)} WHEN false THEN ${of(ir.no)} END)`
    case 'compare': {
      const aged = ageComparison(writer, ir, ir.comparison, frame)
      return aged
        ? sql`(CASE WHEN ${aged.known} THEN ${aged.condition} END)`
        : comparison(writer, ir, ir.comparison, frame)
    }
    case 'one_of':
      return oneOf(writer, ir, true, frame)
    case 'within': {
      const { area, inside } = within(writer, ir, frame)
      return sql`(CASE WHEN ${area} IS NOT NULL THEN ${area} IN ${inside} END)`
    }
    case 'quantify': {
      const [yes, no] = [true, false].map(wanted => writer.holds(ir, wanted, frame, false))
      return sql`(CASE WHEN ${yes} THEN true WHEN ${no} THEN false END)`
    }
    case 'in_roles':
      return sql`(${of(ir.operand)} = ANY (${locate(writer, ir.row, frame).place.link!}.roles))`
    case 'fold':
      return folded(writer, ir, frame)
    case 'age':
      return age(writer, ir, frame)
    case 'arithmetic':
      return arithmetic(writer, ir, frame)
    case 'negate':
      return sql`(- ${numeric(writer, ir.operand, frame)})`
    case 'concat':
    case 'text':
    case 'matches':
    case 'lower':
    case 'length':
      return textual(writer, ir, frame)
  }
}

const textual = (
  writer: Writer,
  ir: IrOf<'concat' | 'text' | 'matches' | 'lower' | 'length'>,
  frame: Frame,
): Sql => {
  const of = (part: Ir) => writer.value(part, frame)
  switch (ir.op) {
    case 'concat':
      return sql`(${of(ir.left)} || ${of(ir.right)})`
    case 'matches':
      return sql`(${of(ir.operand)} ~ ${ir.pattern.postgres}::text)`
    case 'lower':
      return sql`lower(${of(ir.operand)} COLLATE "C")`
    case 'length':
      return sql`length(${of(ir.operand)})`
    case 'text': {
      const [text, part] = [of(ir.operand), of(ir.part)]
      if (ir.test === 'contains') return sql`(strpos(${text}, ${part}) > 0)`
      if (ir.test === 'startsWith') return sql`starts_with(${text}, ${part})`
      return sql`(right(${text}, length(${part})) = ${part})`
    }
  }
}

const TYPES = { int: raw('bigint'), decimal: raw('numeric'), string: raw('text'), date: raw('date') }

const constant = (ir: IrOf<'const'>): Sql => {
  if (ir.value === null) return sql`NULL`
  if (typeof ir.value === 'boolean') return ir.value ? sql`true` : sql`false`
  return sql`${ir.value}::${TYPES[ir.type as keyof typeof TYPES]}`
}

/** What is not of the defined type, or not a number that can be calculated with, is not recorded. */
const attribute = (writer: Writer, ir: IrOf<'attribute'>, frame: Frame): Sql => {
  const { json, text } = attributeAt(writer, ir, frame)
  if (ir.type === 'string') return sql`(CASE WHEN jsonb_typeof${json} = 'string' THEN ${text} END)`
  if (ir.type === 'bool') return sql`(CASE WHEN jsonb_typeof${json} = 'boolean' THEN ${json}::boolean END)`
  if (ir.type === 'date') return sql`(CASE WHEN ${text} ~ ${DAY_PATTERN}::text THEN ${text}::date END)`
  const number = sql`${json}::numeric`
  return sql`(CASE WHEN jsonb_typeof${json} = 'number' THEN ${ir.measured ? measured(number) : number} END)`
}

/** To 9 decimals, and NULL from ±10^18 on; so written that the number is read but once. */
const measured = (number: Sql): Sql =>
  sql`NULLIF(NULLIF(GREATEST(LEAST(round(${number}, 9), 1e18), -1e18), 1e18), -1e18)`

/** Completed years; NULL before birth. */
const age = (writer: Writer, ir: IrOf<'age'>, frame: Frame): Sql => {
  const birth = writer.value(ir.operand, frame)
  const today = day(writer.today)
  const years = (of: Sql) =>
    sql`CASE WHEN ${of} <= ${today} THEN extract(year FROM age(${today}::timestamp, ${of}::timestamp))::int END`
  return isColumn(ir.operand)
    ? sql`(${years(birth)})`
    : sql`(SELECT ${years(raw('b.d'))} FROM (SELECT ${birth} AS d) b)`
}

/** Calculations are in `numeric`, which cannot overflow within the limits of an expression. */
const numeric = (writer: Writer, ir: Ir, frame: Frame): Sql =>
  ir.op === 'const' ? sql`${ir.value}::numeric` : sql`(${writer.value(ir, frame)})::numeric`

const arithmetic = (writer: Writer, ir: IrOf<'arithmetic'>, frame: Frame): Sql => {
  const [left, right] = [numeric(writer, ir.left, frame), numeric(writer, ir.right, frame)]
  switch (ir.sign) {
    case '+':
      return sql`(${left} + ${right})`
    case '-':
      return sql`(${left} - ${right})`
    case '*':
      return sql`(${left} * ${right})`
    case '/':
      return ir.type === 'int' ? sql`div(${left}, NULLIF(${right}, 0))` : quotient(left, right)
    case '%':
      return sql`mod(${left}, NULLIF(${right}, 0))`
  }
}
