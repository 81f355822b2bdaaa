import sql from 'sql-template-tag'
import { requireUnmasked, requireWholeProgram } from '../access/index.ts'
import { insertSet } from '../audit/index.ts'
import type { JobHandler, JobRun } from '../jobs/index.ts'
import { type Ctx, conflict } from '../kernel/index.ts'
import type { PaymentInstruction } from '../ports/payments.ts'
import { toInstruction } from './check-candidates.ts'
import type { PaymentsDeps } from './index.ts'
import { type BatchRow, batchById, batchByReference } from './store.ts'

/** Payments read at a time. */
const PAGE = 5_000
/** Far more than ten million payments take. */
const MAX_FILE = 16 * 1024 ** 3

/**
 * Writes the file of an approved batch. All that is in it was stored before, so a job that runs again writes the same
 * file; nobody gets to see one before the batch is `sent`.
 */
export const sendBatchJob =
  (deps: PaymentsDeps): JobHandler =>
  async (run, payload) => {
    const { db, files, writer } = deps
    const batch = await batchById(db, payload.batchId as string)
    requireWholeProgram(run.ctx, 'payment:write', batch.program_id)
    if (batch.state !== 'sending') return undefined
    await saveGroups(deps, batch)
    const name = `${batch.message_id}.xml`
    const file = await files.store(
      run.ctx,
      { name, mediaType: 'application/xml', maxBytes: MAX_FILE },
      writer.write(headerOf(batch), instructionsOf(deps, run, batch)),
    )
    await db.transaction(() => markSent(deps, run.ctx, batch.id, file))
    return { file: name, bytes: file.size, sha256: file.sha256 }
  }

const headerOf = (batch: BatchRow) => ({
  messageId: batch.message_id,
  created: batch.sending_at!,
  requestedExecutionDate: batch.requested_on,
  debtor: batch.debtor,
  currency: batch.currency,
  count: batch.payments,
  totalMinor: BigInt(batch.total),
})

async function* instructionsOf(
  { db }: PaymentsDeps,
  run: JobRun,
  batch: BatchRow,
): AsyncGenerator<PaymentInstruction> {
  for (let first = 0; first < batch.payments; first += PAGE) {
    const rows = await db.query<Parameters<typeof toInstruction>[0]>(sql`
      SELECT end_to_end_id, amount, payee_name, account_kind, account_value, bank_code FROM payments.attempts
      WHERE batch_id = ${batch.id} AND position >= ${first} AND position < ${first + PAGE} ORDER BY position`)
    for (const row of rows) yield toInstruction(row, batch.currency, batch.remittance)
    await run.progress(Math.min(first + PAGE, batch.payments), batch.payments)
  }
}

/** Keeps which group of the file holds which positions, before anything is written. */
const saveGroups = async ({ db, writer }: PaymentsDeps, batch: BatchRow): Promise<void> => {
  const ids: string[] = []
  const firsts: number[] = []
  for (let position = 0; position < batch.payments; position++) {
    const id = writer.groupId(batch.message_id, position)
    if (id === ids.at(-1)) continue
    ids.push(id)
    firsts.push(position)
  }
  const lasts = [...firsts.slice(1).map(first => first - 1), batch.payments - 1]
  await db.run(sql`
    INSERT INTO payments.file_groups (batch_id, group_id, first, last)
    SELECT ${batch.id}, * FROM unnest(${ids}::text[], ${firsts}::int[], ${lasts}::int[])
    ON CONFLICT (batch_id, group_id) DO NOTHING`)
}

const markSent = async (
  { db, clock, audit, outbox }: PaymentsDeps,
  ctx: Ctx,
  batchId: string,
  file: { id: string; sha256: string; size: number },
): Promise<void> => {
  const batch = await batchById(db, batchId, true)
  if (batch.state !== 'sending') return
  const at = clock.now()
  const sent = await db.run(sql`
    UPDATE payments.attempts SET state = 'sent', changed_at = ${at} WHERE batch_id = ${batchId} AND state = 'prepared'`)
  if (sent !== batch.payments) throw new Error(`${sent} payments of ${batch.payments} became sent`)
  await db.run(sql`
    UPDATE payments.batches SET state = 'sent', file_id = ${file.id}, file_sha256 = ${file.sha256}, sent_at = ${at},
      version = version + 1
    WHERE id = ${batchId}`)
  await audit.record(ctx, {
    action: 'payment-batch.sent',
    subject: { type: 'payment-batch', id: batchId },
    items: sent,
    before: { state: 'sending', sha256: null, version: batch.version },
    after: { state: 'sent', sha256: file.sha256, version: batch.version + 1, bytes: file.size },
  })
  await outbox.publish(
    'payment-batch.sent',
    batchId,
    { payments: sent, sha256: file.sha256 },
    { programId: batch.program_id },
  )
}

export type FileOfBatch = { name: string; size: number; sha256: string; bytes: () => AsyncIterable<Buffer> }

/**
 * The file of a batch, for the bank. It names every payee and account, so that it was fetched is on the audit
 * trail. Throws `conflict` (`batch-state`) before the batch is sent.
 */
export const downloadFile =
  ({ db, files }: PaymentsDeps) =>
  async (ctx: Ctx, reference: string): Promise<FileOfBatch> => {
    requireUnmasked(ctx, 'payment:write', ['name', 'account'])
    const batch = await batchByReference(db, ctx, 'payment:write', reference)
    requireWholeProgram(ctx, 'payment:write', batch.program_id)
    const file = batch.file_id === null ? undefined : await files.get(batch.file_id)
    if (!file) throw conflict(`The batch is ${batch.state}: it has no file yet.`, 'batch-state')
    await db.run(
      insertSet(
        ctx,
        {
          action: 'payment-batch.download',
          subject: { type: 'payment-batch', id: batch.id },
          after: { sha256: file.sha256 },
        },
        sql`SELECT DISTINCT unnest(ARRAY[p.registrant_id, a.payee_id]) AS id
            FROM payments.attempts a JOIN payments.payments p ON p.id = a.payment_id WHERE a.batch_id = ${batch.id}`,
      ),
    )
    return { name: file.name, size: file.size, sha256: file.sha256, bytes: () => files.read(file.id) }
  }
