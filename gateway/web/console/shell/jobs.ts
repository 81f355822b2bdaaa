import { api, dataOf } from '../../ui/api/client.ts'
import type { AnswerOf } from '../../ui/api/queries.ts'
import { textNow, textOr } from '../../ui/i18n/index.ts'

/** Long work, as the API tells of it. */
export type Job = AnswerOf<'/api/v1/jobs/{reference}'>

/** Whether nothing more will come of it. */
export const isOver = ({ state }: Pick<Job, 'state'>): boolean => !['waiting', 'running'].includes(state)

/** What kind of work it is, in words. The texts of `jobs` have to be there. */
export const kindOf = (kind: string): string => textOr('jobs', `kinds.${kind}`, textNow('jobs')('otherKind'))

/** Asks a job to stop at its next safe point. */
export const cancelJob = (reference: string): Promise<Job> =>
  dataOf(api.POST('/api/v1/jobs/{reference}/cancel', { params: { path: { reference } } }))

/** What came of it, number by number: those that have a name. */
export const countsOf = ({ result }: Pick<Job, 'result'>): { key: string; n: number }[] =>
  typeof result !== 'object' || result === null
    ? []
    : Object.entries(result)
        .filter((entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] > 0)
        .map(([key, n]) => ({ key, n }))
        .filter(({ key }) => textOr('jobs', `results.${key}`, '') !== '')
