import { call } from './check-calls.ts'
import { binary, conditional, measured, negate } from './check-operators.ts'
import {
  type Checker,
  complain,
  describe,
  type Operand,
  oneValue,
  type Scope,
  scalar,
  WRONG,
} from './checking.ts'
import { decimal, format } from './decimal.ts'
import { type EntityRow, type Ir, make, type Over } from './ir.ts'
import {
  type AttributeTypes,
  type EntityName,
  entity,
  namesOf,
  type ScalarType,
  type TargetKind,
} from './model.ts'
import { parse } from './parse.ts'
import { didYouMean, Halt, type Problem, refusal } from './problems.ts'
import type { Literal, Node, Span } from './syntax.ts'

/** An expression that may be used: its source, what it is about, and its checked form. */
export type Checked = {
  source: string
  kind: TargetKind
  expects: 'bool' | 'number'
  subject: EntityRow
  root: Ir
}

export type CheckOptions = {
  kind: TargetKind
  /** The custom attributes that exist, with their types. */
  attributes: AttributeTypes
  /** `bool` (default) for a rule, `number` for a formula. */
  expects?: 'bool' | 'number'
  /** Where the expression stands in what the caller sent (RFC 6901), for the issues. */
  pointer?: string
}

/** Parts a checked expression may have once everything shared is written out. */
const MAX_WEIGHT = 2000

/**
 * Parses and type-checks. Throws `invalid` with an issue per problem, each with line, column and hint;
 * what cannot be understood is refused, never taken for "everyone".
 */
export const check = (source: string, options: CheckOptions): Checked => {
  const { kind, attributes, expects = 'bool', pointer = '' } = options
  const subject: EntityRow = { via: 'subject', entity: kind }
  return { source, kind, expects, subject, root: checkedRoot(source, subject, attributes, expects, pointer) }
}

/** The same of an expression about any subject. */
export const checkedRoot = (
  source: string,
  subject: EntityRow,
  attributes: AttributeTypes,
  expects: Checked['expects'],
  pointer: string,
): Ir => {
  const problems: Problem[] = []
  const checker: Checker = { attributes, problems, visit: (node, scope) => visit(checker, node, scope) }
  try {
    const root = oneValue(checker, parse(source), { subject, names: new Map(), nesting: 0 }, expects)
    if (root && root.weight > MAX_WEIGHT)
      complain(checker, root.span, 'limit', 'The expression is too large once its lists are combined.')
    if (root && problems.length === 0) return root
  } catch (error) {
    if (!(error instanceof Halt)) throw error
    problems.push(error.problem)
  }
  throw refusal(source, problems, pointer)
}

const visit = (checker: Checker, node: Node, scope: Scope): Operand => {
  switch (node.is) {
    case 'literal':
      return constant(checker, node, node.literal)
    case 'name':
      return name(checker, node, node.text, scope)
    case 'select':
      return select(checker, node, scope)
    case 'index':
      return index(checker, node, scope)
    case 'call':
      return call(checker, node, scope)
    case 'list':
      return list(checker, node, scope)
    case 'not': {
      const operand = oneValue(checker, node.operand, scope, 'bool')
      return operand ? scalar(make(node, 'bool', { op: 'not', operand })) : WRONG
    }
    case 'negate':
      return negate(checker, node, scope)
    case 'and':
    case 'or': {
      const items = node.items.map(item => oneValue(checker, item, scope, 'bool'))
      if (!items.every(item => item !== undefined)) return WRONG
      return scalar(make(node, 'bool', { op: node.is, items }))
    }
    case 'binary':
      return binary(checker, node, scope)
    case 'conditional':
      return conditional(checker, node, scope)
  }
}

const INT_LIMIT = 2n ** 63n

const constant = (checker: Checker, node: Node, { kind, text }: Literal): Operand => {
  if (kind === 'bool') return scalar(make(node, 'bool', { op: 'const', value: text === 'true' }))
  if (kind === 'null') return scalar(make(node, 'null', { op: 'const', value: null }))
  if (kind === 'string') return scalar(make(node, 'string', { op: 'const', value: text }))
  const number = decimal(text)
  const plain = number && format(number)
  if (kind === 'int') {
    // 2^63 itself is let through for `-9223372036854775808`.
    if (!plain || BigInt(plain) > INT_LIMIT)
      return complain(checker, node, 'value', 'This whole number is beyond 64 bits.')
    return scalar(make(node, 'int', { op: 'const', value: plain }))
  }
  if (!plain || !/^\d{1,18}(\.\d{1,9})?$/.test(plain))
    return complain(checker, node, 'value', 'A number has at most 18 digits before the point and 9 after it.')
  return scalar(make(node, 'decimal', { op: 'const', value: plain }))
}

const name = (checker: Checker, node: Node, text: string, scope: Scope): Operand => {
  const known = scope.names.get(text) ?? part(node, scope.subject, text)
  if (known) return known
  const hint =
    text === 'today'
      ? 'Write today().'
      : didYouMean(text, [...scope.names.keys(), ...namesOf(scope.subject.entity)])
  return complain(checker, node, 'unknown-name', `There is no "${text.slice(0, 60)}" here.`, hint)
}

const select = (checker: Checker, node: Node & { is: 'select' }, scope: Scope): Operand => {
  const operand = checker.visit(node.operand, scope)
  const { text } = node.name
  if (operand.is === 'wrong') return WRONG
  if (operand.is === 'attributes') return attribute(checker, node, node.name, operand.row, text)
  if (operand.is !== 'row') {
    const hint = operand.is === 'list' ? 'Use a macro on it, such as exists(x, x.field == …).' : undefined
    return complain(checker, node.name, 'type', `${describe(operand)} has no fields.`, hint)
  }
  const known = part(node, operand.row, text)
  if (known) return known
  const { entity: of } = operand.row
  const detail = `There is no field "${text.slice(0, 60)}" on ${entity(of).called}.`
  return complain(checker, node.name, 'unknown-name', detail, didYouMean(text, namesOf(of)))
}

const index = (checker: Checker, node: Node & { is: 'index' }, scope: Scope): Operand => {
  const operand = checker.visit(node.operand, scope)
  if (operand.is === 'wrong') return WRONG
  const code =
    node.index.is === 'literal' && node.index.literal.kind === 'string' ? node.index.literal.text : undefined
  if (operand.is === 'attributes' && code !== undefined)
    return attribute(checker, node, node.index, operand.row, code)
  const hint =
    operand.is === 'list' ? 'Lists have no order here: use exists(), filter(), min(), …' : undefined
  return complain(
    checker,
    node,
    'type',
    'Only attributes can be taken by index, by a text: attributes["code"].',
    hint,
  )
}

/** What a record leads to by a name: a field, another record, a list; `undefined` when nothing. */
const part = (span: Node, row: EntityRow, text: string): Operand | undefined => {
  const it = entity(row.entity)
  const field = Object.hasOwn(it.fields, text) ? it.fields[text] : undefined
  if (field) return scalar(make(span, field.type, { op: 'field', row, field }))
  const fact = it.facts && Object.hasOwn(it.facts, text) ? it.facts[text] : undefined
  if (fact) return scalar(make(span, fact, { op: 'attribute', row, code: text, measured: false }))
  if (text === 'area' && it.area) return { is: 'row', row: { via: 'area', entity: 'area', of: row } }
  if (text === 'head' && it.head) return { is: 'row', row: { via: 'head', entity: 'head', of: row } }
  if (text === 'attributes' && it.attributes) return { is: 'attributes', row }
  if (text === 'members' && it.members) return over('members', row, 'member')
  if (text === 'groups' && it.groups) return over('groups', row, 'group')
  if (text === 'roles' && it.roles) return roles(span, row)
  if (text === 'size' && it.size) {
    const memberships: Over = { source: 'memberships', of: row, row: { via: 'value' } }
    return scalar(
      make(span, 'int', { op: 'fold', fold: 'count', over: memberships, filter: undefined, item: undefined }),
    )
  }
  return undefined
}

const over = (source: 'members' | 'groups', of: EntityRow, element: EntityName): Operand => ({
  is: 'list',
  list: {
    over: { source, of, row: { via: 'element', entity: element } },
    filter: undefined,
    item: undefined,
  },
})

const roles = (span: Node, of: EntityRow): Operand => {
  const row = { via: 'value' } as const
  const item = make(span, 'string', { op: 'element', row })
  return { is: 'list', list: { over: { source: 'roles', of, row }, filter: undefined, item } }
}

const TYPES = { string: 'string', number: 'decimal', bool: 'bool', date: 'date' } as const

const attribute = (checker: Checker, node: Node, at: Span, row: EntityRow, code: string): Operand => {
  const types = checker.attributes[entity(row.entity).attributes!]
  if (!Object.hasOwn(types, code)) {
    const known = Object.keys(types)
    const hint = known.length > 0 ? didYouMean(code, known) : 'None are defined yet.'
    return complain(checker, at, 'unknown-name', `There is no attribute "${code.slice(0, 60)}".`, hint)
  }
  return scalar(make(node, TYPES[types[code]!], { op: 'attribute', row, code, measured: false }))
}

const list = (checker: Checker, node: Node & { is: 'list' }, scope: Scope): Operand => {
  const items = node.items.map(item => oneValue(checker, item, scope))
  if (!items.every(item => item !== undefined)) return WRONG
  const types = new Set<ScalarType>(items.map(item => item.type))
  if (types.size === 2 && types.has('int') && types.has('decimal')) types.delete('int')
  const [type] = types
  if (types.size > 1 || type === 'null')
    return complain(checker, node, 'type', 'The items of a list must be values of one type.')
  const row = { via: 'value' } as const
  const item = make(node, type ?? 'int', { op: 'element', row })
  const over: Over = { source: 'items', items: items.map(measured), row }
  return { is: 'list', list: { over, filter: undefined, item } }
}
