import sql, { join, type Sql } from 'sql-template-tag'
import type { Ir } from './ir.ts'
import { attributeIs, CONTRARY, comparison, oneOf, recorded, within } from './sql-comparisons.ts'
import type { Frame, Writer } from './sql-frame.ts'
import { quantified } from './sql-lists.ts'

/* Conditions: TRUE exactly when the part is what is wanted. */

export const conditionSql = (
  writer: Writer,
  ir: Ir,
  wanted: boolean,
  frame: Frame,
  conjunct: boolean,
): Sql => {
  if (ir.op === 'const') return ir.value === wanted ? sql`true` : sql`false`
  if (ir.op === 'not') return writer.holds(ir.operand, !wanted, frame, conjunct)
  if (ir.op === 'and' || ir.op === 'or') {
    const every = (ir.op === 'and') === wanted
    const items = ir.items.map(item => writer.holds(item, wanted, frame, conjunct && every))
    return sql`(${join(items, every ? ' AND ' : ' OR ')})`
  }
  if (ir.op === 'conditional') {
    const [yes, no] = [ir.yes, ir.no].map(branch => writer.holds(branch, wanted, frame, false))
    return sql`(CASE ${writer.value(ir.test, frame)} WHEN true THEN ${yes} WHEN false THEN ${no} END)`
  }
  if (ir.op === 'quantify') return quantified(writer, ir, wanted, frame, conjunct)
  const attribute = wanted ? attributeIs(writer, ir, frame) : undefined
  if (attribute) return attribute
  if (ir.op === 'compare')
    return comparison(writer, ir, wanted ? ir.comparison : CONTRARY[ir.comparison], frame)
  if (ir.op === 'one_of') return oneOf(writer, ir, wanted, frame)
  if (ir.op === 'recorded') return recorded(writer, ir, frame, wanted)
  if (ir.op === 'within') {
    const { area, inside } = within(writer, ir, frame)
    return wanted ? sql`${area} IN ${inside}` : sql`(${area} IS NOT NULL AND ${area} NOT IN ${inside})`
  }
  const value = writer.value(ir, frame)
  return wanted ? value : sql`(NOT ${value})`
}
