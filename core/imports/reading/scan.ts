import { type UnreadableTable, unreadable } from './issue.ts'

/** What a table may be at most. Beyond it reading stops: such a file is a mistake or an attack. */
export type Caps = { cellChars: number; columns: number; recordChars: number }

export const DEFAULT_CAPS: Caps = { cellChars: 10_000, columns: 500, recordChars: 100_000 }

/** Records of a block, with the line each begins on. */
export type Scanned = { lines: number[]; rows: string[][] }

const QUOTE = 34
const LF = 10
const CR = 13

/**
 * A CSV scanner (RFC 4180, with any of LF, CR LF and CR as line break) that is fed blocks of text and keeps no more
 * than one unfinished record. It reads text rather than bytes and looks at each character once or twice, and it
 * refuses what exceeds the caps as soon as it shows: general parsers let a record grow to its end first, and
 * count a quoted CR LF as two lines. Blank lines are passed over.
 *
 * Throws `UnreadableTable` with line and column for: cell-too-long, too-many-columns, record-too-long,
 * text-after-quote, unclosed-quote.
 */
export const createScanner = (delimiter: string, caps: Caps = DEFAULT_CAPS) => {
  const comma = delimiter.charCodeAt(0)
  let rest = ''
  let line = 1

  const refuse = (at: number, column: number, code: string, message: string): UnreadableTable =>
    unreadable(at, column, code, `Line ${at}, column ${column}: ${message}`)

  const tooLong = (at: number, column: number) =>
    refuse(
      at,
      column,
      'cell-too-long',
      `a cell has more than ${caps.cellChars} characters (a missing quote?).`,
    )

  const breaksIn = (cell: string): number => {
    if (!cell.includes('\n') && !cell.includes('\r')) return 0
    return cell.match(/\r\n?|\n/g)!.length
  }

  /**
   * Reads one record of `text` from `from` into `cells`. Gives the position after it, or -1 when the text ends
   * before the record does (never when `isLast`). `state.line` moves on over line breaks in quotes.
   */
  const readRecord = (
    text: string,
    from: number,
    isLast: boolean,
    cells: string[],
    state: { line: number },
  ) => {
    const end = text.length
    let at = from
    for (;;) {
      const column = cells.length + 1
      if (column > caps.columns)
        throw refuse(state.line, column, 'too-many-columns', `there are more than ${caps.columns} columns.`)
      let stop: number
      if (at < end && text.charCodeAt(at) === QUOTE) {
        const close = closingQuote(text, at + 1)
        if (close < 0 && isLast)
          throw refuse(state.line, column, 'unclosed-quote', 'a quote is opened here and never closed.')
        if ((close < 0 ? end : close) - at > caps.cellChars + 1) throw tooLong(state.line, column)
        if (close < 0 || (close === end - 1 && !isLast)) return -1
        const cell = text.slice(at + 1, close)
        cells.push(cell.includes('"') ? cell.replaceAll('""', '"') : cell)
        stop = close + 1
        const after = stop < end ? text.charCodeAt(stop) : LF
        if (after !== comma && after !== LF && after !== CR)
          throw refuse(state.line, column, 'text-after-quote', 'a closing quote is followed by more text.')
        state.line += breaksIn(cell)
      } else {
        stop = at
        for (let c = 0; stop < end; stop++) {
          c = text.charCodeAt(stop)
          if (c === comma || c === LF || c === CR) break
        }
        if (stop - at > caps.cellChars) throw tooLong(state.line, column)
        if (stop === end && !isLast) return -1
        cells.push(text.slice(at, stop))
      }
      if (stop - from > caps.recordChars)
        throw refuse(state.line, column, 'record-too-long', `the row exceeds ${caps.recordChars} characters.`)
      if (stop >= end) return end
      if (text.charCodeAt(stop) === comma) {
        at = stop + 1
        continue
      }
      if (text.charCodeAt(stop) === LF) return stop + 1
      if (stop === end - 1 && !isLast) return -1
      return text.charCodeAt(stop + 1) === LF ? stop + 2 : stop + 1
    }
  }

  return {
    /** Takes the next block; `isLast` completes the record that the file ends in. */
    push(block: string, isLast: boolean): Scanned {
      const text = rest + block
      const scanned: Scanned = { lines: [], rows: [] }
      const state = { line }
      let at = 0
      while (at < text.length) {
        const cells: string[] = []
        state.line = line
        const next = readRecord(text, at, isLast, cells, state)
        if (next < 0) break
        if (cells.some(cell => cell !== '')) {
          scanned.lines.push(line)
          scanned.rows.push(cells)
        }
        line = state.line + 1
        at = next
      }
      rest = text.slice(at)
      return scanned
    },
  }
}

/** Where the quote that closes a cell is, passing over doubled ones; -1 when the text ends before. */
const closingQuote = (text: string, from: number): number => {
  let at = text.indexOf('"', from)
  while (at >= 0 && text.charCodeAt(at + 1) === QUOTE) at = text.indexOf('"', at + 2)
  return at
}
