import { textOr } from '../../../ui/i18n/index.ts'

/** Every kind of thing that is approved: what one chooses from. */
export const SUBJECTS = ['cycle', 'payment-batch', 'import'] as const

/** What a kind of thing is called; its code where a module offers another. Needs the texts of `approval-words`. */
export const subjectName = (type: string): string => textOr('approval-words', `subjects.${type}`, type)
