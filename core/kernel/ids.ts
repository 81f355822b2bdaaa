import { randomFillSync } from 'node:crypto'
import { DomainError, invalidField } from './errors.ts'

/**
 * A time-ordered identifier (UUID version 7, RFC 9562 section 5.7). The same layout as the database's
 * `kernel.uuid7()`, so rows made on either side sort together.
 */
export const uuid7 = (now: number = Date.now()): string => {
  const bytes = randomFillSync(Buffer.allocUnsafe(16))
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = 0x70 | (bytes[6]! & 0x0f)
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/*
 * Public references.
 *
 * A registrant, an entitlement or a payment is known outside by a short reference such as
 * `GR-7K3M9-Q2XBD4`: a prefix for the kind, ten Crockford base-32 characters (50 random bits) and a check
 * character. In the database it is one bigint (`ref`, unique), drawn by `kernel.random_ref()`; the text is
 * made here and in the SQL function `kernel.reference(prefix, ref)`.
 *
 * The check character makes the eleven characters a code word of a Reed-Solomon code over GF(32): any one
 * wrong character and any two swapped characters are detected.
 */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const VALUE = new Map(Array.from(ALPHABET, (c, i) => [c, i] as const))
for (const [typed, meant] of [
  ['O', '0'],
  ['I', '1'],
  ['L', '1'],
] as const)
  VALUE.set(typed, VALUE.get(meant)!)

/** Prefixes in use: one per kind of thing that has a public reference. */
export const PREFIX = {
  individual: 'IN',
  group: 'GR',
  import: 'IM',
  enrolment: 'EL',
  cycle: 'CY',
  entitlement: 'EN',
  batch: 'PB',
  payment: 'PY',
  report: 'PR',
  review: 'RV',
  credential: 'CR',
  redemption: 'RD',
  job: 'JB',
  session: 'SE',
  secret: 'CS',
  approval: 'AP',
  delegation: 'AD',
  freeze: 'AF',
} as const
export type ReferenceKind = keyof typeof PREFIX

/** Multiplication by x in GF(32) with the polynomial x^5 + x^2 + 1. */
const timesX = (a: number) => (a & 16 ? ((a << 1) ^ 0b100101) & 31 : a << 1)

const checkOf = (digits: readonly number[]) => {
  let acc = 0
  for (const d of digits) acc = timesX(acc ^ d)
  return acc
}

const MAX_REF = 1n << 50n

/** The public reference of a 50-bit number, e.g. `formatReference('group', 12345n)` → `GR-00000-00C1S…`. */
export const formatReference = (kind: ReferenceKind, ref: bigint | string): string => {
  const n = BigInt(ref)
  if (n < 0n || n >= MAX_REF) throw new RangeError('a reference number has 50 bits')
  const digits = Array.from({ length: 10 }, (_, i) => Number((n >> BigInt(45 - 5 * i)) & 31n))
  const text = [...digits, checkOf(digits)].map(d => ALPHABET[d]).join('')
  return `${PREFIX[kind]}-${text.slice(0, 5)}-${text.slice(5)}`
}

/**
 * The number behind a public reference, or `undefined` when it is not one of this kind or was mistyped.
 * Case, hyphens and the look-alikes O, I and L do not matter.
 */
export const parseReference = (kind: ReferenceKind, text: string): string | undefined => {
  if (text.length > 24) return undefined
  const plain = text.trim().toUpperCase().replaceAll('-', '')
  if (plain.length !== 13 || !plain.startsWith(PREFIX[kind])) return undefined
  const digits = Array.from(plain.slice(2), c => VALUE.get(c))
  if (digits.some(d => d === undefined)) return undefined
  const values = digits as number[]
  if (checkOf(values.slice(0, 10)) !== values[10]) return undefined
  return values
    .slice(0, 10)
    .reduce((n, d) => (n << 5n) | BigInt(d), 0n)
    .toString()
}

/** Like `parseReference`, for references that come in a path: what cannot exist is not found. */
export const refFromPath = (kind: ReferenceKind, text: string): string => {
  const ref = parseReference(kind, text)
  if (ref === undefined) throw new DomainError('not_found', `There is no such ${kind}.`)
  return ref
}

/** Which of some kinds of things a text is the reference of. Throws `invalid` at `pointer` for what is of none of them. */
export const refAmong = <K extends ReferenceKind>(
  kinds: readonly K[],
  text: string,
  pointer: string,
): { kind: K; ref: string } => {
  for (const kind of kinds) {
    const ref = parseReference(kind, text)
    if (ref !== undefined) return { kind, ref }
  }
  const forms = kinds.map(kind => `${PREFIX[kind]}-…`).join(' or ')
  throw invalidField(
    pointer,
    'reference',
    `This is not a reference: ${forms}, as it is written on papers and screens.`,
  )
}

/** A fresh 50-bit reference number, for rows made in this process rather than by the database. */
export const randomRef = (): string => {
  const bytes = randomFillSync(Buffer.allocUnsafe(8))
  return (bytes.readBigUInt64BE() & (MAX_REF - 1n)).toString()
}

/** Identifiers and references, injected so that the demo is the same for the same seed. */
export type Ids = { uuid(): string; ref(): string }
export const systemIds: Ids = { uuid: () => uuid7(), ref: randomRef }
