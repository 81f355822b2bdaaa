import type { RowOf } from '../../../ui/api/list.ts'
import type { AnswerOf } from '../../../ui/api/queries.ts'
import { textOr } from '../../../ui/i18n/index.ts'

/** An import, as the API tells of it. */
export type Import = AnswerOf<'/api/v1/imports/{reference}'>
export type ImportState = Import['state']
export type Issue = RowOf<'/api/v1/imports/{reference}/issues'>
export type IssueKind = AnswerOf<'/api/v1/imports/{reference}/issue-kinds'>['items'][number]
/** A field of the registry that a column can be mapped to. */
export type TargetField = AnswerOf<'/api/v1/imports/fields'>['items'][number]

/** What a test found the file to be, as far as it is shown. */
export type Found = {
  encoding: string
  delimiter: string
  header: readonly string[]
  unmapped: readonly string[]
}

/** How a file is read where it does not tell by itself. */
export type Options = {
  encoding?: string
  delimiter?: string
  country?: string
  dateOrder?: string
  decimal?: string
  identifierType?: string
  areaCode?: string
  groupType?: string
  keep?: readonly string[]
}

export const STATES = [
  'testing',
  'tested',
  'refused',
  'cancelled',
  'committing',
  'paused',
  'committed',
  'undoing',
  'undone',
] as const satisfies readonly ImportState[]

export const foundOf = ({ found }: Pick<Import, 'found'>): Found | undefined =>
  (found ?? undefined) as Found | undefined

export const optionsOf = ({ options }: Pick<Import, 'options'>): Options => options as Options

/** Where an import stands whose job came to an end without having ended what it was for. */
const BEFORE: Partial<Record<ImportState, ImportState>> = {
  testing: 'cancelled',
  committing: 'paused',
  undoing: 'committed',
}

/** Whether a job is at work on it. */
export const isAtWork = (state: ImportState): boolean => BEFORE[state] !== undefined

/** The state of an import, its job considered: of one whose job failed, that from which one can go on. */
export const standing = (
  state: ImportState,
  job: { reference: string; state: string } | undefined,
): ImportState => (job && ['failed', 'cancelled'].includes(job.state) ? (BEFORE[state] ?? state) : state)

/** What a field is called: ours in the language of whoever reads, custom attributes as they were named. */
export const fieldLabel = (key: string, label = key.slice(key.lastIndexOf(':') + 1)): string =>
  key.includes(':') ? label : textOr('imports', `fields.${key}`, label)

/** What kind of issue a code stands for. */
export const issueKind = (code: string): string =>
  textOr('imports', `issues.${code}`, textOr('imports', 'issues.other', code))
