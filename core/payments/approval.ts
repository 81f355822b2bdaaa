import sql from 'sql-template-tag'
import type { ApprovalSubject, Submission } from '../approvals/index.ts'
import { insertEach } from '../audit/index.ts'
import { type Ctx, canonicalJson, formatMinor, ruleViolated, sha256 } from '../kernel/index.ts'
import type { PaymentsDeps } from './index.ts'
import { type BatchRow, batchReference } from './store.ts'

/** What policies can say of a batch: its total in units of its currency. */
const FACTS = {
  program: 'string',
  currency: 'string',
  total: 'decimal',
  payments: 'int',
  exceptions: 'int',
  retry: 'bool',
} as const

/** A batch as it is submitted for approval. Who made it and who submits it have made it. */
export const submissionOf = async (deps: PaymentsDeps, batch: BatchRow): Promise<Submission> => {
  const program = (await deps.db.one<{ code: string }>(
    sql`SELECT code FROM programs.program_codes WHERE id = ${batch.program_id}`,
  ))!
  const { currency, payments, exceptions } = batch
  const total = BigInt(batch.total)
  return {
    id: batch.id,
    name: batchReference(batch.ref),
    programId: batch.program_id,
    areaId: null,
    title: batch.remittance,
    facts: {
      program: program.code,
      currency,
      total: formatMinor(total, currency),
      payments,
      exceptions,
      retry: batch.retry_of !== null,
    },
    amount: { minor: total, currency },
    items: payments,
    digest: (await digestsOf(deps, [batch])).get(batch.id)!,
    makers: [batch.prepared_by],
  }
}

/** Batches, as they are approved: whom they pay, how much and to which accounts is what was submitted. */
export const batchSubject = (deps: PaymentsDeps): ApprovalSubject => {
  const { db } = deps
  const submitted = (ids: readonly string[]) =>
    db.query<BatchRow>(
      sql`SELECT * FROM payments.batches WHERE id = ANY(${[...ids]}::uuid[]) AND state = 'submitted' ORDER BY id`,
    )

  return {
    type: 'payment-batch',
    permission: 'payment:approve',
    required: true,
    facts: FACTS,
    risks: [
      {
        risk: 'exceptions-left-out',
        means: 'People who cannot be paid as their data are were left out.',
        of: facts => Number(facts.exceptions) > 0,
      },
      {
        risk: 'paid-anew',
        means: 'It pays again what failed in an earlier batch.',
        of: facts => facts.retry === true,
      },
    ],
    lock: async ids => {
      await db.query(
        sql`SELECT FROM payments.batches WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`,
      )
    },
    digests: async ids => digestsOf(deps, await submitted(ids)),
    approved: async (ctx, ids) => {
      await requireNoReview(deps, ids)
      await change(deps, ctx, await submitted(ids), ['approve', 'approved', 'approved'])
    },
    returned: async (ctx, ids) => change(deps, ctx, await submitted(ids), ['return', 'draft', 'returned']),
    withdrawn: async (ctx, ids) =>
      change(deps, ctx, await submitted(ids), ['withdraw', 'draft', 'withdrawn']),
    rejected: async (ctx, ids) => {
      await release(deps, ids)
      await change(deps, ctx, await submitted(ids), ['reject', 'cancelled', 'rejected'])
    },
  }
}

/** Of each batch, SHA-256 over its header and every payment in it: to whom, where, how much, in which order. */
const digestsOf = async (
  { db }: PaymentsDeps,
  batches: readonly BatchRow[],
): Promise<Map<string, Buffer>> => {
  const rows = await db.query<{ batch_id: string; digest: Buffer }>(sql`
    SELECT batch_id, string_agg(part, ''::bytea ORDER BY bucket) AS digest FROM (
      SELECT batch_id, position / 10000 AS bucket, sha256(string_agg(sha256(
          uuid_send(payment_id) || int2send(number) || int4send(position) || int8send(amount) || uuid_send(payee_id)
          || convert_to(jsonb_build_array(end_to_end_id, payee_name, account_kind, account_value, bank_code)::text, 'UTF8')),
        ''::bytea ORDER BY position)) AS part
      FROM payments.attempts WHERE batch_id = ANY(${batches.map(b => b.id)}::uuid[]) AND state = 'prepared'
      GROUP BY batch_id, position / 10000
    ) parts GROUP BY batch_id`)
  const found = new Map(rows.map(r => [r.batch_id, r.digest]))
  return new Map(
    batches.map(b => {
      const { id, currency, debtor, remittance, requested_on, payments, total } = b
      const head = canonicalJson({ id, currency, debtor, remittance, requested_on, payments, total })
      return [id, sha256(Buffer.concat([sha256(head), found.get(id) ?? Buffer.alloc(0)]))]
    }),
  )
}

/** What a batch goes through: the step, the state it leads to, and what the outbox says of it. */
type Change = [step: string, state: 'approved' | 'draft' | 'cancelled', message: string]

/** Moves submitted batches to another state, alike. */
const change = async (
  { db, clock, outbox }: PaymentsDeps,
  ctx: Ctx,
  batches: readonly BatchRow[],
  [step, state, message]: Change,
): Promise<void> => {
  const ids = batches.map(b => b.id)
  const signs =
    state === 'approved'
      ? sql`approved_by = ${ctx.actor.id}, approved_by_name = ${ctx.actor.name}, approved_at = ${clock.now()}`
      : sql`submitted_by = NULL, submitted_by_name = NULL, submitted_at = NULL`
  await db.run(sql`
    UPDATE payments.batches SET state = ${state}, version = version + 1, ${signs} WHERE id = ANY(${ids}::uuid[])`)
  const changes = batches.map(({ id, version }) => ({
    id,
    before: { state: 'submitted', version },
    after: { state, version: version + 1 },
  }))
  await db.run(insertEach(ctx, `payment-batch.${step}`, 'payment-batch', changes))
  await outbox.publishSet(
    `payment-batch.${message}`,
    sql`SELECT id AS subject_id, jsonb_build_object('reference', kernel.reference('PB', ref)) AS payload,
          program_id, NULL::uuid AS area_id
        FROM payments.batches WHERE id = ANY(${ids}::uuid[])`,
  )
}

/** Gives up the payments of batches that were never sent: they can be put into another one. */
export const release = async ({ db, clock }: PaymentsDeps, ids: readonly string[]): Promise<void> => {
  await db.run(sql`
    UPDATE payments.payments p SET live = false FROM payments.attempts a
    WHERE a.batch_id = ANY(${[...ids]}::uuid[]) AND p.id = a.payment_id AND a.number = 1`)
  await db.run(sql`
    UPDATE payments.attempts SET state = 'cancelled', live = false, changed_at = ${clock.now()}
    WHERE batch_id = ANY(${[...ids]}::uuid[])`)
}

/** What was reported about an earlier attempt may mean that it was paid after all. */
export const requireNoReview = async ({ db }: PaymentsDeps, ids: readonly string[]): Promise<void> => {
  const open = await db.one(sql`
    SELECT 1 FROM payments.review_items i JOIN payments.attempts a ON a.payment_id = i.payment_id
    WHERE i.resolved_at IS NULL AND a.batch_id = ANY(${[...ids]}::uuid[]) LIMIT 1`)
  if (open)
    throw ruleViolated(
      'payment-under-review',
      'What was reported about an earlier attempt of one of the payments has to be reviewed first.',
    )
}
