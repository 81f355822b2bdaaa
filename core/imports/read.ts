import sql, { empty, type Sql } from 'sql-template-tag'
import {
  MASKABLE,
  ownOrVisible,
  type Permission,
  requirePermission,
  requireUnmasked,
} from '../access/index.ts'
import type { Approvals, Clearance } from '../approvals/index.ts'
import type { Audit } from '../audit/index.ts'
import { type Db, type Sortable, type SortKey, sorted } from '../db/index.ts'
import type { Files } from '../files/index.ts'
import {
  type Ctx,
  conflict,
  csvLine,
  notFound,
  type Page,
  type PageRequest,
  refFromPath,
} from '../kernel/index.ts'
import { submissionOf } from './approval.ts'
import type { AttributeDefinitions } from './attributes.ts'
import { fieldsWith, templateOf } from './fields.ts'
import type { ImportRow, ImportState, ImportView, IssueKind, RowIssue, Severity } from './model.ts'
import { openCsv } from './reading/csv.ts'
import { normalizeHeader, type TargetField } from './reading/mapping.ts'
import { present } from './store.ts'

/** An import is its maker's business, and of those who may see imports of every area. */
const mine = (ctx: Ctx, permission: Permission): Sql => ownOrVisible(ctx, permission, sql`created_by`)

/** The import behind a reference, for an actor who may reach it. `lock`: what follows in the statement. */
export const findImport = async (
  db: Db,
  ctx: Ctx,
  permission: Permission,
  reference: string,
  lock: Sql = empty,
): Promise<ImportRow> => {
  const row = await db.one<ImportRow>(sql`
    SELECT * FROM imports.imports WHERE ref = ${refFromPath('import', reference)} AND ${mine(ctx, permission)} ${lock}`)
  if (!row) throw notFound('import')
  return row
}

/** The last column of a file of bad rows. Left out again when such a file comes back. */
const REASONS = 'reasons'
const ISSUES_AT_ONCE = 2000

/** `mine`: those that the actor began. */
export type ImportFilter = { state?: ImportState | undefined; mine?: boolean | undefined }

export type IssueFilter = { severity?: Severity | undefined; code?: string | undefined }

/** An import by itself. `approval`: how a tested one stands with it; null where nobody has to approve it. */
export type ImportDetail = ImportView & { approval: Clearance | null }

const id = { by: sql`id`, as: 'uuid' } as const
const IMPORTS: Sortable = {
  columns: {
    createdAt: id,
    fileName: { by: sql`file_name`, as: 'name' },
    state: { by: sql`state`, as: 'code' },
    createdBy: { by: sql`created_by_name`, as: 'name' },
  },
  tie: id,
  otherwise: '-createdAt',
}
const ISSUES: Sortable = {
  columns: { line: { by: sql`line`, as: 'number' } },
  tie: { by: sql`id`, as: 'number' },
  otherwise: 'line',
}

type Deps = {
  db: Db
  files: Files
  audit: Audit
  approvals: Pick<Approvals, 'clearanceOf'>
  attributeDefinitions: AttributeDefinitions
}

export const readImports = ({ db, files, audit, approvals, attributeDefinitions }: Deps) => {
  /** Line by line in order, what keeps rows out of the registry. */
  async function* reasonsByLine(im: ImportRow): AsyncGenerator<{ line: number; reasons: string }> {
    let after = 0
    for (;;) {
      const rows = await db.query<{ line: number; reasons: string }>(sql`
        SELECT line, string_agg(concat_ws(': ', column_name, message), ' | ' ORDER BY id) AS reasons
        FROM imports.row_issues
        WHERE import_id = ${im.id} AND line > ${after} AND severity <> 'warning'
        GROUP BY line ORDER BY line LIMIT ${ISSUES_AT_ONCE}`)
      yield* rows
      if (rows.length < ISSUES_AT_ONCE) return
      after = rows.at(-1)!.line
    }
  }

  async function* badRowsOf(im: ImportRow): AsyncGenerator<string> {
    const { encoding, delimiter } = im.found!
    const table = await openCsv(files.read(im.file_id), { encoding, delimiter })
    const old = table.header.findIndex(name => normalizeHeader(name) === REASONS)
    const textOf = (cells: readonly string[], reasons: string) =>
      csvLine([...cells.filter((_, i) => i !== old), reasons], delimiter)

    const bad = reasonsByLine(im)
    let next = (await bad.next()).value
    yield `\ufeff${textOf(table.header, REASONS)}`
    for await (const batch of table.batches) {
      let text = ''
      for (const [i, line] of batch.lines.entries()) {
        if (line !== next?.line) continue
        text += textOf(batch.rows[i]!, next.reasons)
        next = (await bad.next()).value
      }
      if (text !== '') yield text
      if (!next) return
    }
  }

  return {
    get: async (ctx: Ctx, reference: string): Promise<ImportDetail> => {
      requirePermission(ctx, 'import:read')
      const im = await findImport(db, ctx, 'import:read', reference)
      const approval = im.state === 'tested' ? await approvals.clearanceOf('import', submissionOf(im)) : null
      return { ...present(im), approval }
    },

    /** What registrants have as their source that an import added, for whoever may see the import. */
    sourceIdOf: async (ctx: Ctx, reference: string): Promise<string> => {
      requirePermission(ctx, 'import:read')
      return (await findImport(db, ctx, 'import:read', reference)).id
    },

    /** Newest first, unless sorted otherwise. */
    list: async (ctx: Ctx, filter: ImportFilter, page: PageRequest): Promise<Page<ImportView>> => {
      requirePermission(ctx, 'import:read')
      const list = sorted(IMPORTS, page)
      const rows = await db.query<ImportRow & SortKey>(sql`
        SELECT * ${list.key} FROM imports.imports WHERE ${mine(ctx, 'import:read')}
          ${filter.state ? sql`AND state = ${filter.state}` : empty}
          ${filter.mine === undefined ? empty : sql`AND (created_by = ${ctx.actor.id}) = ${filter.mine}`}
          ${list.after}
        ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
      const { items, next } = list.page<ImportRow>(rows)
      return { items: items.map(present), next }
    },

    /** What was found about rows, in the order of the file; of one severity or one kind when asked. */
    issues: async (
      ctx: Ctx,
      reference: string,
      filter: IssueFilter,
      page: PageRequest,
    ): Promise<Page<RowIssue>> => {
      requirePermission(ctx, 'import:read')
      requireUnmasked(ctx, 'import:read', MASKABLE)
      const im = await findImport(db, ctx, 'import:read', reference)
      const list = sorted(ISSUES, page)
      const rows = await db.query<RowIssue & SortKey>(sql`
        SELECT line, severity, column_name AS "column", code, message ${list.key}
        FROM imports.row_issues WHERE import_id = ${im.id}
          ${filter.severity ? sql`AND severity = ${filter.severity}` : empty}
          ${filter.code ? sql`AND code = ${filter.code}` : empty}
          ${list.after}
        ORDER BY ${list.order} LIMIT ${page.limit + 1}`)
      return list.page<RowIssue>(rows)
    },

    /** How many rows have which kind of issue, what keeps rows out first. */
    issueKinds: async (ctx: Ctx, reference: string): Promise<IssueKind[]> => {
      requirePermission(ctx, 'import:read')
      const im = await findImport(db, ctx, 'import:read', reference)
      return db.query<IssueKind>(sql`
        SELECT severity, code, count(DISTINCT line)::int AS rows FROM imports.row_issues WHERE import_id = ${im.id}
        GROUP BY severity, code
        ORDER BY array_position(ARRAY['error', 'conflict', 'held', 'warning'], severity), rows DESC, code`)
    },

    /**
     * The rows that are kept out of the registry, as a CSV file of the same shape with one more column that says
     * why, in pieces of text (UTF-8 with a byte-order mark). Cells that a spreadsheet would take for a formula are
     * led by an apostrophe, which an import of the corrected file takes off again.
     */
    badRows: async (ctx: Ctx, reference: string): Promise<AsyncGenerator<string>> => {
      requirePermission(ctx, 'import:read')
      requireUnmasked(ctx, 'import:read', MASKABLE)
      const im = await findImport(db, ctx, 'import:read', reference)
      if (!im.found || im.state === 'refused' || im.state === 'testing')
        throw conflict(`The import is ${im.state}: its rows are not known.`, 'import-state')
      await audit.record(ctx, { action: 'import.download-bad-rows', subject: { type: 'import', id: im.id } })
      return badRowsOf(im)
    },

    /** The fields that columns can be mapped to, and a file to fill in: the header and an example (CSV). */
    template: async (): Promise<{ fields: readonly TargetField[]; csv: string }> => {
      const fields = fieldsWith(await attributeDefinitions())
      return { fields, csv: templateOf(fields) }
    },
  }
}
