import type { Entity, EntityName, Field, ScalarType } from './model.ts'
import type { Pattern } from './pattern.ts'
import type { Span } from './syntax.ts'

/**
 * The checked form of an expression: names resolved, types known, macros brought to two shapes
 * (`quantify`, `fold`). Both the SQL compiler and the interpreter work on it, and on nothing else.
 */

/** Something a name can stand for: the subject, an element of a list, or what those lead to. */
export type Row =
  | { via: 'subject'; entity: EntityName | Entity }
  | { via: 'element'; entity: EntityName }
  | { via: 'value' }
  | { via: 'head' | 'area'; entity: EntityName; of: EntityRow }
export type EntityRow = Exclude<Row, { via: 'value' }>

/** A list to run over; `row` stands for the element at hand. */
export type Over =
  | { source: 'members' | 'groups' | 'roles' | 'memberships'; of: EntityRow; row: Row }
  | { source: 'items'; items: readonly Ir[]; row: Row }

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='
export type Arithmetic = '+' | '-' | '*' | '/' | '%'
export type FoldName = 'count' | 'sum' | 'avg' | 'min' | 'max'

type Shape =
  | { op: 'const'; value: string | boolean | null }
  | { op: 'today' }
  | { op: 'months_ago'; months: number }
  | { op: 'field'; row: EntityRow; field: Field }
  /** `measured`: taken to 9 decimals, and unknown beyond ±10^18, so that no calculation can overflow. */
  | { op: 'attribute'; row: EntityRow; code: string; measured: boolean }
  | { op: 'element'; row: Row }
  | { op: 'recorded'; what: Ir | EntityRow }
  | { op: 'not'; operand: Ir }
  | { op: 'and'; items: readonly Ir[] }
  | { op: 'or'; items: readonly Ir[] }
  | { op: 'conditional'; test: Ir; yes: Ir; no: Ir }
  | { op: 'compare'; comparison: Comparison; left: Ir; right: Ir }
  | { op: 'one_of'; operand: Ir; items: readonly Ir[] }
  | { op: 'arithmetic'; sign: Arithmetic; left: Ir; right: Ir }
  | { op: 'negate'; operand: Ir }
  | { op: 'concat'; left: Ir; right: Ir }
  | { op: 'text'; test: 'contains' | 'startsWith' | 'endsWith'; operand: Ir; part: Ir }
  | { op: 'matches'; operand: Ir; pattern: Pattern }
  | { op: 'lower'; operand: Ir }
  | { op: 'length'; operand: Ir }
  | { op: 'age'; operand: Ir }
  /** Whether a member has a role. */
  | { op: 'in_roles'; row: EntityRow; operand: Ir }
  | { op: 'within'; row: EntityRow; code: string }
  | { op: 'quantify'; every: boolean; over: Over; body: Ir }
  | { op: 'fold'; fold: FoldName; over: Over; filter: Ir | undefined; item: Ir | undefined }

/**
 * A checked part. `span`: what of the source it says. `certain`: never unknown. `weight`: how many parts it
 * has once everything shared is written out.
 */
export type Ir = Shape & { type: ScalarType; span: Span; certain: boolean; weight: number }
export type IrOf<Op extends Shape['op']> = Op extends unknown ? Extract<Ir, { op: Op }> : never

/** The parts directly under a part. */
export const partsOf = (ir: Shape): readonly Ir[] => {
  switch (ir.op) {
    case 'const':
    case 'today':
    case 'months_ago':
    case 'field':
    case 'attribute':
    case 'element':
    case 'within':
      return []
    case 'recorded':
      return isRow(ir.what) ? [] : [ir.what]
    case 'not':
    case 'negate':
    case 'lower':
    case 'length':
    case 'age':
    case 'matches':
    case 'in_roles':
      return [ir.operand]
    case 'and':
    case 'or':
      return ir.items
    case 'conditional':
      return [ir.test, ir.yes, ir.no]
    case 'compare':
    case 'arithmetic':
    case 'concat':
      return [ir.left, ir.right]
    case 'one_of':
      return [ir.operand, ...ir.items]
    case 'text':
      return [ir.operand, ir.part]
    case 'quantify':
      return [...itemsOf(ir.over), ir.body]
    case 'fold':
      return [...itemsOf(ir.over), ...[ir.filter, ir.item].filter(x => x !== undefined)]
  }
}

const itemsOf = (over: Over): readonly Ir[] => (over.source === 'items' ? over.items : [])

export const isRow = (what: Ir | Row): what is Row => 'via' in what

/** Rows a part itself speaks of, its parts not counted. */
const rowsAt = (ir: Ir): readonly Row[] => {
  if (ir.op === 'recorded') return isRow(ir.what) ? [ir.what] : []
  if ('over' in ir) return ir.over.source === 'items' ? [] : [ir.over.of]
  return 'row' in ir ? [ir.row] : []
}

/** The subject or element that a row is reached from. */
export const baseOf = (row: Row): Row => (row.via === 'head' || row.via === 'area' ? baseOf(row.of) : row)

/** Whether a part speaks of nothing outside itself but these rows and what they lead to. */
export const speaksOnlyOf = (ir: Ir, known: readonly Row[]): boolean => {
  const inner = ir.op === 'quantify' || ir.op === 'fold' ? [...known, ir.over.row] : known
  return (
    rowsAt(ir).every(row => known.includes(baseOf(row))) &&
    partsOf(ir).every(part => speaksOnlyOf(part, inner))
  )
}

/** Operations that may be unknown though all their parts are known. */
const UNCERTAIN = new Set<Shape['op']>(['attribute', 'age', 'within', 'element'])

/** Completes a part from its shape. */
export const make = (span: Span, type: ScalarType, shape: Shape): Ir => {
  const parts = partsOf(shape)
  return {
    ...shape,
    type,
    span: { start: span.start, end: span.end },
    certain: isCertain(shape, parts),
    weight: parts.reduce((sum, part) => sum + part.weight, 1),
  }
}

const isCertain = (shape: Shape, parts: readonly Ir[]): boolean => {
  if (shape.op === 'recorded') return true
  if (shape.op === 'const') return shape.value !== null
  if (shape.op === 'field') return shape.field.always === true
  if (UNCERTAIN.has(shape.op)) return false
  if (shape.op === 'arithmetic' && (shape.sign === '/' || shape.sign === '%')) return false
  if (shape.op === 'fold' && shape.fold !== 'count' && shape.fold !== 'sum') return false
  return parts.every(part => part.certain)
}
