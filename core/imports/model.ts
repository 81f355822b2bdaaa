import type { ColumnKey } from './fields.ts'
import type { Delimiter } from './reading/csv.ts'
import type { DateOrder } from './reading/dates.ts'
import type { Encoding } from './reading/decode.ts'
import type { Mapping } from './reading/mapping.ts'
import type { DecimalMark } from './reading/values.ts'

/** How a file is to be read where the file itself cannot tell, and what is done with people who are known already. */
export type ImportOptions = {
  encoding?: Encoding | undefined
  delimiter?: Delimiter | undefined
  /** Column for each field; suggested by the headers when absent. */
  mapping?: Mapping | undefined
  /** Country of phone numbers without a country code (ISO 3166-1 alpha-2). */
  country?: string | undefined
  /** Order of day and month, for a column whose dates do not tell. */
  dateOrder?: DateOrder | undefined
  /** What separates decimals, for numbers that do not tell (1,234). */
  decimal?: DecimalMark | undefined
  /** Type of identifiers in a file without a column for it. `national_id` unless given. */
  identifierType?: string | undefined
  /** Area of rows without one. */
  areaCode?: string | undefined
  /** What the rows of one household key are in the registry. `household` unless given. */
  groupType?: 'household' | 'family' | undefined
  /** Fields that stay as they are for people who are in the registry already. */
  keep?: readonly ColumnKey[] | undefined
}

/** `skipInvalid`: leave households with errors out; `again`: though the same file was imported before. */
export type CommitOptions = { skipInvalid?: boolean | undefined; again?: boolean | undefined }

/** `refused`: the file cannot be read or a question must be answered first; `paused`: partly committed. */
export type ImportState =
  | 'testing'
  | 'tested'
  | 'refused'
  | 'cancelled'
  | 'committing'
  | 'paused'
  | 'committed'
  | 'undoing'
  | 'undone'

/** What the file turned out to be. */
export type Found = {
  encoding: Encoding
  delimiter: Delimiter
  header: string[]
  unmapped: string[]
  dateOrder: DateOrder | undefined
  decimal: DecimalMark | undefined
  /** M stands for mujer or mulher, because others are H. */
  isMFemale: boolean
}

/** Counts of rows, except `households`. After a test what would happen; after a commit what did. */
export type Totals = {
  rows: number
  households: number
  create: number
  update: number
  leftOut: number
  errors: number
  conflicts: number
  held: number
  warnings: number
}

export type Severity = 'error' | 'conflict' | 'held' | 'warning'

/** Something about one row. `column` is the header in the file, `null` when the row as a whole is meant. */
export type RowIssue = {
  line: number
  severity: Severity
  column: string | null
  code: string
  message: string
}

/** How many rows have one kind of issue. */
export type IssueKind = { severity: Severity; code: string; rows: number }

export type ImportView = {
  reference: string
  state: ImportState
  /** Id of the stored file. */
  file: string
  fileName: string
  options: ImportOptions
  mapping: Mapping | null
  found: Found | null
  totals: Totals | null
  /** Reference of the job that works on it, or did last. */
  job: string
  createdBy: string
  createdAt: Date
  finishedAt: Date | null
}

/** An import as the use cases see it. */
export type ImportRow = {
  id: string
  ref: string
  file_id: string
  file_name: string
  file_sha256: string | null
  state: ImportState
  options: ImportOptions
  mapping: Mapping | null
  found: Found | null
  totals: Totals | null
  job: string
  created_by: string
  created_by_name: string
  created_at: Date
  finished_at: Date | null
}
