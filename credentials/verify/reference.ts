/*
 * The text of a public reference, such as `GR-7K3M9-Q2XBD4`, from its number. `core/kernel/ids.ts` is where
 * references are explained, made and read; its writing half is repeated here because this folder also runs
 * in browsers, where the kernel does not. A test holds the two together.
 */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** References are numbers of this many bits. */
export const REFERENCE_BITS = 50

const timesX = (a: number) => (a & 16 ? ((a << 1) ^ 0b100101) & 31 : a << 1)

/** E.g. `referenceText('GR', 12345)`. */
export const referenceText = (prefix: string, number: number): string => {
  const digits: number[] = []
  for (let rest = number; digits.length < REFERENCE_BITS / 5; rest = Math.floor(rest / 32))
    digits.unshift(rest % 32)
  const check = digits.reduce((acc, digit) => timesX(acc ^ digit), 0)
  const text = [...digits, check].map(digit => ALPHABET[digit]).join('')
  return `${prefix}-${text.slice(0, 5)}-${text.slice(5)}`
}
