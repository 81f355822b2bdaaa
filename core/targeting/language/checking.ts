import type { EntityRow, Ir, Over } from './ir.ts'
import { type AttributeTypes, entity, type ScalarType } from './model.ts'
import type { Problem, ProblemCode } from './problems.ts'
import type { Node, Span } from './syntax.ts'

/** A list while it is being built up: what it runs over, which elements stay, what each one gives. */
export type List = { over: Over; filter: Ir | undefined; item: Ir | undefined }

/** What a part of an expression turned out to be. `wrong`: already complained about. */
export type Operand =
  | { is: 'scalar'; ir: Ir }
  | { is: 'row'; row: EntityRow }
  | { is: 'attributes'; row: EntityRow }
  | { is: 'list'; list: List }
  | { is: 'wrong' }

/** Names that can be used at a place. `nesting`: macros around it. */
export type Scope = { subject: EntityRow; names: ReadonlyMap<string, Operand>; nesting: number }

export type Checker = {
  attributes: AttributeTypes
  problems: Problem[]
  visit(node: Node, scope: Scope): Operand
}

export const WRONG: Operand = { is: 'wrong' }
export const scalar = (ir: Ir): Operand => ({ is: 'scalar', ir })

/** Notes a problem; checking goes on, so that all of them are told at once. */
export const complain = (
  checker: Checker,
  { start, end }: Span,
  code: ProblemCode,
  detail: string,
  hint?: string,
): Operand => {
  checker.problems.push({ start, end, code, detail, hint })
  return WRONG
}

/** What a part may be asked to be; `number` is `int` or `decimal`. */
export type Wanted = 'bool' | 'string' | 'date' | 'int' | 'number'

const CALLED: Record<ScalarType | 'number', string> = {
  bool: 'true or false',
  int: 'a whole number',
  decimal: 'a number',
  number: 'a number',
  string: 'text',
  date: 'a date',
  null: 'null',
}

/** What an operand is, for messages. */
export const describe = (operand: Operand): string => {
  if (operand.is === 'scalar') return CALLED[operand.ir.type]
  if (operand.is === 'list') return 'a list'
  if (operand.is === 'attributes') return 'the set of all attributes'
  return operand.is === 'row' ? `a whole record (${entity(operand.row.entity).called})` : 'unknown'
}

export const isNumber = (ir: Ir): boolean => ir.type === 'int' || ir.type === 'decimal'

/** Checks a part that must be a single value, of a type when one is wanted. */
export const oneValue = (checker: Checker, node: Node, scope: Scope, wanted?: Wanted): Ir | undefined => {
  const operand = checker.visit(node, scope)
  if (operand.is === 'wrong') return undefined
  if (operand.is !== 'scalar') {
    complain(
      checker,
      node,
      'type',
      `A single value is needed here, not ${describe(operand)}.`,
      hintFor(operand),
    )
    return undefined
  }
  const { ir } = operand
  if (!wanted || ir.type === wanted || (wanted === 'number' && isNumber(ir))) return ir
  const hint = wanted === 'date' && ir.type === 'string' ? 'Write a date as date("2020-01-31").' : undefined
  complain(checker, node, 'type', `This must be ${CALLED[wanted]}, but it is ${CALLED[ir.type]}.`, hint)
  return undefined
}

const hintFor = (operand: Operand): string | undefined => {
  if (operand.is === 'list') return 'Use exists(), all(), size(), sum(), … on it.'
  return operand.is === 'scalar' ? undefined : 'Name one of its fields.'
}
