import type { Db } from '../db/index.ts'
import { invalidField } from '../kernel/index.ts'
import type { GroupReport, TransactionReport } from '../ports/payments.ts'
import type { PaymentsDeps } from './index.ts'
import { COPY_STAGED, createStaged } from './outcomes.sql.ts'

const BATCH = 5_000
/** Ours have at most 35 characters: of longer ones this much is kept for whoever looks into them. */
const ID_LENGTH = 100

/**
 * What a report calls itself, which file of ours it is about, and how many lines about single payments it has.
 * `isGeneral`: it says something of groups or of the whole file.
 */
export type StagedReport = { reportId: string; messageId: string; lines: number; isGeneral: boolean }

/**
 * Reads a report to its end into the temporary table `staged`, in the caller's unit of work. Whatever is wrong
 * anywhere in it is thrown before anything was acted on.
 */
export const stageReport = async (
  { db, files, reader }: PaymentsDeps,
  fileId: string,
): Promise<StagedReport> => {
  await db.run(createStaged)
  let about: GroupReport | undefined
  let lines = 0
  let isGeneral = false
  let text: string[] = []
  for await (const item of reader.read(files.read(fileId))) {
    if (item.kind === 'group') {
      about ??= item
      isGeneral ||= item.status !== 'pending'
    } else lines += 1
    text.push(copyLine(item))
    if (text.length < BATCH) continue
    await copy(db, text)
    text = []
  }
  await copy(db, text)
  if (!about) throw invalidField('/report', 'report', 'The report does not say which file it is about.')
  return { reportId: about.reportId, messageId: about.messageId, lines, isGeneral }
}

const copy = async (db: Db, lines: readonly string[]): Promise<void> => {
  if (lines.length > 0) await db.copyIn(COPY_STAGED, pieces(lines.join('')))
}

async function* pieces(text: string) {
  yield text
}

/** A row of `staged` (PostgreSQL, "COPY", text format). */
const copyLine = (item: GroupReport | TransactionReport): string => {
  const tx = item.kind === 'transaction' ? item : undefined
  const values = [
    tx?.line,
    item.kind,
    tx?.endToEndId?.slice(0, ID_LENGTH),
    tx?.instructionId?.slice(0, ID_LENGTH),
    item.kind === 'group' ? item.groupId?.slice(0, ID_LENGTH) : undefined,
    item.status,
    item.nativeStatus,
    item.reasonCode,
    item.reasonText,
    tx?.amountMinor,
    tx?.currency,
  ]
  return `${values.map(field).join('\t')}\n`
}

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

const field = (value: string | number | bigint | undefined): string =>
  value === undefined ? '\\N' : String(value).replace(/[\\\t\n\r]/g, c => ESCAPES[c]!)
