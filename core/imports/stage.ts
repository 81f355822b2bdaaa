import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'
import type { Files } from '../files/index.ts'
import { type Clock, type Ctx, dayOf } from '../kernel/index.ts'
import { type AttributeDefinition, type AttributeDefinitions, attributeKey } from './attributes.ts'
import { fieldsWith } from './fields.ts'
import type { Found, ImportRow, RowIssue } from './model.ts'
import { createRowReader, type RowPlan, STAGED_COLUMNS } from './read-row.ts'
import { type CsvTable, openCsv, type RowBatch } from './reading/csv.ts'
import { UnreadableTable, unreadable } from './reading/issue.ts'
import { type ColumnMap, type Mapping, resolveMapping, suggestMapping } from './reading/mapping.ts'
import { surveyDates, surveyNumbers, surveySex } from './reading/values.ts'

/** Ids by P-code of the areas in which an actor may register people. */
export type AreasFor = (ctx: Ctx) => Promise<ReadonlyMap<string, string>>

export type StagingDeps = {
  db: Db
  files: Files
  clock: Clock
  areasFor: AreasFor
  attributeDefinitions: AttributeDefinitions
}

/** What is found out about a file before its rows are taken in. */
export type Reading = { mapping: Mapping; found: Found }

type Columns = { columns: ColumnMap; attributes: readonly AttributeDefinition[] }

type Facts = Pick<Found, 'dateOrder' | 'decimal' | 'isMFemale'>

/** A chunk is about this much of a file: some five thousand people. */
const CHUNK_BYTES = 500_000

const COPY_ROWS = `COPY imports.staged_rows (${STAGED_COLUMNS.join(', ')}) FROM STDIN`
const COPY_ISSUES =
  'COPY imports.row_issues (import_id, line, severity, column_name, code, message) FROM STDIN'

const open = (files: Files, im: ImportRow): Promise<CsvTable> =>
  openCsv(files.read(im.file_id), { encoding: im.options.encoding, delimiter: im.options.delimiter })

/** The columns of a mapping, and the custom attributes among them; refused when it does not fit the file. */
const mapColumns = (
  header: readonly string[],
  mapping: Mapping,
  definitions: readonly AttributeDefinition[],
): Columns => {
  const { columns, issues } = resolveMapping(header, mapping, fieldsWith(definitions))
  if (issues.length > 0) throw new UnreadableTable(issues)
  return { columns, attributes: definitions.filter(a => columns.has(attributeKey(a))) }
}

/** The columns that hold dates, and those that hold numbers. */
const typedColumns = ({ columns, attributes }: Columns) => {
  const of = (type: AttributeDefinition['type']) =>
    attributes.filter(a => a.type === type).map(a => columns.get(attributeKey(a))!)
  const birth = columns.get('birth_date')
  return { dates: birth === undefined ? of('date') : [birth, ...of('date')], numbers: of('number') }
}

/** Reads on until the columns have told how dates and decimals are written and what M stands for. */
const survey = async (im: ImportRow, table: CsvTable, mapped: Columns): Promise<Facts> => {
  const { dates, numbers } = typedColumns(mapped)
  const sex = mapped.columns.get('sex')
  let { dateOrder, decimal } = im.options
  let asks: number | undefined
  let isDecimalAsked = false
  let isMFemale: boolean | undefined
  for await (const { rows } of table.batches) {
    const cells = (column: number) => rows.map(row => row[column] ?? '')
    isMFemale ??= sex === undefined ? false : surveySex(cells(sex)).isSpanish
    dateOrder ??= surveyDates(dates.flatMap(cells)).order
    asks ??= dates.find(column => surveyDates(cells(column)).isAsked)
    const told = surveyNumbers(numbers.flatMap(cells))
    decimal ??= told.decimal
    isDecimalAsked ||= told.isAsked
    if ((asks === undefined || dateOrder !== undefined) && (!isDecimalAsked || decimal !== undefined)) break
  }
  if (asks !== undefined && dateOrder === undefined)
    throw unreadable(
      1,
      asks + 1,
      'date-order',
      'No date tells whether they are written day/month/year or month/day/year: say which (dateOrder).',
    )
  return { dateOrder, decimal, isMFemale: isMFemale ?? false }
}

/** Text of a row for COPY (PostgreSQL, "COPY", text format). */
const copyLine = (values: readonly (string | number | null)[]): string =>
  `${values.map(v => (v === null ? '\\N' : typeof v === 'number' ? v : escaped(v))).join('\t')}\n`

const escaped = (text: string): string =>
  /[\\\t\n\r]/.test(text)
    ? text.replace(/[\\\t\n\r]/g, c => `\\${c === '\t' ? 't' : c === '\n' ? 'n' : c === '\r' ? 'r' : c}`)
    : text

/** The chunk of a row: households stay together wherever their rows are in the file (FNV-1a). */
const chunkOf = (household: string | null, line: number, chunks: number): number => {
  if (household === null) return line % chunks
  let hash = 0x811c9dc5
  for (let i = 0; i < household.length; i++) hash = Math.imul(hash ^ household.charCodeAt(i), 0x01000193)
  return (hash >>> 0) % chunks
}

export const createStaging = ({ db, files, clock, areasFor, attributeDefinitions }: StagingDeps) => {
  const planFor = async (ctx: Ctx, im: ImportRow, mapped: Columns, found: Found): Promise<RowPlan> => {
    const areas = await areasFor(ctx)
    const { areaCode } = im.options
    if (areaCode !== undefined && !areas.has(areaCode))
      throw unreadable(1, null, 'area', `${areaCode} is no area that you may register people in.`)
    const { header, dateOrder, decimal, isMFemale } = found
    const notation = { dateOrder, decimal }
    return { header, ...mapped, options: im.options, notation, isMFemale, areas, today: dayOf(clock.now()) }
  }

  /** Opens the file, settles the mapping and what the codes in it mean. Throws `UnreadableTable`. */
  const examine = async (im: ImportRow): Promise<Reading> => {
    const table = await open(files, im)
    const { encoding, delimiter, header } = table
    const definitions = await attributeDefinitions()
    const mapping = im.options.mapping ?? suggestMapping(header, fieldsWith(definitions)).mapping
    const mapped = mapColumns(header, mapping, definitions)
    const facts = await survey(im, table, mapped)
    const used = new Set(mapped.columns.values())
    const unmapped = header.filter((_, i) => !used.has(i))
    return { mapping, found: { encoding, delimiter, header, unmapped, ...facts } }
  }

  const textsOf = (
    im: ImportRow,
    batch: RowBatch,
    read: ReturnType<typeof createRowReader>,
    chunks: number,
  ) => {
    const rows: string[] = []
    const issues: string[] = []
    const complain = (issue: RowIssue) => {
      issues.push(copyLine([im.id, issue.line, issue.severity, issue.column, issue.code, issue.message]))
    }
    const ragged = new Map(batch.issues.map(issue => [issue.line, issue]))
    for (const [i, cells] of batch.rows.entries()) {
      const line = batch.lines[i]!
      const values = read(cells, line, ragged.has(line) ? () => {} : complain)
      rows.push(copyLine([im.id, chunkOf(values[0]!, line, chunks), line, ...values]))
    }
    for (const issue of ragged.values()) complain({ ...issue, severity: 'error', column: null })
    return { rows: rows.join(''), issues: issues.join('') }
  }

  /**
   * Reads the file into `imports.staged_rows`. With `isFirst` the issues of its rows and the sizes of its chunks are
   * recorded too; without, they are there already and the rows alone are brought back. `step` is told after every
   * batch how many rows there are, and may throw to stop.
   */
  const stage = async (ctx: Ctx, im: ImportRow, isFirst: boolean, step: (rows: number) => Promise<void>) => {
    const file = await files.get(im.file_id)
    const chunks = Math.max(1, Math.ceil((file?.size ?? 0) / CHUNK_BYTES))
    await db.run(sql`DELETE FROM imports.staged_rows WHERE import_id = ${im.id}`)
    const table = await open(files, im)
    const mapped = mapColumns(table.header, im.mapping!, await attributeDefinitions())
    const read = createRowReader(await planFor(ctx, im, mapped, im.found!))
    let count = 0
    for await (const batch of table.batches) {
      const { rows, issues } = textsOf(im, batch, read, chunks)
      await db.transaction(async () => {
        await db.copyIn(COPY_ROWS, one(rows))
        if (isFirst && issues !== '') await db.copyIn(COPY_ISSUES, one(issues))
      })
      count += batch.rows.length
      await step(count)
    }
    if (isFirst)
      await db.run(sql`
        INSERT INTO imports.chunks (import_id, chunk, rows)
        SELECT import_id, chunk, count(*) FROM imports.staged_rows WHERE import_id = ${im.id} GROUP BY import_id, chunk`)
    return count
  }

  return { examine, stage }
}

export type Staging = ReturnType<typeof createStaging>

async function* one(text: string): AsyncGenerator<string> {
  yield text
}
