import sql from 'sql-template-tag'
import { type Masking, type Masks, masking, type Permission, shownAs, visible } from '../access/index.ts'
import type { OnRecord } from '../credentials/index.ts'
import { type Ctx, formatReference, invalidField } from '../kernel/index.ts'
import type { DistributionDeps } from './index.ts'

export type Verdict =
  | 'valid'
  | 'revoked'
  | 'suspended'
  | 'expired'
  | 'not_yet_valid'
  | 'already_redeemed'
  | 'wrong_point'
  | 'unknown_issuer'
  | 'tampered'
  | 'malformed'

/** What an entitlement is of: whole numbers of the item's unit, or minor units of a currency. */
export type Benefit = (
  | { kind: 'in_kind'; item: { code: string; name: string; unit: string } }
  | { kind: 'cash'; currency: string }
) & { amount: bigint; remaining: bigint }

/** What the person in front of the agent is entitled to. */
export type Due = {
  entitlement: string
  holderName: string
  program: string
  cycle: string
  benefit: Benefit
}

/** The service point that somebody works at. */
export type Point = { id: string; code: string; name: string }

/** The point that a card is bound to, for those who came to another one. */
export type ServedAt = { code: string; name: string }

/** What handing over needs to know beside what the agent is shown. */
export type Matter = {
  credential: OnRecord
  programId: string
  cycleId: string
  item: { id: string; code: string } | null
}

/** `due` only for who may be served here; `matter` whenever the credential is genuine and on record. */
export type Judgement = {
  verdict: Verdict
  advice: string
  servedAt?: ServedAt
  due?: Due
  matter?: Matter
}

type Row = {
  ref: string
  program_id: string
  cycle_id: string
  program_name: string
  cycle_name: string
  status: string
  kind: 'in_kind' | 'cash'
  currency: string | null
  amount: string
  fulfilled: string
  item: { id: string; code: string; name: string; unit: string } | null
  point: { code: string; name: string } | null
  within_reach: boolean
  shown?: Record<string, boolean>
}

const ADVICE = {
  valid:
    'Genuine and due today. Check that the person in front of you is the holder, then hand over what is shown.',
  revoked:
    'This card was withdrawn, for example because it was lost and replaced. Give nothing out; keep the card and send the person to the program office.',
  withdrawn:
    'The entitlement behind this card was withdrawn. Give nothing out; send the person to the program office.',
  closed: 'This distribution is closed. Give nothing out; send the person to the program office.',
  suspended: 'This card is blocked for now. Give nothing out; send the person to the program office.',
  already_redeemed: 'Everything on this card was handed over already. Give nothing more out.',
  elsewhere: 'This card is not served by you. Give nothing out; send the person to the program office.',
  not_on_record:
    'This card is not in the register. Give nothing out, note who brought it and tell your supervisor.',
}

/** Money never changes hands at a service point, so nobody is told to hand over what a cash card shows. */
const CASH_ADVICE = {
  valid: 'Genuine and due. It is paid by the bank or by mobile money: hand nothing over here.',
  already_redeemed: 'This was paid already, by the bank or by mobile money. Hand nothing over here.',
}

/** The service point with a code, if it is within the actor's reach. Throws `invalid` at `/point`. */
export const pointByCode = async (
  { db }: DistributionDeps,
  ctx: Ctx,
  permission: Permission,
  code: string,
): Promise<Point> => {
  const point = await db.one<Point>(sql`
    SELECT id, code, name FROM inventory.points
    WHERE code = ${code} AND ${visible(ctx, permission, { area: sql`area_id` })}`)
  if (!point)
    throw invalidField(
      '/point',
      'unknown',
      `There is no service point with the code ${code} within your reach.`,
    )
  return point
}

const COLUMNS = { area: sql`coalesce(p.area_id, e.area_id)`, program: sql`e.program_id` }

const read = (
  { db }: DistributionDeps,
  ctx: Ctx,
  permission: Permission,
  credential: OnRecord,
  mask: Masking,
) =>
  db.one<Row>(sql`
    SELECT e.ref, e.program_id, e.cycle_id, e.program_name, e.cycle_name, e.status, e.kind, e.currency, e.amount,
      e.fulfilled, to_jsonb(i) AS item, to_jsonb(p) AS point,
      ${visible(ctx, permission, COLUMNS)} AS within_reach ${mask.select}
    FROM programs.entitlements_view e
    LEFT JOIN inventory.catalogue i ON i.code = e.item_code
    LEFT JOIN inventory.points p ON p.id = ${credential.pointId}
    WHERE e.id = ${credential.entitlementId}`)

const dueOf = (row: Row, credential: OnRecord, masks: Masks): Due => {
  const { item } = row
  const amount = BigInt(row.amount)
  const sums = { amount, remaining: amount - BigInt(row.fulfilled) }
  return {
    entitlement: formatReference('entitlement', row.ref),
    holderName: shownAs(masks, 'name', credential.holderName),
    program: row.program_name,
    cycle: row.cycle_name,
    benefit:
      row.kind === 'cash'
        ? { kind: 'cash', currency: row.currency!, ...sums }
        : { kind: 'in_kind', item: { code: item!.code, name: item!.name, unit: item!.unit }, ...sums },
  }
}

/** Why somebody is not served at a point, if so. The nearest reason is the one to act on. */
const hindrance = (
  row: Row,
  credential: OnRecord,
  point: Point | undefined,
): { verdict: Verdict; advice: string; servedAt?: ServedAt } | undefined => {
  if (credential.state !== 'active') return { verdict: credential.state, advice: ADVICE[credential.state] }
  if (!row.within_reach && row.point === null) return { verdict: 'wrong_point', advice: ADVICE.elsewhere }
  const boundElsewhere = row.point !== null && point !== undefined && row.point.code !== point.code
  if (row.point !== null && (boundElsewhere || !row.within_reach))
    return {
      verdict: 'wrong_point',
      servedAt: { code: row.point.code, name: row.point.name },
      advice: `This card is served at ${row.point.name} (${row.point.code}). Give nothing out; send the person there.`,
    }
  if (row.status === 'cancelled') return { verdict: 'revoked', advice: ADVICE.withdrawn }
  if (row.status === 'expired') return { verdict: 'expired', advice: ADVICE.closed }
  return undefined
}

/**
 * What a QR code is worth to this actor, at a point if one is given. With `lock`, the credential stays as it is
 * until the caller's unit of work ends.
 */
export const judge = async (
  deps: DistributionDeps,
  ctx: Ctx,
  permission: Permission,
  { qr, point, lock }: { qr: string; point: Point | undefined; lock: boolean },
): Promise<Judgement> => {
  const proven = await deps.credentials.verifyText(qr)
  if (!('claims' in proven)) return proven
  const credential = await deps.credentials.onRecord(proven.claims.id, { lock })
  const mask = masking(ctx, permission, COLUMNS)
  const row = credential && (await read(deps, ctx, permission, credential, mask))
  if (!row) return { verdict: 'unknown_issuer', advice: ADVICE.not_on_record }
  const matter = {
    credential,
    programId: row.program_id,
    cycleId: row.cycle_id,
    item: row.item,
  }
  const against = hindrance(row, credential, point)
  if (against) return { ...against, matter }
  if (proven.verdict !== 'valid') return { verdict: proven.verdict, advice: proven.advice, matter }
  const due = dueOf(row, credential, mask.of(row))
  const verdict = due.benefit.remaining === 0n ? 'already_redeemed' : 'valid'
  const advice = (due.benefit.kind === 'cash' ? CASH_ADVICE : ADVICE)[verdict]
  return { verdict, advice, due, matter }
}
