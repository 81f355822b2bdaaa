import type { AnswerOf } from '../../../ui/api/queries.ts'

export type Fund = AnswerOf<'/api/v1/funds/{code}'>

/** What is left first: then what is promised, what was paid, and the sum of all three. */
export const BALANCES = ['available', 'committed', 'disbursed', 'allocated'] as const
