import { createIso20022 } from '#adapters/iso20022/index.ts'
import { createFiles } from '#core/files/index.ts'
import { createJobs, type JobRun } from '#core/jobs/index.ts'
import { type Ctx, systemIds } from '#core/kernel/index.ts'
import { createPayments, type Debtor, type PaymentsDeps } from '#core/payments/index.ts'
import { type CycleFixture, cycleFixture } from './cycles.ts'
import { personWith } from './programs.ts'

export const officer = personWith('finance-officer')
export const checker = personWith('payment-approver')
export const DEBTOR: Debtor = {
  name: 'Ministry of Labour',
  account: { kind: 'iban', value: 'GB33BUKB20201555555555' },
  agent: 'BUKBGB22',
}

/** One thing that a bank says about a payment, a group or a file. */
export type Said = { status: string; reason?: string; amount?: string; currency?: string }

/** A report as a bank writes it (pain.002.001.10). `lines`: what it says of single payments. */
export const bankReport = (
  messageId: string,
  {
    id = 'R-1',
    file,
    groups = {},
    lines = [],
  }: {
    id?: string
    file?: Said
    groups?: Record<string, Said>
    lines?: readonly (Said & { endToEndId: string })[]
  },
): string => {
  const reason = (said: Said) =>
    said.reason ? `<StsRsnInf><Rsn><Cd>${said.reason}</Cd></Rsn></StsRsnInf>` : ''
  const amount = (said: Said) =>
    said.amount
      ? `<OrgnlTxRef><Amt><InstdAmt Ccy="${said.currency ?? 'KES'}">${said.amount}</InstdAmt></Amt></OrgnlTxRef>`
      : ''
  const line = (said: Said & { endToEndId: string }) =>
    `<TxInfAndSts><OrgnlEndToEndId>${said.endToEndId}</OrgnlEndToEndId><TxSts>${said.status}</TxSts>${reason(said)}${amount(said)}</TxInfAndSts>`
  const group = ([groupId, said]: [string, Said]) =>
    `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${groupId}</OrgnlPmtInfId><PmtInfSts>${said.status}</PmtInfSts>${reason(said)}</OrgnlPmtInfAndSts>`
  const named =
    lines.length > 0
      ? `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${messageId}-1</OrgnlPmtInfId>${lines.map(line).join('')}</OrgnlPmtInfAndSts>`
      : ''
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>${id}</MsgId><CreDtTm>2026-06-15T10:00:00Z</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>${messageId}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>\
${file ? `<GrpSts>${file.status}</GrpSts>${reason(file)}` : ''}</OrgnlGrpInfAndSts>
${Object.entries(groups).map(group).join('')}${named}</CstmrPmtStsRpt></Document>`
}

export async function* inPieces(text: string, size = 10_000): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

export type PaymentFixture = Awaited<ReturnType<typeof paymentFixture>>

/**
 * Payments over 300 households, with files in groups of 50, and jobs that wait until `work` runs them. `payments` of a
 * second bank may be made by `over`.
 */
export const paymentFixture = async () => {
  const house = await cycleFixture()
  return { ...house, ...paymentsOver(house) }
}

/** Payments on top of programs, with the steps that lead from a cycle to settled payments. */
export const paymentsOver = (
  house: Pick<
    CycleFixture,
    'db' | 'clock' | 'audit' | 'outbox' | 'ledger' | 'programs' | 'approvals' | 'subjects'
  >,
  changes: Partial<PaymentsDeps> = {},
) => {
  const { db, clock, audit, outbox, ledger, programs, approvals, subjects } = house
  const ids = systemIds
  const queue = createJobs({ db, ids, clock, audit })
  const files = createFiles({ db, clock, ids, audit })
  const waiting: { ctx: Ctx; id: string; kind: string; payload: Record<string, unknown> }[] = []
  const jobs: typeof queue = {
    ...queue,
    enqueue: async (ctx, kind, payload, more) => {
      const job = await queue.enqueue(ctx, kind, payload, more)
      waiting.push({ ctx, id: job.id, kind, payload })
      return job
    },
  }
  const adapter = createIso20022({ transactionsPerGroup: 50 })
  const deps = {
    db,
    clock,
    ids,
    audit,
    outbox,
    jobs,
    files,
    ledger,
    programs,
    approvals,
    ...adapter,
    ...changes,
  }
  const payments = createPayments(deps)
  // The last bank's payments are approved.
  subjects.splice(
    0,
    subjects.length,
    ...subjects.filter(s => s.type !== 'payment-batch'),
    payments.approvalSubject,
  )

  const handle = (job: (typeof waiting)[number], hooks: Partial<JobRun> = {}): Promise<unknown> => {
    const handler = payments.jobHandlers[job.kind as keyof typeof payments.jobHandlers]
    const run = { id: job.id, ctx: job.ctx, progress: async () => {}, checkpoint: async () => {}, ...hooks }
    return handler(run, job.payload)
  }
  /** Runs the waiting jobs in order and gives their results. A job that fails is not run again. */
  const pay = async (): Promise<unknown[]> => {
    const results: unknown[] = []
    for (let job = waiting.shift(); job; job = waiting.shift()) results.push(await handle(job))
    return results
  }
  const text = async (bytes: AsyncIterable<Buffer>) => {
    const parts: Buffer[] = []
    for await (const part of bytes) parts.push(part)
    return Buffer.concat(parts).toString('utf8')
  }
  const fileOf = async (batch: string) => text((await payments.downloadFile(officer, batch)).bytes())
  const prepared = async (cycle: string): Promise<string> => {
    const { reference } = await payments.createBatch(officer, cycle, { debtor: DEBTOR })
    await pay()
    return reference
  }
  const approve = async (batch: string) => {
    await payments.submit(officer, batch)
    await payments.approve(checker, batch)
  }
  const send = async (batch: string) => {
    await approve(batch)
    await payments.send(officer, batch)
    await pay()
    const file = await fileOf(batch)
    return { batch, file, endToEndIds: [...file.matchAll(/<EndToEndId>([^<]+)</g)].map(m => m[1]!) }
  }
  const report = async (xml: string): Promise<unknown> => {
    await payments.receiveReport(officer, inPieces(xml))
    return (await pay())[0]
  }
  return {
    deps,
    payments,
    pay,
    /** The jobs that wait, for tests that run them in their own way. */
    waiting,
    handle,
    fileOf,
    text,
    /** A batch of everything due in a cycle. */
    preparedBatch: prepared,
    approveBatch: approve,
    /** Takes a prepared batch to `sent`; gives its file and the end-to-end ids in it. */
    sendBatch: send,
    /** Uploads a report and applies it; gives the job's result. */
    report,
  }
}
