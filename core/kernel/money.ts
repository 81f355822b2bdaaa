import { invalidField } from './errors.ts'

/** An amount in the minor unit of its currency. Never a floating-point number. */
export type Money = { minor: bigint; currency: string }

/** Currencies whose exponent is not 2 (ISO 4217:2015, table A.1). */
const EXPONENTS: Record<string, number> = {
  BHD: 3, BIF: 0, CLF: 4, CLP: 0, DJF: 0, GNF: 0, IQD: 3, ISK: 0, JOD: 3, JPY: 0, KMF: 0, KRW: 0, KWD: 3,
  LYD: 3, OMR: 3, PYG: 0, RWF: 0, TND: 3, UGX: 0, UYI: 0, UYW: 4, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
} // biome-ignore format: a table

/** Digits after the decimal separator of a currency (ISO 4217). */
export const exponentOf = (currency: string): number => EXPONENTS[currency] ?? 2

/** The decimal text of an amount: `formatMinor(12345n, 'EUR')` is `123.45`, in UGX `12345`. */
export const formatMinor = (minor: bigint | string, currency: string): string => {
  const n = BigInt(minor)
  const exponent = exponentOf(currency)
  const digits = (n < 0n ? -n : n).toString().padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent)
  const sign = n < 0n ? '-' : ''
  return exponent === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-exponent)}`
}

/** Largest amount accepted from outside, in minor units: far below bigint's limit, so that sums fit. */
export const MAX_MINOR = 10n ** 15n

/**
 * Reads a decimal text exactly. Throws `invalid` at `pointer` when it is not a plain non-negative decimal,
 * has more decimals than the currency, or is beyond `MAX_MINOR`.
 */
export const parseAmount = (text: string, currency: string, pointer: string): bigint => {
  const exponent = exponentOf(currency)
  const match = /^(\d{1,16})(?:\.(\d{1,4}))?$/.exec(text)
  const decimals = match?.[2] ?? ''
  if (!match || decimals.length > exponent) {
    const example = formatMinor(12345n, currency)
    throw invalidField(
      pointer,
      'amount',
      `An amount in ${currency} is written with at most ${exponent} decimals, such as ${example}.`,
    )
  }
  const minor = BigInt(match[1]! + decimals.padEnd(exponent, '0'))
  if (minor > MAX_MINOR) throw invalidField(pointer, 'amount', 'The amount is too large.')
  return minor
}

/**
 * Splits an amount in proportion to weights, losing and inventing nothing (largest remainder; ties go to
 * the earlier share). Weights are non-negative and not all zero.
 */
export const split = (minor: bigint, weights: readonly bigint[]): bigint[] => {
  const total = weights.reduce((a, b) => a + b, 0n)
  if (total <= 0n || weights.some(w => w < 0n)) throw new RangeError('weights must sum to more than zero')
  const shares = weights.map(w => (minor * w) / total)
  const order = weights
    .map((w, i) => ({ i, rest: (minor * w) % total }))
    .sort((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest < b.rest ? 1 : -1))
  let left = minor - shares.reduce((a, b) => a + b, 0n)
  for (const { i } of order) {
    if (left <= 0n) break
    shares[i] = shares[i]! + 1n
    left -= 1n
  }
  return shares
}
