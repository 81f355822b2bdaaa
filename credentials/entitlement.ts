import { type Issue, invalid, parseReference, type ReferenceKind } from '#core/kernel/index.ts'
import { cutName } from './holder-name.ts'
import {
  ENTITLEMENT,
  ENTITLEMENT_MAX,
  type EntitlementClaims,
  isCurrency,
  isUnit,
  KIND_NUMBER,
  MAX_SECONDS,
  packBits,
  unitNumber,
  writeClaims,
} from './verify/index.ts'

/** Collects what is wrong with claims; the methods give the number to encode. */
const checker = () => {
  const issues: Issue[] = []
  const refuse = (pointer: string, code: string, detail: string) => {
    issues.push({ pointer, code, detail })
    return 0
  }
  return {
    issues,
    refuse,
    number(pointer: string, value: number | bigint, max: number) {
      const n = Number(value)
      if (Number.isInteger(n) && n >= 0 && n <= max) return n
      return refuse(pointer, 'range', `A credential holds whole numbers from 0 to ${max} here.`)
    },
    reference(pointer: string, kind: ReferenceKind, text: string) {
      const ref = parseReference(kind, text)
      return ref === undefined
        ? refuse(pointer, 'reference', `This is not the reference of a ${kind}.`)
        : Number(ref)
    },
    seconds(pointer: string, at: Date) {
      const seconds = Math.floor(at.getTime() / 1000)
      if (seconds >= 0 && seconds <= MAX_SECONDS) return seconds
      return refuse(pointer, 'range', 'A credential holds dates from 1970 to 2106.')
    },
  }
}

const benefitFields = (check: ReturnType<typeof checker>, benefit: EntitlementClaims['benefit']) => {
  const isQuantity = 'unit' in benefit
  const [code, isCode, field] = isQuantity
    ? ([benefit.unit, isUnit, 'unit'] as const)
    : ([benefit.currency, isCurrency, 'currency'] as const)
  return {
    isQuantity: Number(isQuantity),
    value: isQuantity
      ? check.number('/benefit/quantity', benefit.quantity, ENTITLEMENT_MAX.value)
      : check.number('/benefit/minor', benefit.minor, ENTITLEMENT_MAX.value),
    unit: isCode(code)
      ? unitNumber(code)
      : check.refuse(`/benefit/${field}`, field, `A ${field} is a code of three capital letters or digits.`),
  }
}

/**
 * The CWT claims set of an entitlement. The name is tidied and cut (`cutName`); everything else must fit as
 * it is. Throws `invalid`, naming every claim that cannot be encoded.
 */
export const encodeEntitlement = (claims: EntitlementClaims): Uint8Array => {
  const check = checker()
  const isIndividual = claims.registrant.toUpperCase().startsWith('IN')
  const name = cutName(claims.holderName)
  if (name === '') check.refuse('/holderName', 'required', 'A credential names its holder.')
  const validFrom = check.seconds('/validFrom', claims.validFrom)
  const validUntil = check.seconds('/validUntil', claims.validUntil)
  if (validFrom >= validUntil)
    check.refuse('/validUntil', 'range', 'A credential is valid for at least one second.')
  const code = (field: 'program' | 'cycle' | 'component' | 'point') =>
    check.number(`/${field}`, claims[field], ENTITLEMENT_MAX[field])

  const fields = {
    kind: KIND_NUMBER.entitlement,
    reserved: 0,
    isIndividual: Number(isIndividual),
    entitlement: check.reference('/entitlement', 'entitlement', claims.entitlement),
    registrant: check.reference('/registrant', isIndividual ? 'individual' : 'group', claims.registrant),
    ...benefitFields(check, claims.benefit),
    statusList: check.number('/status/list', claims.status.list, ENTITLEMENT_MAX.statusList),
    statusIndex: check.number('/status/index', claims.status.index, ENTITLEMENT_MAX.statusIndex),
    program: code('program'),
    cycle: code('cycle'),
    component: code('component'),
    point: code('point'),
  }
  const credential = check.reference('/id', 'credential', claims.id)
  if (check.issues.length > 0) throw invalid(check.issues, 'These claims do not fit a credential.')
  const details = Buffer.concat([packBits(ENTITLEMENT, fields), Buffer.from(name)])
  return writeClaims({ credential, validFrom, validUntil, details })
}
