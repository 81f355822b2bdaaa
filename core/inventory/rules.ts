import { type Issue, invalid } from '../kernel/index.ts'

/** Most of anything that one move or document may name. */
export const MAX_QUANTITY = 10n ** 12n

const CODE = /^[A-Z0-9][A-Z0-9-]{0,11}$/
const UNIT = /^[A-Z0-9]{1,3}$/

type Check = [wrong: boolean, pointer: string, code: string, detail: string]

/** Throws everything that is wrong as one `invalid`. */
const refuse = (checks: readonly Check[]): void => {
  const issues: Issue[] = checks
    .filter(([wrong]) => wrong)
    .map(([, pointer, code, detail]) => ({ pointer, code, detail }))
  if (issues.length > 0) throw invalid(issues)
}

const CODE_SHAPE = 'A code has 1 to 12 capital letters, digits and hyphens, and does not begin with a hyphen.'
const code = (text: string): Check => [!CODE.test(text), '/code', 'code', CODE_SHAPE]
const name = (text: string): Check => [
  text.trim() === '' || text.length > 200,
  '/name',
  'name',
  'A name has 1 to 200 characters.',
]

/** Throws `invalid`. */
export const checkItem = (item: { code: string; name: string; unit: string }): void =>
  refuse([
    code(item.code),
    name(item.name),
    [
      !UNIT.test(item.unit),
      '/unit',
      'unit',
      'A unit is a UN/ECE Recommendation 20 code, such as KGM (kilogram), LTR (litre) or C62 (piece).',
    ],
  ])

/** Throws `invalid`. */
export const checkLocation = (location: { code: string; name: string }): void =>
  refuse([code(location.code), name(location.name)])

/** Throws `invalid`. */
export const checkMove = (move: { quantity: bigint; reference: string }): void =>
  refuse([
    [
      move.quantity <= 0n || move.quantity > MAX_QUANTITY,
      '/quantity',
      'range',
      `A quantity is a whole number from 1 to ${MAX_QUANTITY}.`,
    ],
    [
      move.reference.trim() === '' || move.reference.length > 60,
      '/reference',
      'reference',
      'Name the document behind it, such as the number of the delivery note (at most 60 characters).',
    ],
  ])
