import { Halt } from './problems.ts'
import type { BinaryOperator, Literal, Node, Span } from './syntax.ts'
import { type Token, tokenize } from './tokens.ts'

/** What an expression may measure. Depth counts brackets, arguments, branches and prefixes. */
export const LIMITS = { characters: 4000, nodes: 500, depth: 32, nesting: 2 } as const

/** How strongly each operator binds; unary ones and member access bind stronger. */
const LEVEL = new Map([
  ...['||'].map(o => [o, 1] as const),
  ...['&&'].map(o => [o, 2] as const),
  ...['==', '!=', '<', '<=', '>', '>=', 'in'].map(o => [o, 3] as const),
  ...['+', '-'].map(o => [o, 4] as const),
  ...['*', '/', '%'].map(o => [o, 5] as const),
])
const TIGHTEST = 5

/** `bracketed`: trees that stood in brackets, which a chain of `&&` or `||` does not merge into itself. */
type Reader = {
  tokens: readonly Token[]
  position: number
  nodes: number
  depth: number
  bracketed: WeakSet<Node>
}

/**
 * Reads the public CEL grammar (cel-spec, doc/langdef.md, "Syntax") into a tree that keeps every position.
 * Maps, messages, bytes and unsigned integers have no use in a rule and are refused. Throws `Halt`.
 */
export const parse = (source: string): Node => {
  const { characters } = LIMITS
  if (source.length > characters)
    throw tooMuch(
      { start: characters, end: source.length },
      `An expression has at most ${characters} characters.`,
    )
  const reader = { tokens: tokenize(source), position: 0, nodes: 0, depth: 0, bracketed: new WeakSet<Node>() }
  const result = expression(reader)
  const rest = peek(reader)
  if (rest.kind === 'end') return result
  throw wrong(
    rest,
    `The expression is complete before ${shown(rest)}.`,
    'Is an operator such as "&&" missing?',
  )
}

const shown = (token: Token): string => (token.kind === 'end' ? 'the end' : `"${token.text.slice(0, 40)}"`)

const wrong = ({ start, end }: Span, detail: string, hint?: string) =>
  new Halt({ start, end, code: 'syntax', detail, hint })

const tooMuch = ({ start, end }: Span, detail: string) =>
  new Halt({ start, end, code: 'limit', detail, hint: 'Split it into several rules.' })

const peek = (reader: Reader): Token => reader.tokens[reader.position]!

const take = (reader: Reader): Token => {
  const token = peek(reader)
  if (token.kind !== 'end') reader.position++
  return token
}

const isNext = (reader: Reader, symbol: string): boolean =>
  peek(reader).kind === 'symbol' && peek(reader).text === symbol

const accept = (reader: Reader, symbol: string): boolean => {
  const found = isNext(reader, symbol)
  if (found) reader.position++
  return found
}

/** Takes a symbol that must come here and tells where it ends. */
const expect = (reader: Reader, symbol: string, why: string): number => {
  const token = take(reader)
  if (token.kind === 'symbol' && token.text === symbol) return token.end
  throw wrong(token, `"${symbol}" is needed ${why}, but here is ${shown(token)}.`)
}

const node = (reader: Reader, made: Node): Node => {
  if (++reader.nodes > LIMITS.nodes) throw tooMuch(made, `An expression has at most ${LIMITS.nodes} parts.`)
  return made
}

const deeper = (reader: Reader, read: (reader: Reader) => Node): Node => {
  if (++reader.depth > LIMITS.depth)
    throw tooMuch(peek(reader), `An expression is nested at most ${LIMITS.depth} deep.`)
  const result = read(reader)
  reader.depth--
  return result
}

const expression = (reader: Reader): Node => deeper(reader, conditional)

const conditional = (reader: Reader): Node => {
  const test = binary(reader, 1)
  if (!accept(reader, '?')) return test
  const yes = binary(reader, 1)
  expect(reader, ':', 'between the two results of "?"')
  const no = expression(reader)
  return node(reader, { is: 'conditional', test, yes, no, start: test.start, end: no.end })
}

/** Left-associative operators of one level, and everything that binds stronger. */
const binary = (reader: Reader, level: number): Node => {
  const operand = () => (level === TIGHTEST ? unary(reader) : binary(reader, level + 1))
  let left = operand()
  while (isOperator(peek(reader), level)) {
    const operator = take(reader).text
    left = joined(reader, left, operator, operand())
  }
  return left
}

const isOperator = ({ kind, text }: Token, level: number): boolean =>
  (kind === 'symbol' || kind === 'keyword') && LEVEL.get(text) === level

const joined = (reader: Reader, left: Node, operator: string, right: Node): Node => {
  const span = { start: left.start, end: right.end }
  if (operator !== '&&' && operator !== '||')
    return node(reader, { is: 'binary', operator: operator as BinaryOperator, left, right, ...span })
  const is = operator === '&&' ? 'and' : 'or'
  const before = left.is === is && !reader.bracketed.has(left) ? left.items : [left]
  return node(reader, { is, items: [...before, right], ...span })
}

const unary = (reader: Reader): Node => {
  const { start } = peek(reader)
  const isNot = accept(reader, '!')
  if (!isNot && !accept(reader, '-')) return member(reader)
  const operand = deeper(reader, unary)
  return node(reader, { is: isNot ? 'not' : 'negate', operand, start, end: operand.end })
}

const member = (reader: Reader): Node => {
  let operand = primary(reader)
  while (true) {
    if (accept(reader, '.')) operand = selection(reader, operand)
    else if (accept(reader, '[')) {
      const index = expression(reader)
      const end = expect(reader, ']', 'after the index')
      operand = node(reader, { is: 'index', operand, index, start: operand.start, end })
    } else return operand
  }
}

const selection = (reader: Reader, operand: Node): Node => {
  const name = take(reader)
  if (name.kind !== 'name') throw wrong(name, `A field name is needed after ".", but here is ${shown(name)}.`)
  if (!accept(reader, '('))
    return node(reader, { is: 'select', operand, name, start: operand.start, end: name.end })
  const { items: args, end } = sequence(reader, ')')
  return node(reader, { is: 'call', target: operand, name, args, start: operand.start, end })
}

const sequence = (reader: Reader, close: string): { items: Node[]; end: number } => {
  const items: Node[] = []
  while (!isNext(reader, close)) {
    items.push(expression(reader))
    if (!accept(reader, ',')) break
  }
  return { items, end: expect(reader, close, 'here') }
}

const primary = (reader: Reader): Node => {
  const token = take(reader)
  const { start, end, text } = token
  if (token.kind === 'name') {
    if (!accept(reader, '(')) return node(reader, { is: 'name', text, start, end })
    const args = sequence(reader, ')')
    return node(reader, {
      is: 'call',
      target: undefined,
      name: token,
      args: args.items,
      start,
      end: args.end,
    })
  }
  const literal = literalOf(token)
  if (literal) return node(reader, { is: 'literal', literal, start, end })
  if (token.kind === 'symbol' && text === '[') {
    const list = sequence(reader, ']')
    return node(reader, { is: 'list', items: list.items, start, end: list.end })
  }
  if (token.kind === 'symbol' && text === '(') return bracket(reader, start)
  if (token.kind === 'symbol' && text === '{') throw wrong(token, 'Maps cannot be used in a rule.')
  throw wrong(token, `A value is needed, but here is ${shown(token)}.`)
}

const bracket = (reader: Reader, start: number): Node => {
  const inner = { ...expression(reader), start, end: expect(reader, ')', 'to close the bracket') }
  reader.bracketed.add(inner)
  return inner
}

const literalOf = ({ kind, text }: Token): Literal | undefined => {
  if (kind === 'string' || kind === 'int' || kind === 'double') return { kind, text }
  if (kind === 'keyword' && text !== 'in') return { kind: text === 'null' ? 'null' : 'bool', text }
  return undefined
}
