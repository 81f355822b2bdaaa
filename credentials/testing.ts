/* Claims, keys and messages for this folder's tests. */

import fc from 'fast-check'
import { formatReference } from '#core/kernel/index.ts'
import { type EntitlementClaims, ENTITLEMENT_MAX as MAX } from './verify/index.ts'

const LAST_SECOND = 2 ** 32 - 1

const reference = (kind: 'credential' | 'entitlement' | 'group' | 'individual') =>
  fc.bigInt(0n, (1n << 50n) - 1n).map(n => formatReference(kind, n))
const upTo = (max: number) =>
  fc.oneof(fc.integer({ min: 0, max: Math.min(max, 300) }), fc.integer({ min: 0, max }))

const plain = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(shape, { noNullPrototype: true })

/** One letter each of scripts whose letters take 1, 2, 3 and 4 bytes, some with marks and joiners. */
const LETTERS = 'a,Z,ñ,ß,Ж,ع,מ,አ,ት,क्षि,ที่,王,한,𞤀,𐐷,e\u0323\u0302,👩🏽‍🌾, ,’,-'.split(',')

/** Any holder's name; many are far too long. */
export const anyName: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: 90 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }),
  )
  .filter(name => /[\p{L}\p{N}]/u.test(name))

/** Any claims that can be issued. */
export const anyClaims: fc.Arbitrary<EntitlementClaims> = fc
  .record({
    kind: fc.constant('entitlement' as const),
    id: reference('credential'),
    entitlement: reference('entitlement'),
    registrant: fc.oneof(reference('group'), reference('individual')),
    holderName: anyName,
    program: upTo(MAX.program),
    cycle: upTo(MAX.cycle),
    component: upTo(MAX.component),
    point: upTo(MAX.point),
    benefit: fc.oneof(
      plain({
        minor: upTo(MAX.value).map(BigInt),
        currency: fc.stringMatching(/^[A-Z]{3}$/),
      }),
      plain({
        quantity: upTo(MAX.value).map(BigInt),
        unit: fc.stringMatching(/^[0-9A-Z]{1,3}$/),
      }),
    ),
    status: plain({ list: upTo(MAX.statusList), index: upTo(MAX.statusIndex) }),
    validFrom: fc.integer({ min: 0, max: LAST_SECOND - 1 }),
    seconds: fc.integer({ min: 1, max: LAST_SECOND }),
  })
  .map(({ validFrom, seconds, ...rest }) => ({
    ...rest,
    validFrom: new Date(validFrom * 1000),
    validUntil: new Date(Math.min(validFrom + seconds, LAST_SECOND) * 1000),
  }))

const LAST_REFERENCE = (1n << 50n) - 1n

/** The longest entitlement: every claim at its maximum. */
export const longestClaims = (holderName = 'N'.repeat(MAX.nameBytes)): EntitlementClaims => ({
  kind: 'entitlement',
  id: formatReference('credential', LAST_REFERENCE),
  entitlement: formatReference('entitlement', LAST_REFERENCE),
  registrant: formatReference('individual', LAST_REFERENCE),
  holderName,
  program: MAX.program,
  cycle: MAX.cycle,
  component: MAX.component,
  point: MAX.point,
  benefit: { minor: BigInt(MAX.value), currency: 'ZZZ' },
  validFrom: new Date((LAST_SECOND - 1) * 1000),
  validUntil: new Date(LAST_SECOND * 1000),
  status: { list: MAX.statusList, index: MAX.statusIndex },
})

export const NOW = new Date('2026-11-15T10:00:00Z')

/** An ordinary entitlement, valid at `NOW`. */
export const ordinaryClaims: EntitlementClaims = {
  kind: 'entitlement',
  id: formatReference('credential', 123456789n),
  entitlement: formatReference('entitlement', 987654321012n),
  registrant: formatReference('group', 555555555n),
  holderName: 'Almaz Tadesse (አልማዝ)',
  program: 7,
  cycle: 12,
  component: 1,
  point: 4031,
  benefit: { minor: 450000n, currency: 'ETB' },
  validFrom: new Date('2026-11-01T00:00:00Z'),
  validUntil: new Date('2026-12-01T00:00:00Z'),
  status: { list: 3, index: 131071 },
}
