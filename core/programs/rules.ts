import { type Issue, invalid, invalidField, MAX_MINOR, parseAmount } from '../kernel/index.ts'

export type Target = 'individual' | 'group'
export type ProgramState = 'draft' | 'active' | 'ended'
export type CycleState =
  | 'draft'
  | 'prepared'
  | 'submitted'
  | 'approved'
  | 'distributing'
  | 'closed'
  | 'cancelled'
export type EnrolmentStatus =
  | 'candidate'
  | 'enrolled'
  | 'suspended'
  | 'waitlisted'
  | 'exited'
  | 'not_eligible'
  | 'duplicate'
export type EntitlementStatus = 'draft' | 'approved' | 'fulfilled' | 'cancelled' | 'expired'

/**
 * What everybody in a program gets of one thing. Cash has a fixed `amount` (decimal text in the program's
 * currency) or a `formula` (CEL, in currency units). In kind names an `item` of the catalogue and has a fixed
 * `quantity`, so many `perMember` of the household up to a `maximum` in all, or a `formula`: whole numbers
 * of the item's unit. What a formula gives is rounded to the nearest minor unit or unit of the item, halves up.
 */
export type ComponentInput = {
  code: string
  kind: 'cash' | 'in_kind'
  amount?: string | undefined
  item?: string | undefined
  quantity?: number | undefined
  perMember?: number | undefined
  maximum?: number | undefined
  formula?: string | undefined
}

/** A program as it is written. `fund` is the code of a fund, required for cash. Every one of `rules` (CEL) must hold. */
export type ProgramInput = {
  code: string
  name: string
  target: Target
  currency: string
  fund?: string | undefined
  rules: readonly string[]
  components: readonly ComponentInput[]
}

/** How the amount of a component comes about, with whole numbers (minor units, or units of the item). */
export type Basis =
  | { basis: 'fixed'; amount: bigint }
  | { basis: 'per_member'; amount: bigint; maximum: bigint | undefined }
  | { basis: 'formula'; formula: string }

/** Most of an item that one entitlement may be of. */
export const MAX_QUANTITY = 10n ** 9n
export const limitOf = (kind: 'cash' | 'in_kind'): bigint => (kind === 'cash' ? MAX_MINOR : MAX_QUANTITY)

export const EXIT_REASONS = [
  'graduated',
  'deceased',
  'moved',
  'non_compliance',
  'duplicate',
  'voluntary',
  'error',
] as const
export type ExitReason = (typeof EXIT_REASONS)[number]

export const CODE = /^[A-Z0-9][A-Z0-9-]{0,11}$/
const CODE_SHAPE = 'A code has 1 to 12 capital letters, digits or hyphens.'
const MAX_RULES = 20
const MAX_COMPONENTS = 20

const WAYS = { cash: ['amount', 'formula'], in_kind: ['quantity', 'perMember', 'formula'] } as const

/** Everything wrong with the shape of a program. Rules, fund and items are looked up by the use case. */
export const checkShape = (program: ProgramInput): void => {
  const { code, name, currency, rules, components, fund } = program
  const issues: Issue[] = []
  const wrong = (pointer: string, problem: string, detail: string) =>
    issues.push({ pointer, code: problem, detail })
  if (!CODE.test(code)) wrong('/code', 'code', CODE_SHAPE)
  if (name.trim() === '' || name.length > 200) wrong('/name', 'name', 'A name has 1 to 200 characters.')
  if (!/^[A-Z]{3}$/.test(currency))
    wrong('/currency', 'currency', 'A currency is three capital letters (ISO 4217).')
  if (rules.length < 1 || rules.length > MAX_RULES)
    wrong(
      '/rules',
      'count',
      `A program has 1 to ${MAX_RULES} rules; "true" is the rule that everybody meets.`,
    )
  if (components.length < 1 || components.length > MAX_COMPONENTS)
    wrong('/components', 'count', `A program has 1 to ${MAX_COMPONENTS} components.`)
  if (fund === undefined && components.some(c => c.kind === 'cash'))
    wrong('/fund', 'required', 'What is given in cash comes out of a fund: name it.')
  const codes = components.map(c => c.code)
  for (const [i, component] of components.entries()) {
    if (codes.indexOf(component.code) !== i)
      wrong(`/components/${i}/code`, 'duplicate', `The code ${component.code} stands twice.`)
    issues.push(...checkComponent(component, `/components/${i}`, program.target))
  }
  if (issues.length > 0) throw invalid(issues)
}

const checkComponent = (component: ComponentInput, at: string, target: Target): Issue[] => {
  const issues: Issue[] = []
  const wrong = (field: string, problem: string, detail: string) =>
    issues.push({ pointer: at + field, code: problem, detail })
  const ways: readonly string[] = WAYS[component.kind]
  const given = ['amount', 'quantity', 'perMember', 'formula'].filter(
    way => component[way as keyof ComponentInput] !== undefined,
  )
  if (!CODE.test(component.code)) wrong('/code', 'code', CODE_SHAPE)
  if (given.length !== 1 || !ways.includes(given[0]!))
    wrong('', 'basis', `This component has exactly one of ${ways.join(', ')}.`)
  if ((component.kind === 'in_kind') !== (component.item !== undefined))
    wrong('/item', 'item', 'What is given in kind names its item; cash has none.')
  if (component.maximum !== undefined && component.perMember === undefined)
    wrong('/maximum', 'maximum', 'A maximum belongs to a quantity per member.')
  if (component.perMember !== undefined && target === 'individual')
    wrong('/perMember', 'target', 'Only groups have members.')
  for (const field of ['quantity', 'perMember', 'maximum'] as const) {
    const n = component[field]
    if (n !== undefined && !(Number.isInteger(n) && n > 0 && n <= MAX_QUANTITY))
      wrong(`/${field}`, 'range', `A quantity is a whole number from 1 to ${MAX_QUANTITY}.`)
  }
  return issues
}

/** The basis of a component whose shape is right. Throws `invalid` for an amount that its currency cannot have. */
export const basisOf = (component: ComponentInput, currency: string, at: string): Basis => {
  const { amount, quantity, perMember, maximum, formula } = component
  if (formula !== undefined) return { basis: 'formula', formula }
  if (perMember !== undefined)
    return {
      basis: 'per_member',
      amount: BigInt(perMember),
      maximum: maximum === undefined ? undefined : BigInt(maximum),
    }
  if (quantity !== undefined) return { basis: 'fixed', amount: BigInt(quantity) }
  const minor = parseAmount(amount!, currency, `${at}/amount`)
  if (minor === 0n) throw invalidField(`${at}/amount`, 'amount', 'The amount is more than nothing.')
  return { basis: 'fixed', amount: minor }
}

const CYCLE_MOVES: Record<string, readonly CycleState[]> = {
  prepare: ['draft', 'prepared'],
  submit: ['prepared'],
  approve: ['submitted'],
  return: ['submitted'],
  cancel: ['draft', 'prepared', 'submitted', 'approved'],
  distribute: ['approved'],
  close: ['approved', 'distributing'],
}
export type CycleMove = 'prepare' | 'submit' | 'approve' | 'return' | 'cancel' | 'distribute' | 'close'

/** Whether a cycle in a state can make a move. */
export const canMove = (state: CycleState, move: CycleMove): boolean => CYCLE_MOVES[move]!.includes(state)
