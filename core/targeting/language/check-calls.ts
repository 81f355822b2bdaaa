import { both, measured, recordedness } from './check-operators.ts'
import {
  type Checker,
  complain,
  describe,
  isNumber,
  type List,
  type Operand,
  oneValue,
  type Scope,
  scalar,
  WRONG,
} from './checking.ts'
import { isDay } from './days.ts'
import { type FoldName, type Ir, make } from './ir.ts'
import { LIMITS } from './parse.ts'
import { compilePattern, PatternError } from './pattern.ts'
import { didYouMean } from './problems.ts'
import type { Node } from './syntax.ts'

type CallNode = Node & { is: 'call' }
type Method = (checker: Checker, node: CallNode, target: Node, scope: Scope) => Operand
type Plain = (checker: Checker, node: CallNode, scope: Scope) => Operand

export const call = (checker: Checker, node: CallNode, scope: Scope): Operand => {
  const { text } = node.name
  if (node.target) {
    const method = METHODS.get(text)
    if (method) return method(checker, node, node.target, scope)
    return unknown(checker, node, METHODS.keys(), PLAIN.has(text) ? `Write ${text}(…).` : undefined)
  }
  const plain = PLAIN.get(text)
  if (plain) return plain(checker, node, scope)
  return unknown(checker, node, PLAIN.keys(), METHODS.has(text) ? `Write x.${text}(…).` : undefined)
}

const unknown = (checker: Checker, node: CallNode, names: Iterable<string>, hint?: string): Operand =>
  complain(
    checker,
    node.name,
    'unknown-function',
    `There is no function "${node.name.text.slice(0, 60)}" like this.`,
    hint ?? didYouMean(node.name.text, names),
  )

/** Whether a call has as many arguments as it needs; complains otherwise. */
const takes = (checker: Checker, node: CallNode, count: number, example: string): boolean => {
  if (node.args.length === count) return true
  complain(checker, node, 'type', `"${node.name.text}" is not used like this.`, `Write ${example}.`)
  return false
}

/* Functions of dates, and presence. */

const ageYears: Plain = (checker, node, scope) => {
  if (!takes(checker, node, 1, 'age_years(birth_date)')) return WRONG
  const operand = oneValue(checker, node.args[0]!, scope, 'date')
  return operand ? scalar(make(node, 'int', { op: 'age', operand })) : WRONG
}

const today: Plain = (checker, node) =>
  takes(checker, node, 0, 'today()') ? scalar(make(node, 'date', { op: 'today' })) : WRONG

const MOST_MONTHS = 1200

const monthsAgo: Plain = (checker, node, scope) => {
  if (!takes(checker, node, 1, 'months_ago(6)')) return WRONG
  const months = oneValue(checker, node.args[0]!, scope, 'int')
  if (!months) return WRONG
  const count = months.op === 'const' ? Number(months.value) : Number.NaN
  if (Math.abs(count) <= MOST_MONTHS) return scalar(make(node, 'date', { op: 'months_ago', months: count }))
  const detail = `months_ago() takes a written number between -${MOST_MONTHS} and ${MOST_MONTHS}.`
  return complain(checker, node.args[0]!, 'value', detail)
}

const date: Plain = (checker, node) => {
  if (!takes(checker, node, 1, 'date("2020-01-31")')) return WRONG
  const text = written(node.args[0]!)
  if (text !== undefined && isDay(text)) return scalar(make(node, 'date', { op: 'const', value: text }))
  return complain(checker, node.args[0]!, 'value', 'This is not a day.', 'Write date("2020-01-31").')
}

/** The text of a string literal. */
const written = (node: Node): string | undefined =>
  node.is === 'literal' && node.literal.kind === 'string' ? node.literal.text : undefined

const has: Plain = (checker, node, scope) => {
  if (!takes(checker, node, 1, 'has(birth_date)')) return WRONG
  const argument = node.args[0]!
  if (argument.is !== 'select' && argument.is !== 'name' && argument.is !== 'index')
    return complain(checker, argument, 'type', 'has() asks for a field.', 'Write has(birth_date).')
  const recorded = recordedness(checker, node, checker.visit(argument, scope))
  return recorded ? scalar(recorded) : WRONG
}

/* Text. */

const textTest =
  (test: 'contains' | 'startsWith' | 'endsWith'): Method =>
  (checker, node, target, scope) => {
    if (!takes(checker, node, 1, `name.${test}("…")`)) return WRONG
    const operand = oneValue(checker, target, scope, 'string')
    const part = oneValue(checker, node.args[0]!, scope, 'string')
    return operand && part ? scalar(make(node, 'bool', { op: 'text', test, operand, part })) : WRONG
  }

const lowerAscii: Method = (checker, node, target, scope) => {
  if (!takes(checker, node, 0, 'name.lowerAscii()')) return WRONG
  const operand = oneValue(checker, target, scope, 'string')
  return operand ? scalar(make(node, 'string', { op: 'lower', operand })) : WRONG
}

const matching = (
  checker: Checker,
  node: CallNode,
  subject: Node,
  expression: Node,
  scope: Scope,
): Operand => {
  const operand = oneValue(checker, subject, scope, 'string')
  const source = written(expression)
  if (source === undefined)
    return complain(checker, expression, 'type', 'A regular expression must be written out as a text.')
  try {
    const pattern = compilePattern(source)
    return operand ? scalar(make(node, 'bool', { op: 'matches', operand, pattern })) : WRONG
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    return complain(checker, expression, 'value', `This regular expression cannot be used: ${error.message}`)
  }
}

const matchesMethod: Method = (checker, node, target, scope) =>
  takes(checker, node, 1, 'name.matches("^A")')
    ? matching(checker, node, target, node.args[0]!, scope)
    : WRONG

const matchesFunction: Plain = (checker, node, scope) =>
  takes(checker, node, 2, 'matches(name, "^A")')
    ? matching(checker, node, node.args[0]!, node.args[1]!, scope)
    : WRONG

const within: Method = (checker, node, target, scope) => {
  if (!takes(checker, node, 1, 'area.within("P-CODE")')) return WRONG
  const operand = checker.visit(target, scope)
  if (operand.is === 'wrong') return WRONG
  if (operand.is !== 'row' || operand.row.via !== 'area')
    return complain(checker, target, 'type', `Only an area is within another, not ${describe(operand)}.`)
  const code = written(node.args[0]!)
  if (code === undefined)
    return complain(checker, node.args[0]!, 'type', 'The code of the area must be written out as a text.')
  return scalar(make(node, 'bool', { op: 'within', row: operand.row.of, code }))
}

/* Lists. */

const listOf = (checker: Checker, target: Node, scope: Scope): List | undefined => {
  const operand = checker.visit(target, scope)
  if (operand.is === 'list') return operand.list
  if (operand.is !== 'wrong')
    complain(checker, target, 'type', `A list is needed here, not ${describe(operand)}.`)
  return undefined
}

/** The list a macro works on, and the scope in which its body stands. */
const macro = (checker: Checker, node: CallNode, target: Node, scope: Scope) => {
  if (!takes(checker, node, 2, `list.${node.name.text}(x, …)`)) return undefined
  const [variable, body] = node.args as [Node, Node]
  const list = listOf(checker, target, scope)
  if (variable.is !== 'name') {
    complain(checker, variable, 'syntax', `The first argument of "${node.name.text}" names the element.`)
    return undefined
  }
  if (scope.nesting >= LIMITS.nesting) {
    complain(checker, node, 'limit', `Macros stand at most ${LIMITS.nesting} deep in each other.`)
    return undefined
  }
  if (!list) return undefined
  const { row } = list.over
  const element: Operand = list.item ? scalar(list.item) : row.via === 'value' ? WRONG : { is: 'row', row }
  const inner: Scope = {
    ...scope,
    names: new Map([...scope.names, [variable.text, element]]),
    nesting: scope.nesting + 1,
  }
  return { list, body, inner }
}

const quantifier =
  (every: boolean): Method =>
  (checker, node, target, scope) => {
    const found = macro(checker, node, target, scope)
    const body = found && oneValue(checker, found.body, found.inner, 'bool')
    if (!found || !body) return WRONG
    const { over, filter } = found.list
    return scalar(
      make(node, 'bool', {
        op: 'quantify',
        every,
        over,
        body: every ? implied(filter, body) : both(filter, body),
      }),
    )
  }

/** The second must hold wherever the first does. */
const implied = (filter: Ir | undefined, body: Ir): Ir => {
  if (!filter) return body
  const excluded = make(filter.span, 'bool', { op: 'not', operand: filter })
  return make(body.span, 'bool', { op: 'or', items: [excluded, body] })
}

const filter: Method = (checker, node, target, scope) => {
  const found = macro(checker, node, target, scope)
  const test = found && oneValue(checker, found.body, found.inner, 'bool')
  return found && test
    ? { is: 'list', list: { ...found.list, filter: both(found.list.filter, test) } }
    : WRONG
}

const map: Method = (checker, node, target, scope) => {
  if (node.args.length === 3) {
    // CEL's `map(x, test, value)` is `filter(x, test).map(x, value)`.
    const [variable, test, value] = node.args as [Node, Node, Node]
    const filtered: CallNode = { ...node, name: { ...node.name, text: 'filter' }, args: [variable, test] }
    return map(checker, { ...node, args: [variable, value] }, filtered, scope)
  }
  const found = macro(checker, node, target, scope)
  const item = found && oneValue(checker, found.body, found.inner)
  return found && item ? { is: 'list', list: { ...found.list, item } } : WRONG
}

const existsOne: Method = (checker, node, target, scope) => {
  const found = macro(checker, node, target, scope)
  const test = found && oneValue(checker, found.body, found.inner, 'bool')
  if (!found || !test) return WRONG
  const { over } = found.list
  const count = make(node, 'int', {
    op: 'fold',
    fold: 'count',
    over,
    filter: both(found.list.filter, test),
    item: undefined,
  })
  const one = make(node, 'int', { op: 'const', value: '1' })
  return scalar(make(node, 'bool', { op: 'compare', comparison: '==', left: count, right: one }))
}

const fold = (checker: Checker, node: CallNode, name: FoldName, target: Node, scope: Scope): Operand => {
  const list = listOf(checker, target, scope)
  if (!list) return WRONG
  const { over, filter, item } = list
  if (name === 'count')
    return scalar(make(node, 'int', { op: 'fold', fold: name, over, filter, item: undefined }))
  const dates = item?.type === 'date' && (name === 'min' || name === 'max')
  if (!item || !(isNumber(item) || dates)) {
    const hint = item ? undefined : 'Take a field of its elements first: list.map(x, x.field).'
    return complain(checker, target, 'type', `"${node.name.text}" needs a list of numbers.`, hint)
  }
  const type = name === 'avg' ? 'decimal' : item.type
  return scalar(make(node, type, { op: 'fold', fold: name, over, filter, item: measured(item) }))
}

const foldMethod =
  (name: FoldName): Method =>
  (checker, node, target, scope) => {
    if (!takes(checker, node, 0, `list.${node.name.text}()`)) return WRONG
    return name === 'count' ? sizeOf(checker, node, target, scope) : fold(checker, node, name, target, scope)
  }

const foldFunction =
  (name: FoldName): Plain =>
  (checker, node, scope) => {
    if (!takes(checker, node, 1, `${node.name.text}(list)`)) return WRONG
    const target = node.args[0]!
    return name === 'count' ? sizeOf(checker, node, target, scope) : fold(checker, node, name, target, scope)
  }

/** Elements of a list, or characters (code points) of a text. */
const sizeOf: Method = (checker, node, target, scope) => {
  const operand = checker.visit(target, scope)
  if (operand.is === 'scalar' && operand.ir.type === 'string')
    return scalar(make(node, 'int', { op: 'length', operand: operand.ir }))
  return operand.is === 'wrong' ? WRONG : fold(checker, node, 'count', target, scope)
}

const FOLDS = [
  ['size', 'count'],
  ['count', 'count'],
  ['sum', 'sum'],
  ['avg', 'avg'],
  ['min', 'min'],
  ['max', 'max'],
] as const

const METHODS = new Map<string, Method>([
  ['exists', quantifier(false)],
  ['all', quantifier(true)],
  ['exists_one', existsOne],
  ['filter', filter],
  ['map', map],
  ...FOLDS.map(([name, kind]) => [name, foldMethod(kind)] as const),
  ['contains', textTest('contains')],
  ['startsWith', textTest('startsWith')],
  ['endsWith', textTest('endsWith')],
  ['matches', matchesMethod],
  ['lowerAscii', lowerAscii],
  ['within', within],
])

const PLAIN = new Map<string, Plain>([
  ['has', has],
  ['age_years', ageYears],
  ['months_ago', monthsAgo],
  ['today', today],
  ['date', date],
  ['matches', matchesFunction],
  ...FOLDS.map(([name, kind]) => [name, foldFunction(kind)] as const),
])
