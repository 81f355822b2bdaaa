import sql from 'sql-template-tag'
import { requirePermission } from '../access/index.ts'
import type { Approvals } from '../approvals/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import type { Files } from '../files/index.ts'
import type { Jobs } from '../jobs/index.ts'
import {
  type Clock,
  type Ctx,
  changesOf,
  conflict,
  formatReference,
  type Ids,
  invalidField,
  ruleViolated,
} from '../kernel/index.ts'
import { submissionOf } from './approval.ts'
import type { AttributeDefinitions } from './attributes.ts'
import { fieldsWith } from './fields.ts'
import type { CommitOptions, ImportOptions, ImportRow, ImportState, ImportView } from './model.ts'
import { findImport } from './read.ts'
import { openCsv } from './reading/csv.ts'
import { UnreadableTable } from './reading/issue.ts'
import { type Mapping, suggestMapping } from './reading/mapping.ts'
import { importedBefore, present } from './store.ts'

type Deps = {
  db: Db
  files: Files
  jobs: Jobs
  audit: Audit
  approvals: Pick<Approvals, 'submit' | 'requireClearance' | 'withdrawFor'>
  clock: Clock
  ids: Ids
  attributeDefinitions: AttributeDefinitions
}

/**
 * What a file looks like before anything is done with it. `missing` names required fields no column fits; `sample` are
 * its first rows, for whoever uploaded it.
 */
export type Inspection = {
  encoding: string
  delimiter: string
  header: string[]
  mapping: Mapping
  unmapped: string[]
  missing: string[]
  sample: string[][]
}

/** States in which a job is at work, and what kind it is. */
const AT_WORK: Partial<Record<ImportState, string>> = {
  testing: 'imports.test',
  committing: 'imports.commit',
  undoing: 'imports.undo',
}

/** What an import is from now on, where that changes: how it is read, or another file. */
type As = {
  options?: ImportOptions
  file?: { id: string; name: string; sha256: string | null } | undefined
}

/** What people ask of imports. The work itself is done by jobs; each request is audited and answered with the import. */
export const createRequests = (deps: Deps) => {
  const { db, files, jobs, audit, approvals, clock, ids } = deps
  /** Moves an import into a state at work and puts the job for it in the queue, in the caller's unit of work. */
  const setToWork = async (ctx: Ctx, im: ImportRow, state: ImportState, as: As = {}): Promise<ImportView> => {
    const before = { id: im.file_id, name: im.file_name, sha256: im.file_sha256 }
    const { options = im.options, file = before } = as
    const job = await jobs.enqueue(
      ctx,
      AT_WORK[state]!,
      { importId: im.id, from: im.state },
      {
        subjectId: im.id,
        subject: { type: 'import', reference: formatReference('import', im.ref) },
        queue: `import:${im.id}`,
      },
    )
    const row = await db.one<ImportRow>(sql`
      UPDATE imports.imports SET state = ${state}, job = ${job.reference}, options = ${JSON.stringify(options)},
        file_id = ${file.id}, file_name = ${file.name}, file_sha256 = ${file.sha256}, finished_at = NULL
      WHERE id = ${im.id} RETURNING *`)
    await audit.record(ctx, {
      action: AT_WORK[state]!.replace('imports.', 'import.'),
      subject: { type: 'import', id: im.id },
      ...changesOf(
        { state: im.state, options: im.options, file: before.name, sha256: before.sha256 },
        { state, options, file: file.name, sha256: file.sha256 },
      ),
    })
    return present(row!)
  }

  /** The import, locked, when it is in one of these states, or its job ended without leaving the state. */
  const claim = async (ctx: Ctx, reference: string, states: readonly ImportState[], what: string) => {
    requirePermission(ctx, 'import:write')
    const im = await findImport(db, ctx, 'import:write', reference, sql`FOR UPDATE`)
    const isStuck =
      AT_WORK[im.state] !== undefined && ['failed', 'cancelled'].includes((await jobs.get(im.job)).state)
    if (!states.includes(im.state) && !(isStuck && states.includes(beforeWork[im.state]!)))
      throw conflict(`The import is ${im.state} and cannot be ${what}.`, 'import-state')
    return im
  }

  return {
    inspect: inspect(deps),

    /**
     * Begins an import of people from a stored file: the test runs in the background and changes nothing in the
     * registry. Ends in `tested`, or in `refused` when the file cannot be read (its issues say why).
     */
    start: async (ctx: Ctx, fileId: string, options: ImportOptions = {}): Promise<ImportView> => {
      requirePermission(ctx, 'import:write')
      return db.transaction(async () => {
        const file = await files.find(ctx, 'import:write', fileId)
        const im = await db.one<ImportRow>(sql`
          INSERT INTO imports.imports (id, ref, file_id, file_name, file_sha256, state, options, created_by,
            created_by_name, created_at)
          VALUES (${ids.uuid()}, ${ids.ref()}, ${fileId}, ${file.name}, ${file.sha256}, 'testing', ${JSON.stringify(options)}, ${ctx.actor.id},
            ${ctx.actor.name}, ${clock.now()}) RETURNING *`)
        await audit.record(ctx, {
          action: 'import.start',
          subject: { type: 'import', id: im!.id },
          after: { file: file.name, sha256: file.sha256, state: 'testing', options },
        })
        return setToWork(ctx, im!, 'testing')
      })
    },

    /**
     * Tests again, with other options (a mapping, an answer to a question) and, with `fileId`, another file: the one
     * that was corrected. Nothing must be committed yet.
     */
    retest: (ctx: Ctx, reference: string, options: ImportOptions, fileId?: string): Promise<ImportView> =>
      db.transaction(async () => {
        const im = await claim(ctx, reference, ['tested', 'refused', 'cancelled'], 'tested again')
        await approvals.withdrawFor(ctx, 'import', im.id, 'It is tested again.')
        const file = fileId === undefined ? undefined : await files.find(ctx, 'import:write', fileId)
        return setToWork(ctx, im, 'testing', { options, file })
      }),

    /**
     * Writes a tested import into the registry, or goes on with a paused one. A file with errors is refused
     * (`import-has-errors`) unless `skipInvalid`: then the households without any are written. A file that was imported
     * before is refused (`file-imported-before`) unless `again`: households in which nobody has an identifier cannot
     * be recognised, and would be made once more. Where a policy asks for approval, one that is not approved as it is now
     * is refused (`approval-required`).
     */
    commit: (
      ctx: Ctx,
      reference: string,
      { skipInvalid = false, again = false }: CommitOptions = {},
    ): Promise<ImportView> =>
      db.transaction(async () => {
        const im = await claim(ctx, reference, ['tested', 'paused'], 'committed')
        const { errors, create, update } = im.totals!
        if (im.state === 'tested') await approvals.requireClearance('import', submissionOf(im))
        if (errors > 0 && !skipInvalid)
          throw ruleViolated(
            'import-has-errors',
            `${errors} rows have errors: correct them, or leave them out.`,
          )
        if (create + update === 0) throw ruleViolated('import-empty', 'There is no row that can be written.')
        if (!again) await requireFirst(db, im)
        return setToWork(ctx, im, 'committing')
      }),

    /**
     * Submits a tested import for approval. Throws `rule_violated` (`no-approval-needed`) when no policy asks for it, and
     * `conflict` (`approval-pending`) when it is submitted already.
     */
    submit: (ctx: Ctx, reference: string): Promise<{ approval: string }> =>
      db.transaction(async () => {
        const im = await claim(ctx, reference, ['tested'], 'submitted')
        const approval = (await approvals.submit(ctx, 'import', [submissionOf(im)])).get(im.id)
        if (!approval)
          throw ruleViolated('no-approval-needed', 'No policy asks for its approval: it can be committed.')
        return { approval }
      }),

    /** Takes back all that the import wrote, unless something of it was changed since. */
    undo: (ctx: Ctx, reference: string): Promise<ImportView> =>
      db.transaction(async () => {
        const im = await claim(ctx, reference, ['committed', 'paused'], 'undone')
        return setToWork(ctx, im, 'undoing')
      }),

    /** Asks the job at work to stop at the next safe point. What it committed stays, and can be gone on with or undone. */
    cancel: async (ctx: Ctx, reference: string): Promise<ImportView> => {
      requirePermission(ctx, 'import:write')
      const im = await findImport(db, ctx, 'import:write', reference)
      await jobs.cancel(ctx, im.job)
      return present(im)
    },
  }
}

const SAMPLE_ROWS = 5
const SAMPLE_CHARS = 100

/** Looks at the header of a stored file and suggests a mapping. Throws `invalid` when it is no table. */
const inspect =
  ({ files, attributeDefinitions }: Deps) =>
  async (
    ctx: Ctx,
    fileId: string,
    options: Pick<ImportOptions, 'encoding' | 'delimiter'> = {},
  ): Promise<Inspection> => {
    requirePermission(ctx, 'import:write')
    await files.find(ctx, 'import:write', fileId)
    const isOwn = (await files.own(ctx, fileId)) !== undefined
    try {
      const { encoding, delimiter, header, batches } = await openCsv(files.read(fileId), options)
      const first = isOwn ? (await batches.next()).value : undefined
      await batches.return(undefined)
      const rows = first?.rows.slice(0, SAMPLE_ROWS) ?? []
      return {
        sample: rows.map(row => row.map(cell => cell.slice(0, SAMPLE_CHARS))),
        encoding,
        delimiter,
        header,
        ...suggestMapping(header, fieldsWith(await attributeDefinitions())),
      }
    } catch (error) {
      throw error instanceof UnreadableTable
        ? invalidField('/file', error.issues[0]!.code, error.message)
        : error
    }
  }

/** Refuses a file that was imported before. Of two imports of it that come at the same time, one is the first. */
const requireFirst = async (db: Db, im: ImportRow) => {
  await db.query(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`import ${im.file_sha256}`}, 0))`)
  const before = await importedBefore(db, im)
  if (before)
    throw ruleViolated(
      'file-imported-before',
      `The same file was imported before: ${before.reference}, on ${before.on}. Say so (again) to import it once more.`,
    )
}

/** Where an import stands whose job failed. */
const beforeWork: Partial<Record<ImportState, ImportState>> = {
  testing: 'cancelled',
  committing: 'paused',
  undoing: 'committed',
}
