import type { Checked } from './check.ts'
import { ageOn, isDay, monthsBefore } from './days.ts'
import * as exact from './decimal.ts'
import { type Comparison, type EntityRow, type Ir, type IrOf, isRow, type Over, type Row } from './ir.ts'
import type { Subject } from './subject.ts'

/** A known value; `undefined` is unknown. */
export type Value = boolean | string | exact.Decimal
type Known = Value | undefined

/** What names stand for while an expression is worked out for one subject; without a day what asks for it is unknown. */
export type Env = { today: string | undefined; rows: ReadonlyMap<Row, unknown> }

/** `true`, `false`, or `unknown` when something it depends on is not recorded. */
export type Outcome = 'true' | 'false' | 'unknown'

export const envOf = (checked: Checked, subject: Subject, today: string): Env => ({
  today,
  rows: new Map<Row, unknown>([[checked.subject, subject]]),
})

export const outcomeOf = (value: Known): Outcome =>
  value === undefined ? 'unknown' : value === true ? 'true' : 'false'

/** Whether a rule holds for a subject on a day (`YYYY-MM-DD`): the same as the compiled statement says. */
export const decide = (checked: Checked, subject: Subject, today: string): Outcome =>
  outcomeOf(evaluate(checked.root, envOf(checked, subject, today)))

/** What a formula gives for a subject, as plain decimal text; `undefined` when it cannot be computed. */
export const calculate = (checked: Checked, subject: Subject, today: string): string | undefined => {
  const value = evaluate(checked.root, envOf(checked, subject, today))
  return value === undefined ? undefined : exact.format(value as exact.Decimal)
}

/** The record a row stands for, or `undefined` when there is none. */
export const recordOf = (row: EntityRow, env: Env): Record<string, unknown> | undefined => {
  if (row.via === 'subject' || row.via === 'element')
    return env.rows.get(row) as Record<string, unknown> | undefined
  const from = recordOf(row.of, env)
  if (row.via === 'area') return (from?.area as Record<string, unknown> | null) ?? undefined
  const members = (from?.members ?? []) as Record<string, unknown>[]
  return members.find(member => member.is_head === true)
}

/** The elements of a list, for one subject. */
export const elementsOf = (over: Over, env: Env): readonly unknown[] => {
  if (over.source === 'items') return over.items.map(item => evaluate(item, env))
  const record = recordOf(over.of, env)
  if (over.source === 'memberships') return Array.from({ length: count(record?.size) })
  return (record?.[over.source] as unknown[] | undefined) ?? []
}

const count = (size: unknown): number =>
  typeof size === 'object' && size !== null ? Number((size as exact.Decimal).units) : Number(size ?? 0)

export const withElement = (env: Env, row: Row, element: unknown): Env => ({
  ...env,
  rows: new Map([...env.rows, [row, element]]),
})

/** Works out a part. Kleene's three-valued logic: `undefined` is unknown, and false && unknown is false. */
export const evaluate = (ir: Ir, env: Env): Known => {
  switch (ir.op) {
    case 'const':
      return typeof ir.value === 'string' && isNumeric(ir) ? exact.decimal(ir.value) : (ir.value ?? undefined)
    case 'today':
      return env.today
    case 'months_ago':
      return env.today === undefined ? undefined : monthsBefore(env.today, ir.months)
    case 'field':
      return fieldValue(ir, env)
    case 'attribute':
      return attributeValue(ir, env)
    case 'element':
      return env.rows.get(ir.row) as Known
    case 'recorded':
      return (isRow(ir.what) ? recordOf(ir.what as EntityRow, env) : evaluate(ir.what, env)) !== undefined
    case 'not':
      return not(evaluate(ir.operand, env))
    case 'and':
      return all(ir.items.map(item => evaluate(item, env)))
    case 'or':
      return any(ir.items.map(item => evaluate(item, env)))
    case 'conditional': {
      const test = evaluate(ir.test, env)
      return test === undefined ? undefined : evaluate(test ? ir.yes : ir.no, env)
    }
    case 'compare':
      return both(ir.left, ir.right, env, (a, b) => compared(a, b, ir.comparison))
    case 'one_of':
      return any(ir.items.map(item => both(ir.operand, item, env, (a, b) => compared(a, b, '=='))))
    case 'arithmetic':
      return both(ir.left, ir.right, env, (a, b) => arithmetic(ir, a as exact.Decimal, b as exact.Decimal))
    case 'negate':
      return one(ir.operand, env, a => exact.negate(a as exact.Decimal))
    case 'concat':
      return both(ir.left, ir.right, env, (a, b) => `${a as string}${b as string}`)
    case 'text':
      return both(ir.operand, ir.part, env, (a, b) => TEXT_TESTS[ir.test](a as string, b as string))
    case 'matches':
      return one(ir.operand, env, a => ir.pattern.re2.matcher(a as string).find())
    case 'lower':
      return one(ir.operand, env, a => (a as string).replace(/[A-Z]/g, letter => letter.toLowerCase()))
    case 'length':
      return one(ir.operand, env, a => exact.whole(Array.from(a as string).length))
    case 'age':
      return one(ir.operand, env, birth => {
        const age = env.today === undefined ? undefined : ageOn(env.today, birth as string)
        return age === undefined ? undefined : exact.whole(age)
      })
    case 'within': {
      const area = recordOf(ir.row, env)?.area as { within: string[] } | null | undefined
      return area?.within.includes(ir.code)
    }
    case 'in_roles': {
      const role = evaluate(ir.operand, env)
      const roles = (recordOf(ir.row, env)?.roles ?? []) as string[]
      return any(roles.map(each => role && each === role))
    }
    case 'quantify': {
      const outcomes = elementsOf(ir.over, env).map(e => evaluate(ir.body, withElement(env, ir.over.row, e)))
      return ir.every ? all(outcomes) : any(outcomes)
    }
    case 'fold':
      return folded(ir, env)
  }
}

const TEXT_TESTS = {
  contains: (text: string, part: string) => text.includes(part),
  startsWith: (text: string, part: string) => text.startsWith(part),
  endsWith: (text: string, part: string) => text.endsWith(part),
}

const isNumeric = (ir: Ir): boolean => ir.type === 'int' || ir.type === 'decimal'

const one = (operand: Ir, env: Env, work: (value: Value) => Known): Known => {
  const value = evaluate(operand, env)
  return value === undefined ? undefined : work(value)
}

const both = (left: Ir, right: Ir, env: Env, work: (a: Value, b: Value) => Known): Known => {
  const [a, b] = [evaluate(left, env), evaluate(right, env)]
  return a === undefined || b === undefined ? undefined : work(a, b)
}

const not = (value: Known): Known => (value === undefined ? undefined : !value)

const all = (values: readonly Known[]): Known =>
  values.includes(false) ? false : values.includes(undefined) ? undefined : true

const any = (values: readonly Known[]): Known =>
  values.includes(true) ? true : values.includes(undefined) ? undefined : false

const fieldValue = (ir: IrOf<'field'>, env: Env): Known => {
  const value = recordOf(ir.row, env)?.[ir.field.key]
  if (value === undefined || value === null) return undefined
  return typeof value === 'number' ? exact.whole(value) : (value as Value)
}

/** An attribute whose value is not of its defined type counts as not recorded. */
const attributeValue = (ir: IrOf<'attribute'>, env: Env): Known => {
  const attributes = recordOf(ir.row, env)?.attributes as Record<string, unknown> | null | undefined
  const value = attributes && Object.hasOwn(attributes, ir.code) ? attributes[ir.code] : undefined
  if (ir.type === 'string') return typeof value === 'string' ? value : undefined
  if (ir.type === 'bool') return typeof value === 'boolean' ? value : undefined
  if (ir.type === 'date') return typeof value === 'string' && isDay(value) ? value : undefined
  const number = typeof value === 'number' ? exact.decimal(String(value)) : value
  if (!exact.isDecimal(number)) return undefined
  return ir.measured ? exact.measure(number) : number
}

const compared = (a: Value, b: Value, comparison: Comparison): boolean => {
  const order = ordered(a, b)
  switch (comparison) {
    case '==':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

/** Text is ordered by code point (as UTF-8 bytes are), like `COLLATE "C"`. */
const ordered = (a: Value, b: Value): number => {
  if (typeof a === 'object') return exact.compare(a, b as exact.Decimal)
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string))
  return Number(a) - Number(b)
}

const arithmetic = (ir: IrOf<'arithmetic'>, a: exact.Decimal, b: exact.Decimal): Known => {
  switch (ir.sign) {
    case '+':
      return exact.add(a, b)
    case '-':
      return exact.add(a, exact.negate(b))
    case '*':
      return exact.multiply(a, b)
    case '/':
      return exact.divide(a, b, ir.type === 'int' ? 0 : exact.QUOTIENT_DECIMALS)
    case '%':
      return exact.remainder(a, b)
  }
}

/** Unknown when it is unknown of any element whether, or with what value, it counts. */
const folded = (ir: IrOf<'fold'>, env: Env): Known => {
  const values: Known[] = []
  for (const element of elementsOf(ir.over, env)) {
    const inner = withElement(env, ir.over.row, element)
    const counts = ir.filter ? evaluate(ir.filter, inner) : true
    if (counts === false) continue
    values.push(counts && (ir.item ? evaluate(ir.item, inner) : true))
  }
  if (values.includes(undefined)) return undefined
  return summary(ir.fold, values as Value[])
}

const summary = (fold: IrOf<'fold'>['fold'], values: readonly Value[]): Known => {
  const sum = () => (values as exact.Decimal[]).reduce(exact.add, exact.whole(0))
  switch (fold) {
    case 'count':
      return exact.whole(values.length)
    case 'sum':
      return sum()
    case 'avg':
      return exact.divide(sum(), exact.whole(values.length), exact.QUOTIENT_DECIMALS)
    case 'min':
      return values.length === 0 ? undefined : values.reduce((a, b) => (ordered(b, a) < 0 ? b : a))
    case 'max':
      return values.length === 0 ? undefined : values.reduce((a, b) => (ordered(b, a) > 0 ? b : a))
  }
}
