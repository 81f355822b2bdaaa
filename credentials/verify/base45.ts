/*
 * Base45 (RFC 9285): the text form that a QR symbol's alphanumeric mode holds best, two bytes in three
 * characters. The decoder is strict, so that every byte string has exactly one text.
 */

import { Malformed } from './malformed.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const VALUES = new Map(Array.from(ALPHABET, (c, i) => [c.charCodeAt(0), i] as const))

export const encodeBase45 = (bytes: Uint8Array): string => {
  let text = ''
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length
    const n = pair ? bytes[i]! * 256 + bytes[i + 1]! : bytes[i]!
    text += ALPHABET[n % 45]! + ALPHABET[Math.floor(n / 45) % 45]!
    if (pair) text += ALPHABET[Math.floor(n / 2025)]!
  }
  return text
}

/** Throws `Malformed` for other characters, an impossible length and groups beyond two bytes (or one). */
export const decodeBase45 = (text: string): Uint8Array => {
  const rest = text.length % 3
  if (rest === 1) throw new Malformed('no Base45 text has this length')
  const digit = (at: number) => {
    const value = VALUES.get(text.charCodeAt(at))
    if (value === undefined) throw new Malformed('not a Base45 character')
    return value
  }
  const bytes = new Uint8Array(Math.floor(text.length / 3) * 2 + (rest === 2 ? 1 : 0))
  let at = 0
  for (let i = 0; i < text.length; i += 3) {
    const pair = i + 2 < text.length
    const n = digit(i) + 45 * digit(i + 1) + (pair ? 2025 * digit(i + 2) : 0)
    if (n > (pair ? 0xffff : 0xff)) throw new Malformed('a Base45 group is too large')
    if (pair) bytes[at++] = n >> 8
    bytes[at++] = n & 0xff
  }
  return bytes
}
