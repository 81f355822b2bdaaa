/*
 * A currency (ISO 4217, three letters) or a unit (UN/ECE Recommendation 20 common code: one to three
 * letters and digits, `KGM`, `LTR`, `C62`) as one number of 16 bits.
 */

import { Malformed } from './malformed.ts'

/** The first character fills up short codes; a code never contains it. */
const ALPHABET = ' 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const LENGTH = 3

export const isCurrency = (text: string): boolean => /^[A-Z]{3}$/.test(text)
export const isUnit = (text: string): boolean => /^[0-9A-Z]{1,3}$/.test(text)

/** The number of a currency or unit that is one. */
export const unitNumber = (text: string): number =>
  Array.from(text.padEnd(LENGTH)).reduce((n, c) => n * ALPHABET.length + ALPHABET.indexOf(c), 0)

/** Throws `Malformed` when no such code can be behind the number. */
export const unitText = (number: number, is: (text: string) => boolean): string => {
  let padded = ''
  for (let rest = number; padded.length < LENGTH; rest = Math.floor(rest / ALPHABET.length))
    padded = ALPHABET[rest % ALPHABET.length]! + padded
  const text = padded.trimEnd()
  if (number >= ALPHABET.length ** LENGTH || !is(text)) throw new Malformed('no such currency or unit')
  return text
}
