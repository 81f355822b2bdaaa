import {
  type Checker,
  complain,
  describe,
  isNumber,
  type Operand,
  oneValue,
  type Scope,
  scalar,
  WRONG,
} from './checking.ts'
import { type Comparison, type Ir, make } from './ir.ts'
import type { ScalarType } from './model.ts'
import { didYouMean } from './problems.ts'
import type { Node, Span } from './syntax.ts'

type BinaryNode = Node & { is: 'binary' }

export const negate = (checker: Checker, node: Node & { is: 'negate' }, scope: Scope): Operand => {
  const operand = oneValue(checker, node.operand, scope, 'number')
  if (!operand) return WRONG
  if (operand.op === 'const' && typeof operand.value === 'string') {
    const value = operand.value.startsWith('-') ? operand.value.slice(1) : `-${operand.value}`
    return scalar(make(node, operand.type, { op: 'const', value: value === '-0' ? '0' : value }))
  }
  return scalar(make(node, operand.type, { op: 'negate', operand: measured(operand) }))
}

export const binary = (checker: Checker, node: BinaryNode, scope: Scope): Operand => {
  const { operator } = node
  if (operator === 'in') return membership(checker, node, scope)
  if (operator === '+' || operator === '-' || operator === '*' || operator === '/' || operator === '%')
    return arithmetic(checker, node, operator, scope)
  if (operator === '==' || operator === '!=') {
    const asked = presence(checker, node, scope)
    if (asked) return asked
  }
  const [left, right] = [oneValue(checker, node.left, scope), oneValue(checker, node.right, scope)]
  if (!left || !right) return WRONG
  return comparable(checker, node, operator, left, right)
    ? scalar(make(node, 'bool', { op: 'compare', comparison: operator, left, right }))
    : WRONG
}

/** `x == null` and `x != null` ask whether x is recorded, and are never unknown. */
const presence = (checker: Checker, node: BinaryNode, scope: Scope): Operand | undefined => {
  const isNull = (side: Node) => side.is === 'literal' && side.literal.kind === 'null'
  const other = isNull(node.right) ? node.left : isNull(node.left) ? node.right : undefined
  if (!other) return undefined
  const operand = checker.visit(other, scope)
  const recorded = recordedness(checker, node, operand)
  if (!recorded) return WRONG
  return scalar(node.operator === '!=' ? recorded : make(node, 'bool', { op: 'not', operand: recorded }))
}

/** The part that is true when something is recorded; complains when that cannot be asked of it. */
export const recordedness = (checker: Checker, span: Span, operand: Operand): Ir | undefined => {
  if (operand.is === 'scalar') return make(span, 'bool', { op: 'recorded', what: operand.ir })
  if (operand.is === 'row' && operand.row.via !== 'subject' && operand.row.via !== 'element')
    return make(span, 'bool', { op: 'recorded', what: operand.row })
  if (operand.is !== 'wrong') {
    const hint = operand.is === 'list' ? 'Write "size(…) > 0".' : 'Name one of its fields.'
    complain(checker, span, 'type', `Whether ${describe(operand)} is recorded cannot be asked.`, hint)
  }
  return undefined
}

const comparable = (checker: Checker, span: Span, comparison: Comparison, left: Ir, right: Ir): boolean => {
  const same = left.type === right.type || (isNumber(left) && isNumber(right))
  const ordered = comparison !== '==' && comparison !== '!='
  if (left.type === 'null' || right.type === 'null') {
    complain(checker, span, 'type', 'null can only be compared with "==" or "!=".')
    return false
  }
  if (!same) {
    const [a, b] = [describe({ is: 'scalar', ir: left }), describe({ is: 'scalar', ir: right })]
    const dates = left.type === 'date' || right.type === 'date'
    const hint = dates ? 'Write a date as date("2020-01-31").' : undefined
    complain(checker, span, 'type', `${a} cannot be compared with ${b}.`, hint)
    return false
  }
  if (ordered && left.type === 'bool') {
    complain(checker, span, 'type', 'true and false have no order.')
    return false
  }
  return ordered || (spelt(checker, left, right) && spelt(checker, right, left))
}

/** Refuses a text that a field with a closed list of values can never have. */
const spelt = (checker: Checker, field: Ir, written: Ir): boolean => {
  const values = field.op === 'field' ? field.field.values : undefined
  if (!values || written.op !== 'const' || typeof written.value !== 'string') return true
  if (values.includes(written.value)) return true
  const detail = `This can never be "${written.value.slice(0, 60)}".`
  complain(checker, written.span, 'value', detail, didYouMean(written.value, values))
  return false
}

const membership = (checker: Checker, node: BinaryNode, scope: Scope): Operand => {
  const operand = oneValue(checker, node.left, scope)
  const right = checker.visit(node.right, scope)
  if (!operand || right.is === 'wrong') return WRONG
  if (right.is !== 'list' || !right.list.item) {
    const hint = right.is === 'list' ? 'Take a field of its elements first: list.map(x, x.field).' : undefined
    return complain(
      checker,
      node.right,
      'type',
      `A list of values is needed after "in", not ${describe(right)}.`,
      hint,
    )
  }
  const { over, filter, item } = right.list
  if (over.source === 'items' && item.op === 'element' && !filter) {
    const fits = over.items.every(each => comparable(checker, node, '==', operand, each))
    return fits ? scalar(make(node, 'bool', { op: 'one_of', operand, items: over.items })) : WRONG
  }
  if (!comparable(checker, node, '==', item, operand)) return WRONG
  if (over.source === 'roles' && item.op === 'element' && !filter)
    return scalar(make(node, 'bool', { op: 'in_roles', row: over.of, operand }))
  const same = make(node, 'bool', { op: 'compare', comparison: '==', left: item, right: operand })
  return scalar(make(node, 'bool', { op: 'quantify', every: false, over, body: both(filter, same) }))
}

/** Both must hold; the first may be missing. */
export const both = (filter: Ir | undefined, body: Ir): Ir =>
  filter ? make(body.span, 'bool', { op: 'and', items: [filter, body] }) : body

const arithmetic = (
  checker: Checker,
  node: BinaryNode,
  sign: '+' | '-' | '*' | '/' | '%',
  scope: Scope,
): Operand => {
  const [left, right] = [oneValue(checker, node.left, scope), oneValue(checker, node.right, scope)]
  if (!left || !right) return WRONG
  if (sign === '+' && left.type === 'string' && right.type === 'string')
    return scalar(make(node, 'string', { op: 'concat', left, right }))
  if (!isNumber(left) || !isNumber(right)) {
    const [a, b] = [describe({ is: 'scalar', ir: left }), describe({ is: 'scalar', ir: right })]
    const dates = left.type === 'date' || right.type === 'date'
    const hint = dates ? 'For dates there are months_ago(n) and age_years(date).' : undefined
    return complain(checker, node, 'type', `"${sign}" cannot be used with ${a} and ${b}.`, hint)
  }
  const type: ScalarType = left.type === 'int' && right.type === 'int' ? 'int' : 'decimal'
  if (sign === '%' && type !== 'int') return complain(checker, node, 'type', '"%" is for whole numbers only.')
  return scalar(make(node, type, { op: 'arithmetic', sign, left: measured(left), right: measured(right) }))
}

/** A part as calculations take it: recorded numbers in it are measured (see `attribute` in ir.ts). */
export const measured = (ir: Ir): Ir => {
  if (ir.op === 'attribute' && ir.type === 'decimal') return { ...ir, measured: true }
  return ir.op === 'conditional' ? { ...ir, yes: measured(ir.yes), no: measured(ir.no) } : ir
}

export const conditional = (checker: Checker, node: Node & { is: 'conditional' }, scope: Scope): Operand => {
  const test = oneValue(checker, node.test, scope, 'bool')
  const [yes, no] = [oneValue(checker, node.yes, scope), oneValue(checker, node.no, scope)]
  if (!test || !yes || !no) return WRONG
  const type = common(yes, no)
  if (!type) {
    const [a, b] = [describe({ is: 'scalar', ir: yes }), describe({ is: 'scalar', ir: no })]
    return complain(checker, node, 'type', `Both results of "?" must be of one type, not ${a} and ${b}.`)
  }
  return scalar(make(node, type, { op: 'conditional', test, yes, no }))
}

const common = (a: Ir, b: Ir): ScalarType | undefined => {
  if (a.type === b.type || b.type === 'null') return a.type
  if (a.type === 'null') return b.type
  return isNumber(a) && isNumber(b) ? 'decimal' : undefined
}
