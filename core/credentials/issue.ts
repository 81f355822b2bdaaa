import sql from 'sql-template-tag'
import { insertSet } from '../audit/index.ts'
import { type Ctx, DomainError, formatReference } from '../kernel/index.ts'
import type { SigningKey } from '../keys/index.ts'
import type { EntitlementClaims } from '../ports/credential-codec.ts'
import type { Signer } from '../ports/signer.ts'
import { type NumberOf, numbersFor } from './codes.ts'
import type { Due } from './due.ts'
import type { CredentialsDeps } from './index.ts'
import { drawPlaces, type StatusPlace } from './status-lists.ts'

/** A credential that is signed but not yet stored. */
export type Signed = Due & { credentialId: string; ref: string; place: StatusPlace; kid: string; qr: string }
/** An entitlement that no credential can be made for, and why. */
export type Unfit = { entitlement: string; reason: string }

/** A key of the key store as something that signs. */
const signerOf = ({ codec }: CredentialsDeps, key: SigningKey): Signer =>
  codec.es256Signer(key.privateKey, Buffer.from(key.kid, 'hex'))

const claimsOf = (due: Due, ref: string, place: StatusPlace, numberOf: NumberOf): EntitlementClaims => ({
  kind: 'entitlement',
  id: formatReference('credential', ref),
  entitlement: due.entitlement,
  registrant: formatReference(due.registrantKind, due.registrantRef),
  holderName: due.holderName,
  program: numberOf({ kind: 'program', id: due.programId }),
  cycle: numberOf({ kind: 'cycle', id: due.cycleId }),
  component: numberOf({ kind: 'component', id: due.componentId }),
  point: due.pointId === null ? 0 : numberOf({ kind: 'point', id: due.pointId }),
  benefit: due.benefit,
  status: place,
  validFrom: due.validFrom,
  validUntil: due.validUntil,
})

const codedOf = (due: Due) => [
  { kind: 'program' as const, id: due.programId },
  { kind: 'cycle' as const, id: due.cycleId },
  { kind: 'component' as const, id: due.componentId },
  ...(due.pointId === null ? [] : [{ kind: 'point' as const, id: due.pointId }]),
]

/**
 * Signs credentials for entitlements. What cannot be encoded is told, not skipped in silence. Nothing is stored
 * and no lock is held meanwhile: a signer may be a service far away.
 */
export const signAll = async (
  deps: CredentialsDeps,
  dues: readonly Due[],
): Promise<{ signed: Signed[]; unfit: Unfit[] }> => {
  const key = await deps.keys.signingKey('credential')
  const signer = signerOf(deps, key)
  const numberOf = await numbersFor(deps.db, dues.flatMap(codedOf))
  const places = await drawPlaces(deps.db, dues.length)
  const signed: Signed[] = []
  const unfit: Unfit[] = []
  for (const [i, due] of dues.entries()) {
    const ref = deps.ids.ref()
    const place = places[i]!
    try {
      const { text } = await deps.codec.issueEntitlementQr(claimsOf(due, ref, place, numberOf), signer)
      signed.push({ ...due, credentialId: deps.ids.uuid(), ref, place, kid: key.kid, qr: text })
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'unavailable') throw error
      const reason = [error.message, ...error.issues.map(issue => issue.detail)].join(' ')
      unfit.push({ entitlement: due.entitlement, reason })
    }
  }
  return { signed, unfit }
}

/**
 * Stores signed credentials with their audit entry and message, in one unit of work. An entitlement that has a
 * live credential by now keeps that one. Tells how many were stored.
 */
export const storeAll = (
  { db, clock, outbox }: CredentialsDeps,
  ctx: Ctx,
  cycleId: string,
  signed: readonly Signed[],
): Promise<number> =>
  db.transaction(async () => {
    const column = <K extends keyof Signed>(name: K) => signed.map(s => s[name])
    const rows = await db.query<{ id: string }>(sql`
      INSERT INTO credentials.credentials (id, ref, entitlement_id, registrant_id, program_id, cycle_id, area_id,
        point_id, holder_name, status_list, status_index, valid_from, valid_until, kid, qr, issued_at)
      SELECT *, ${clock.now()}
      FROM unnest(${column('credentialId')}::uuid[], ${column('ref')}::bigint[], ${column('entitlementId')}::uuid[],
        ${column('registrantId')}::uuid[], ${column('programId')}::uuid[], ${column('cycleId')}::uuid[],
        ${column('areaId')}::uuid[], ${column('pointId')}::uuid[], ${column('holderName')}::text[],
        ${signed.map(s => s.place.list)}::int[], ${signed.map(s => s.place.index)}::int[],
        ${column('validFrom')}::timestamptz[], ${column('validUntil')}::timestamptz[], ${column('kid')}::text[],
        ${column('qr')}::text[])
      ON CONFLICT (entitlement_id) WHERE state <> 'revoked' DO NOTHING
      RETURNING id`)
    if (rows.length === 0) return 0
    const set = sql`SELECT id FROM unnest(${rows.map(r => r.id)}::uuid[]) id`
    const after = { cycleId, state: 'active' }
    await db.run(
      insertSet(ctx, { action: 'credential.issue', subject: { type: 'cycle', id: cycleId }, after }, set),
    )
    const { programId } = signed[0]!
    await outbox.publish('cycle.credentials-issued', cycleId, { credentials: rows.length }, { programId })
    return rows.length
  })
