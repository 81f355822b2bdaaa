import { DomainError, type Issue } from '../kernel/index.ts'
import {
  type CheckedRecord,
  checkRecord,
  decideRecord,
  type FactTypes,
  type FactValues,
} from '../targeting/index.ts'

/** When a policy applies: checked CEL over the facts of its subjects, or `null` for always. */
export type Condition = CheckedRecord | null

/** What is wrong with a condition, at `/condition`, with line and column. */
export const conditionIssues = (text: string, facts: FactTypes): readonly Issue[] => {
  try {
    conditionOf(text, facts)
    return []
  } catch (error) {
    if (error instanceof DomainError) return error.issues
    throw error
  }
}

/** A condition that was saved, ready for use. */
export const conditionOf = (text: string, facts: FactTypes): Condition =>
  text.trim() === '' ? null : checkRecord(text, facts, '/condition')

/** Whether it holds for these facts. What is not known makes it neither true nor false: it does not hold. */
export const holds = (condition: Condition, facts: FactValues, today: string): boolean =>
  condition === null || decideRecord(condition, facts, today) === 'true'
