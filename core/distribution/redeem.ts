import sql from 'sql-template-tag'
import { requirePermission } from '../access/index.ts'
import { violated } from '../db/index.ts'
import { type Ctx, conflict, formatReference, type Issue, invalid, ruleViolated } from '../kernel/index.ts'
import type { DistributionDeps } from './index.ts'
import {
  type Due,
  type Judgement,
  judge,
  type Matter,
  type Point,
  pointByCode,
  type ServedAt,
  type Verdict,
} from './judge.ts'
import { type Redemption, redemptionBy } from './list-redemptions.ts'

/** What an agent hands over at a point. Without a `quantity`, all that remains. */
export type Handover = {
  qr: string
  point: string
  quantity?: bigint | undefined
  note?: string | undefined
  /** The number that the agent's device gave this handover. Sent again, it is not handed over again. */
  receipt?: string | undefined
}

/** Handed over, or the verdict that stood against it. */
export type RedeemOutcome =
  | { verdict: 'valid'; redemption: Redemption; remaining: bigint }
  | { verdict: Exclude<Verdict, 'valid'>; advice: string; servedAt?: ServedAt }

const MAX_TEXT = { note: 500, receipt: 100 }

const check = (handover: Handover): void => {
  const issues: Issue[] = []
  if (handover.quantity !== undefined && handover.quantity <= 0n)
    issues.push({ pointer: '/quantity', code: 'range', detail: 'A quantity is a whole number from 1.' })
  for (const field of ['note', 'receipt'] as const) {
    const text = handover[field]
    if (text !== undefined && (text.trim() === '' || text.length > MAX_TEXT[field]))
      issues.push({
        pointer: `/${field}`,
        code: 'length',
        detail: `This has 1 to ${MAX_TEXT[field]} characters.`,
      })
  }
  if (issues.length > 0) throw invalid(issues)
}

/** How much to hand over. Throws `rule_violated` for cash, and for more than what remains. */
const quantityOf = ({ benefit }: Due, asked: bigint | undefined): bigint => {
  if (benefit.kind === 'cash')
    throw ruleViolated('not-in-kind', 'This entitlement is cash, which is paid and not handed over here.')
  const quantity = asked ?? benefit.remaining
  if (quantity > benefit.remaining)
    throw ruleViolated('more-than-due', `Only ${benefit.remaining} remain on this entitlement.`)
  return quantity
}

type Taking = {
  id: string
  ref: string
  quantity: bigint
  point: Point
  due: Due
  matter: Matter
  handover: Handover
}

const store = async ({ db, clock }: DistributionDeps, ctx: Ctx, taking: Taking): Promise<void> => {
  const { id, ref, quantity, point, matter, handover } = taking
  const { credential, programId, cycleId, item } = matter
  await db
    .run(sql`
      INSERT INTO distribution.redemptions (id, ref, entitlement_id, credential_id, registrant_id, program_id, cycle_id,
        point_id, item_id, quantity, agent_id, agent_name, receipt, note, redeemed_at)
      VALUES (${id}, ${ref}, ${credential.entitlementId}, ${credential.id}, ${credential.registrantId}, ${programId}, ${cycleId},
        ${point.id}, ${item!.id}, ${quantity}, ${ctx.actor.id}, ${ctx.actor.name}, ${handover.receipt ?? null},
        ${handover.note ?? null}, ${clock.now()})`)
    .catch(error => {
      if (violated(error) !== 'redemptions_receipt') throw error
      throw conflict('This receipt was used for another handover.', 'receipt-reused')
    })
}

const useUp = async ({ programs }: DistributionDeps, ctx: Ctx, entitlementId: string, quantity: bigint) => {
  const given = sql`SELECT ${entitlementId}::uuid AS entitlement_id, ${quantity}::bigint AS amount`
  const done = await programs.fulfil(ctx, given)
  if (done.length === 0)
    throw conflict('The entitlement has changed meanwhile. Scan again.', 'entitlement-changed')
}

/** Goods change hands: the entitlement is used up, the ledger has its rows, and it is told. */
const handOver = async (deps: DistributionDeps, ctx: Ctx, taking: Taking): Promise<void> => {
  const { id, ref, quantity, point, due, matter, handover } = taking
  const { credential, item } = matter
  const redemption = formatReference('redemption', ref)
  await useUp(deps, ctx, credential.entitlementId, quantity)
  await store(deps, ctx, taking)
  await deps.inventory.handOut(ctx, { pointId: point.id, item: item!, quantity, redemption })
  await deps.audit.record(ctx, {
    action: 'redemption.make',
    subject: { type: 'redemption', id },
    after: {
      entitlement: due.entitlement,
      point: point.code,
      item: item!.code,
      quantity,
      note: handover.note,
      receipt: handover.receipt,
    },
  })
  const told = JSON.stringify({ redemption, quantity: quantity.toString() })
  await deps.outbox.publishSet(
    'redemption.made',
    sql`SELECT ${id}::uuid AS subject_id, ${told}::jsonb AS payload, ${matter.programId}::uuid AS program_id, p.area_id
        FROM inventory.points p WHERE p.id = ${point.id}`,
  )
}

const refuse = async (
  deps: DistributionDeps,
  ctx: Ctx,
  point: Point,
  { verdict, advice, servedAt, matter }: Judgement,
): Promise<RedeemOutcome> => {
  await deps.audit.record(ctx, {
    action: 'redemption.refuse',
    subject: { type: 'credential', id: matter?.credential.id ?? null },
    after: { verdict, point: point.code },
    itemIds: matter && [matter.credential.registrantId],
  })
  return { verdict: verdict as Exclude<Verdict, 'valid'>, advice, ...(servedAt ? { servedAt } : {}) }
}

/**
 * Hands over goods against a QR code, at a point within the agent's reach: once, however many try at the same
 * time, and never more in parts than the whole. A credential that is not good here gives its verdict as the
 * outcome, and that is on record. Throws `rule_violated`: `not-in-kind`, `more-than-due`, `stock-insufficient`; and
 * `conflict`: `receipt-reused` for a receipt that stands for another handover, `entitlement-changed`.
 */
export const redeem =
  (deps: DistributionDeps) =>
  async (ctx: Ctx, handover: Handover): Promise<RedeemOutcome> => {
    requirePermission(ctx, 'redemption:perform')
    check(handover)
    return deps.db.transaction(async () => {
      const point = await pointByCode(deps, ctx, 'redemption:perform', handover.point)
      const judged = await judge(deps, ctx, 'redemption:perform', { qr: handover.qr, point, lock: true })
      const { due, matter } = judged
      const known = matter && (await earlier(deps, ctx, handover, matter))
      if (known) {
        const remaining = due?.benefit.remaining ?? 0n
        sameQuantity(handover, known, remaining)
        return { verdict: 'valid', redemption: known, remaining }
      }
      if (judged.verdict !== 'valid' || !due || !matter) return refuse(deps, ctx, point, judged)
      const quantity = quantityOf(due, handover.quantity)
      const [id, ref] = [deps.ids.uuid(), deps.ids.ref()]
      await handOver(deps, ctx, { id, ref, quantity, point, due, matter, handover })
      const redemption = await redemptionBy(deps, sql`r.id = ${id}`)
      return { verdict: 'valid', redemption: redemption!, remaining: due.benefit.remaining - quantity }
    })
  }

/** Throws `conflict` when a receipt comes again with another quantity; "all that remains" leaves nothing. */
const sameQuantity = ({ quantity }: Handover, known: Redemption, remaining: bigint): void => {
  if (quantity === undefined ? remaining > 0n : quantity !== known.quantity)
    throw conflict(`This receipt was used for a handover of ${known.quantity}.`, 'receipt-reused')
}

/** The same handover sent before. The credential is locked, so one that is under way is seen. */
const earlier = (deps: DistributionDeps, ctx: Ctx, { receipt }: Handover, { credential }: Matter) =>
  receipt === undefined
    ? undefined
    : redemptionBy(
        deps,
        sql`r.agent_id = ${ctx.actor.id} AND r.receipt = ${receipt} AND r.entitlement_id = ${credential.entitlementId}`,
      )
