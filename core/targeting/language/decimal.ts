/**
 * Exact decimal numbers: `units × 10^-scale`. The same results as PostgreSQL's `numeric`, which the
 * compiled statements use; a floating-point number never takes part.
 */
export type Decimal = { units: bigint; scale: number }

export const isDecimal = (value: unknown): value is Decimal =>
  typeof value === 'object' && value !== null && 'units' in value && typeof value.units === 'bigint'

/** Division is carried to this many decimals and cut off there. */
export const QUOTIENT_DECIMALS = 12

const ten = (power: number): bigint => 10n ** BigInt(power)

const aligned = (a: Decimal, b: Decimal): [bigint, bigint, number] => {
  const scale = Math.max(a.scale, b.scale)
  return [a.units * ten(scale - a.scale), b.units * ten(scale - b.scale), scale]
}

const TEXT = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/

/** Reads `12`, `-3.50` or `1e-7`; `undefined` when it is not a number. */
export const decimal = (text: string): Decimal | undefined => {
  const match = TEXT.exec(text)
  const digits = `${match?.[2] ?? ''}${match?.[3] ?? ''}`
  if (!match || digits === '') return undefined
  const scale = (match[3]?.length ?? 0) - Number(match[4] ?? 0)
  const units = BigInt(digits) * (match[1] === '-' ? -1n : 1n)
  return scale >= 0 ? { units, scale } : { units: units * ten(-scale), scale: 0 }
}

export const whole = (n: number): Decimal => ({ units: BigInt(n), scale: 0 })

export const add = (a: Decimal, b: Decimal): Decimal => {
  const [x, y, scale] = aligned(a, b)
  return { units: x + y, scale }
}

export const negate = (a: Decimal): Decimal => ({ units: -a.units, scale: a.scale })

export const multiply = (a: Decimal, b: Decimal): Decimal => ({
  units: a.units * b.units,
  scale: a.scale + b.scale,
})

/** Cut off after `decimals` decimals; `undefined` when dividing by zero. */
export const divide = (a: Decimal, b: Decimal, decimals: number): Decimal | undefined => {
  const [x, y] = aligned(a, b)
  return y === 0n ? undefined : { units: (x * ten(decimals)) / y, scale: decimals }
}

/** The remainder has the sign of the dividend. */
export const remainder = (a: Decimal, b: Decimal): Decimal | undefined => {
  const [x, y, scale] = aligned(a, b)
  return y === 0n ? undefined : { units: x % y, scale }
}

export const compare = (a: Decimal, b: Decimal): number => {
  const [x, y] = aligned(a, b)
  return x < y ? -1 : x > y ? 1 : 0
}

const MEASURE_LIMIT: Decimal = { units: 10n ** 18n, scale: 0 }
const MEASURE_DECIMALS = 9

/** A recorded number as calculations take it: to 9 decimals (half away from zero), within ±10^18. */
export const measure = (a: Decimal): Decimal | undefined => {
  const rounded = a.scale > MEASURE_DECIMALS ? round(a) : a
  const size = rounded.units < 0n ? negate(rounded) : rounded
  return compare(size, MEASURE_LIMIT) < 0 ? rounded : undefined
}

const round = ({ units, scale }: Decimal): Decimal => {
  const step = ten(scale - MEASURE_DECIMALS)
  const half = units < 0n ? -step / 2n : step / 2n
  return { units: (units + half) / step, scale: MEASURE_DECIMALS }
}

/** Plain digits without needless zeros: `12.5`, `-3`. */
export const format = ({ units, scale }: Decimal): string => {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const decimals = digits.slice(digits.length - scale).replace(/0+$/, '')
  const text = digits.slice(0, digits.length - scale) + (scale > 0 && decimals ? `.${decimals}` : '')
  return units < 0n ? `-${text}` : text
}
