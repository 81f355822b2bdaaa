/**
 * One thing wrong with a file that was sent in. `line` counts from 1 as an editor shows it (line breaks inside
 * quotes count, the header is line 1); `column` counts cells from 1, `null` when the whole row is meant.
 * `code` is stable and in kebab-case; `message` says what was found and what would be right.
 */
export type RowIssue = { line: number; column: number | null; code: string; message: string }

/** The file as a whole cannot be read as a table: reading stops at the first place that shows it. */
export class UnreadableTable extends Error {
  readonly issues: readonly RowIssue[]

  constructor(issues: readonly RowIssue[]) {
    super(issues[0]!.message)
    this.name = 'UnreadableTable'
    this.issues = issues
  }
}

export const unreadable = (line: number, column: number | null, code: string, message: string) =>
  new UnreadableTable([{ line, column, code, message }])
