import { decodeText, type Encoding } from './decode.ts'
import { type RowIssue, UnreadableTable, unreadable } from './issue.ts'
import { normalizeHeader } from './mapping.ts'
import { type Caps, createScanner, DEFAULT_CAPS, type Scanned } from './scan.ts'

export type Delimiter = ',' | ';' | '\t' | '|'

/** About this many rows are handed on at a time. */
const BATCH_ROWS = 2000

/** Blocks are joined up to this size, so that a record is looked at twice at most. */
const BLOCK_CHARS = 128 * 1024

/**
 * Rows as they stand in the file: `lines[i]` is the line on which `rows[i]` begins. Rows with more or fewer cells
 * than the header are kept as they are, and are in `issues` (code `ragged-row`).
 */
export type RowBatch = Scanned & { issues: RowIssue[] }

export type CsvTable = {
  encoding: Encoding
  delimiter: Delimiter
  header: string[]
  batches: AsyncGenerator<RowBatch, void, undefined>
}

export type CsvOptions = {
  encoding?: Encoding | undefined
  delimiter?: Delimiter | undefined
  caps?: Caps | undefined
}

const DELIMITERS: readonly Delimiter[] = [',', ';', '\t', '|']

/** The delimiter that occurs most often in the first line, outside quotes; a comma when none does. */
const detectDelimiter = (text: string): Delimiter => {
  const firstLine = /^(?:"(?:[^"]|"")*"|[^\r\n"]|")*/.exec(text.trimStart().slice(0, 20_000))![0]
  const plain = firstLine.replace(/"(?:[^"]|"")*"/g, '')
  const counts = DELIMITERS.map(d => plain.split(d).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!
}

/** Joins small blocks of text; the last one is marked. */
async function* blocksOf(text: AsyncIterable<string>): AsyncGenerator<{ block: string; isLast: boolean }> {
  let block = ''
  for await (const part of text) {
    block += part
    if (block.length < BLOCK_CHARS) continue
    yield { block, isLast: false }
    block = ''
  }
  yield { block, isLast: true }
}

/** Every column must have a name, and each name once (case, accents and punctuation do not tell names apart). */
const checkHeader = (header: readonly string[], line: number) => {
  const seen = new Map<string, number>()
  const issues: RowIssue[] = []
  for (const [i, name] of header.entries()) {
    const column = i + 1
    const key = normalizeHeader(name)
    const earlier = seen.get(key)
    if (name.trim() === '')
      issues.push({
        line,
        column,
        code: 'header-missing',
        message: `Column ${column} has no name in the header.`,
      })
    else if (earlier !== undefined)
      issues.push({
        line,
        column,
        code: 'header-duplicate',
        message: `Columns ${earlier} and ${column} have the same name, ${JSON.stringify(name.trim())}.`,
      })
    else seen.set(key, column)
  }
  if (issues.length > 0) throw new UnreadableTable(issues)
}

const raggedIn = (scanned: Scanned, width: number): RowIssue[] => {
  const issues: RowIssue[] = []
  for (const [i, row] of scanned.rows.entries()) {
    if (row.length === width) continue
    const message = `The row has ${row.length} cells, the header has ${width}.`
    issues.push({ line: scanned.lines[i]!, column: null, code: 'ragged-row', message })
  }
  return issues
}

/**
 * Reads a CSV file: encoding and delimiter are detected unless given, the header is checked, and the rows come in
 * batches with their line numbers. Memory is bounded by the blocks of `bytes` and the caps, whatever the file
 * holds.
 *
 * Throws `UnreadableTable`, here or while the batches are read, for: empty-file, no-rows (only a header),
 * header-missing, header-duplicate, and what `decodeText` and `createScanner` refuse.
 */
export const openCsv = async (
  bytes: AsyncIterable<Uint8Array>,
  options: CsvOptions = {},
): Promise<CsvTable> => {
  const { encoding, text } = await decodeText(bytes, options)
  const blocks = blocksOf(text)
  let { block, isLast } = (await blocks.next()).value!
  const delimiter = options.delimiter ?? detectDelimiter(block)
  const scanner = createScanner(delimiter, options.caps ?? DEFAULT_CAPS)
  let first: Scanned
  try {
    first = scanner.push(block, isLast)
    while (first.rows.length === 0 && !isLast) {
      ;({ block, isLast } = (await blocks.next()).value!)
      first = scanner.push(block, isLast)
    }
    if (first.rows.length === 0) throw unreadable(1, null, 'empty-file', 'The file is empty.')
    checkHeader(first.rows[0]!, first.lines[0]!)
  } catch (e) {
    await blocks.return(undefined)
    throw e
  }
  const header = first.rows[0]!.map(name => name.trim())

  async function* batches(): AsyncGenerator<RowBatch, void, undefined> {
    let waiting: Scanned = { lines: first.lines.slice(1), rows: first.rows.slice(1) }
    let count = 0
    const handOn = (): RowBatch => {
      count += waiting.rows.length
      const batch = { ...waiting, issues: raggedIn(waiting, header.length) }
      waiting = { lines: [], rows: [] }
      return batch
    }
    for await (const { block, isLast } of blocks) {
      if (waiting.rows.length >= BATCH_ROWS) yield handOn()
      const scanned = scanner.push(block, isLast)
      waiting = { lines: waiting.lines.concat(scanned.lines), rows: waiting.rows.concat(scanned.rows) }
    }
    if (waiting.rows.length > 0) yield handOn()
    if (count === 0) throw unreadable(1, null, 'no-rows', 'The file has a header and no rows.')
  }
  return { encoding, delimiter, header, batches: batches() }
}
