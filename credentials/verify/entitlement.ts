/*
 * What an entitlement's credential says beside the claims every kind has (`claims.ts`): the fields below,
 * packed as bits in 33 bytes, then the holder's name in UTF-8. A QR symbol of version 10-M leaves 99 bytes
 * for this, and the longest name takes 64 of them. For the same reason
 *
 * - program, cycle, component or item, and service point are numbers; the code tables that verifiers get
 *   together with the keys say which code each stands for;
 * - the status is (list, index). The status claim of Token Status List (65535) would take 30 bytes more for
 *   its text keys and URI; the tables give the list's URI instead.
 */

import { type Layout, sizeOf, unpackBits } from './bits.ts'
import { Malformed } from './malformed.ts'
import { REFERENCE_BITS, referenceText } from './reference.ts'
import { isCurrency, isUnit, unitText } from './unit.ts'

/** The bits in front of the name. `kind` comes first in every kind's layout. */
export const ENTITLEMENT = {
  kind: 4,
  reserved: 2,
  isIndividual: 1,
  isQuantity: 1,
  entitlement: REFERENCE_BITS,
  registrant: REFERENCE_BITS,
  value: 36,
  unit: 16,
  statusList: 16,
  statusIndex: 20,
  program: 16,
  cycle: 16,
  component: 16,
  point: 20,
} as const satisfies Layout<string>
export type EntitlementFields = Record<keyof typeof ENTITLEMENT, number>

/** The largest values that fit, all inclusive; amounts are in minor units. Every combination fits 10-M. */
export const ENTITLEMENT_MAX = {
  nameBytes: 64,
  value: 2 ** ENTITLEMENT.value - 1,
  statusList: 2 ** ENTITLEMENT.statusList - 1,
  statusIndex: 2 ** ENTITLEMENT.statusIndex - 1,
  program: 2 ** ENTITLEMENT.program - 1,
  cycle: 2 ** ENTITLEMENT.cycle - 1,
  component: 2 ** ENTITLEMENT.component - 1,
  point: 2 ** ENTITLEMENT.point - 1,
} as const

/** Money in minor units, or a whole number of a unit (UN/ECE Recommendation 20 code). */
export type Benefit = { minor: bigint; currency: string } | { quantity: bigint; unit: string }

export type EntitlementDetails = {
  /** The entitlement's reference, `EN-…`. */
  entitlement: string
  /** The reference of the household, or other group, or individual that is entitled: `GR-…` or `IN-…`. */
  registrant: string
  /** At most 64 bytes of UTF-8; a longer name was cut and ends in an ellipsis. */
  holderName: string
  /** Numbers from the code tables. Point 0: not bound to a service point. */
  program: number
  cycle: number
  component: number
  point: number
  benefit: Benefit
  status: { list: number; index: number }
}

/** Characters that no name needs and that make a screen show something else than was signed. */
export const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const readName = (bytes: Uint8Array) => {
  if (bytes.length === 0 || bytes.length > ENTITLEMENT_MAX.nameBytes)
    throw new Malformed('the name is too long')
  let name: string
  try {
    name = utf8.decode(bytes)
  } catch {
    throw new Malformed('the name is not UTF-8')
  }
  if (UNPRINTABLE.test(name)) throw new Malformed('the name is not plain text')
  return name
}

/** Throws `Malformed`. */
export const readEntitlement = (bytes: Uint8Array): EntitlementDetails => {
  const size = sizeOf(ENTITLEMENT)
  if (bytes.length < size) throw new Malformed('the entitlement is cut short')
  const fields = unpackBits(ENTITLEMENT, bytes)
  if (fields.reserved !== 0) throw new Malformed('reserved bits are set')
  return {
    entitlement: referenceText('EN', fields.entitlement),
    registrant: referenceText(fields.isIndividual ? 'IN' : 'GR', fields.registrant),
    holderName: readName(bytes.subarray(size)),
    program: fields.program,
    cycle: fields.cycle,
    component: fields.component,
    point: fields.point,
    benefit: fields.isQuantity
      ? { quantity: BigInt(fields.value), unit: unitText(fields.unit, isUnit) }
      : { minor: BigInt(fields.value), currency: unitText(fields.unit, isCurrency) },
    status: { list: fields.statusList, index: fields.statusIndex },
  }
}
