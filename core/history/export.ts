import sql from 'sql-template-tag'
import { masksEverywhere, requireEverywhere } from '../access/index.ts'
import { entryText } from '../audit/index.ts'
import type { JobHandler, JobRun } from '../jobs/index.ts'
import { type Ctx, conflict, csvLine, notFound } from '../kernel/index.ts'
import { ENTRY, type EntryRow, type EntryView, presentEntries } from './entry.ts'
import type { HistoryDeps } from './index.ts'
import { type RowView, rowsOf, type SetRow } from './rows.ts'
import { createSearch, type EntryFilter } from './search.ts'

/** A file of entries: for a spreadsheet, or a line of JSON each with what it takes to find them in a sealed block. */
export type ExportFormat = 'csv' | 'jsonl'
/** `details`: lines of JSON have the rows of sets, too: what each is called, and what changed of it. */
export type ExportOrder = { format: ExportFormat; filter?: EntryFilter; details?: boolean }
export type ExportFile = {
  name: string
  mediaType: string
  size: number
  sha256: string
  bytes: AsyncIterable<Buffer>
}

const JOB = 'audit.export'
/** Entries read at a time: some of them are of a thousand rows. */
const PAGE = 200
/** The same with the rows of sets. */
const DETAILED_PAGE = 10
const MAX_FILE = 16 * 1024 ** 3
const MEDIA: Record<ExportFormat, string> = { csv: 'text/csv', jsonl: 'application/jsonl' }

type SealedRow = EntryRow & SetRow & { leaf: Buffer; text: string; height: string | null }

/** Taking entries of the trail out as a file, which only who asked for it gets. */
export const createExports = (deps: HistoryDeps) => {
  const { db, things, jobs, files, audit } = deps
  const { conditionOf } = createSearch(deps)

  /** The entries of a filter as they are at the first page, newest first. */
  async function* lines(
    run: JobRun,
    { format, filter = {}, details = false }: ExportOrder,
    told: { rows: number },
  ) {
    const masks = masksEverywhere(run.ctx, 'audit:export')
    const size = details ? DETAILED_PAGE : PAGE
    const condition = await conditionOf(filter)
    let last = { xid: (await newest()).xid, id: LAST }
    if (format === 'csv') yield `\ufeff${csvLine(COLUMNS, ',')}`
    for (;;) {
      await run.checkpoint()
      const rows = await db.query<SealedRow>(sql`
        SELECT ${ENTRY}, e.leaf, ${masks.size > 0 ? sql`NULL` : entryText} AS text, e.item_ids, e.details, (SELECT b.height::text FROM audit.blocks b
          WHERE b.to_xid > e.xid AND b.from_xid <= e.xid ORDER BY b.to_xid LIMIT 1) AS height
        FROM audit.entries e
        WHERE ${condition} AND (e.xid, e.id) < (${last.xid}::xid8, ${last.id}::uuid)
        ORDER BY e.xid DESC, e.id DESC LIMIT ${size}`)
      const shown = await presentEntries(things, rows, masks)
      const sets = details ? await rowsOf(things, rows, masks) : undefined
      yield shown
        .map((entry, i) => (format === 'csv' ? csvOf(entry) : jsonOf(entry, rows[i]!, sets?.[i])))
        .join('')
      told.rows += rows.length
      await run.progress(told.rows)
      if (rows.length < size) return
      last = rows.at(-1)!
    }
  }

  const newest = async () =>
    (await db.one<{ xid: string }>(sql`SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS xid`))!

  const handler: JobHandler = async (run, payload) => {
    const { order } = payload as { order: ExportOrder }
    requireEverywhere(run.ctx, 'audit:export')
    const told = { rows: 0 }
    const name = `audit-entries.${order.format}`
    const file = await files.store(
      run.ctx,
      { name, mediaType: MEDIA[order.format], maxBytes: MAX_FILE },
      encoded(lines(run, order, told)),
    )
    await audit.record(run.ctx, {
      action: 'audit.export',
      subject: { type: 'file', id: file.id },
      after: { filter: order.filter ?? {}, format: order.format, rows: told.rows, sha256: file.sha256 },
    })
    const masked = [...masksEverywhere(run.ctx, 'audit:export')]
    return { file: file.id, name, rows: told.rows, bytes: file.size, sha256: file.sha256, masked }
  }

  return {
    jobHandlers: { [JOB]: handler },

    /** Asks for a file of the entries that a filter finds, as a job. */
    order: async (ctx: Ctx, order: ExportOrder): Promise<{ reference: string }> => {
      requireEverywhere(ctx, 'audit:export')
      await conditionOf(order.filter ?? {})
      return db.transaction(async () => {
        const job = await jobs.enqueue(ctx, JOB, { order })
        await audit.record(ctx, {
          action: 'audit.export-order',
          subject: { type: 'job', id: job.id },
          after: order,
        })
        return job
      })
    },

    /** The file of an export, for whoever asked for it; to everybody else there is none. By the job's reference. */
    file: async (ctx: Ctx, reference: string): Promise<ExportFile> => {
      requireEverywhere(ctx, 'audit:export')
      const job = await jobs.get(reference)
      const file =
        job.kind === JOB && job.result
          ? await files.own(ctx, (job.result as { file: string }).file)
          : undefined
      if (
        !file &&
        job.kind === JOB &&
        (job.state === 'waiting' || job.state === 'running') &&
        job.createdBy === ctx.actor.name
      )
        throw conflict('The file is still being written.', 'export-unfinished')
      if (!file) throw notFound('export')
      return { ...file, bytes: files.read(file.id) }
    },
  }
}

const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const text of texts) yield Buffer.from(text)
}

const COLUMNS = [
  'id',
  'at',
  'actor kind',
  'actor',
  'on behalf of',
  'action',
  'subject type',
  'subject',
  'items',
  'before',
  'after',
  'reason',
  'request',
  'address',
]

const csvOf = (e: EntryView): string =>
  csvLine(
    [
      e.id,
      e.at.toISOString(),
      e.actor.kind,
      e.actor.name,
      e.onBehalfOf ?? '',
      e.action,
      e.subjectType,
      e.subject ?? '',
      e.items === null ? '' : String(e.items),
      e.before === null ? '' : JSON.stringify(e.before),
      e.after === null ? '' : JSON.stringify(e.after),
      e.reason ?? '',
      e.requestId,
      e.address ?? '',
    ],
    ',',
  )

/** `text` is what the leaf is the SHA-256 of; null for who sees something only in part, since all is in it. */
const jsonOf = (entry: EntryView, { leaf, height, text }: SealedRow, of?: readonly RowView[]): string =>
  `${JSON.stringify({ ...entry, leaf: leaf.toString('hex'), block: height, text, ...(of && { of }) })}\n`
