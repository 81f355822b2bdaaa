import { DomainError, type Issue } from '#core/kernel/index.ts'
import type { Span } from './syntax.ts'

/** What is wrong with an expression, for machines. `limit`: too long, too deep or too large. */
export type ProblemCode = 'syntax' | 'unknown-name' | 'unknown-function' | 'type' | 'value' | 'limit'

/** One thing wrong at one place of the source. `hint` says what would be right. */
export type Problem = Span & { code: ProblemCode; detail: string; hint?: string | undefined }

/** Line and column (both from 1; columns in UTF-16 units, as editors count) of an offset. */
export const positionOf = (source: string, offset: number): { line: number; column: number } => {
  const before = source.slice(0, offset).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

/** The refusal of an expression: `invalid`, an issue per problem, at `pointer` in what the caller sent. */
export const refusal = (source: string, problems: readonly Problem[], pointer: string): DomainError => {
  const issues = problems.map((problem): Issue => {
    const { line, column } = positionOf(source, problem.start)
    const hint = problem.hint === undefined ? '' : ` ${problem.hint}`
    return { pointer, code: problem.code, detail: `Line ${line}, column ${column}: ${problem.detail}${hint}` }
  })
  return new DomainError('invalid', 'The expression cannot be used as it is.', { issues })
}

/** Stops at a problem that nothing after it can be read past. */
export class Halt extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** Edits (insert, delete, replace, swap neighbours) from one word to another. */
const distance = (a: string, b: string): number => {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)])
  for (let j = 0; j <= b.length; j++) rows[0]![j] = j
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1)
      rows[i]![j] = best
    }
  return rows[a.length]![b.length]!
}

/** "Did you mean …?" with the nearest of the words that exist, or the list of them when none is near. */
export const didYouMean = (written: string, words: Iterable<string>): string | undefined => {
  const known = [...words]
  if (known.length === 0) return undefined
  const word = written.slice(0, 64).toLowerCase()
  const near = known
    .map(candidate => ({ candidate, edits: distance(word, candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.edits - b.edits)
  if (near[0]) return `Did you mean "${near[0].candidate}"?`
  const shown = known.slice(0, 24)
  return `There are: ${shown.join(', ')}${known.length > shown.length ? ', …' : ''}.`
}
