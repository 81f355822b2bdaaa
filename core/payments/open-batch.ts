import { electronicFormatIBAN, isValidIBAN } from 'ibantools'
import sql from 'sql-template-tag'
import { violated } from '../db/index.ts'
import { type Ctx, conflict, dayOf, invalidField } from '../kernel/index.ts'
import type { PaymentsDeps } from './index.ts'
import { FILL_JOB } from './kinds.ts'
import type { Debtor } from './rules.ts'
import { batchReference } from './store.ts'
import { batchState } from './things.ts'

export type NewBatch = {
  programId: string
  cycleId: string
  fundId: string
  currency: string
  debtor: Debtor
  remittance: string
  requestedOn: string
  retryOf?: string
  reviewed?: readonly string[]
}

/**
 * Opens an empty batch and starts the job that puts payments in. Throws `invalid` with pointers such as
 * `/debtor/account/value` for what the file could not have, and `conflict` (`batch-being-made`) while another batch
 * of the cycle is being filled. Gives the id.
 */
export const openBatch = async (deps: PaymentsDeps, ctx: Ctx, batch: NewBatch): Promise<string> => {
  const { db, ids, clock, audit, jobs } = deps
  const id = ids.uuid()
  const ref = ids.ref()
  const reference = batchReference(ref)
  requireIban(batch.debtor)
  await checkHeader(deps, reference, batch)
  const { actor } = ctx
  const subject = { type: 'payment-batch', reference }
  const job = await jobs.enqueue(ctx, FILL_JOB, { batchId: id }, { subjectId: id, subject, queue: FILL_JOB })
  await db
    .run(sql`
      INSERT INTO payments.batches (id, ref, program_id, cycle_id, fund_id, currency, provider, debtor, remittance,
        requested_on, retry_of, reviewed, job, message_id, prepared_by, prepared_by_name, prepared_at)
      VALUES (${id}, ${ref}, ${batch.programId}, ${batch.cycleId}, ${batch.fundId}, ${batch.currency}, 'iso20022',
        ${JSON.stringify(batch.debtor)}, ${batch.remittance}, ${batch.requestedOn}, ${batch.retryOf ?? null},
        ${[...(batch.reviewed ?? [])]}, ${job.reference}, ${reference}, ${actor.id}, ${actor.name}, ${clock.now()})`)
    .catch(error => {
      if (violated(error) !== 'batches_one_filling') throw error
      throw conflict(
        'Another batch of the cycle is being made. Wait until it is there, or cancel it.',
        'batch-being-made',
      )
    })
  await audit.record(ctx, {
    action: 'payment-batch.create',
    subject: { type: 'payment-batch', id },
    after: await batchState(db, id),
  })
  return id
}

/** An IBAN has the length of its country and check digits (ISO 13616-1): a payer's is typed, and a bank would refuse all. */
const requireIban = ({ account }: Debtor): void => {
  if (account.kind === 'iban' && !isValidIBAN(electronicFormatIBAN(account.value) ?? ''))
    throw invalidField(
      '/debtor/account/value',
      'iban',
      'This is no IBAN: its country, its length or its check digits are not right. Copy it from the bank.',
    )
}

/** Asks the writer for the beginning of such a file: it refuses what the file could not state. */
const checkHeader = async ({ writer, clock }: PaymentsDeps, messageId: string, batch: NewBatch) => {
  const { debtor, currency, requestedOn } = batch
  const header = {
    messageId,
    created: clock.now(),
    requestedExecutionDate: requestedOn,
    debtor,
    currency,
    count: 1,
    totalMinor: 1n,
  }
  const file = writer.write(header, [])[Symbol.asyncIterator]()
  await file.next()
  await file.return?.()
}

/** The day to ask the bank for: the one that was ordered, else today. */
export const dayFor = ({ clock }: PaymentsDeps, ordered: string | undefined): string =>
  ordered ?? dayOf(clock.now())
