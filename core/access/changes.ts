import { canonicalJson } from '../kernel/index.ts'

type State = Record<string, unknown>

/** The fields that differ between two states, as the audit trail keeps them; `undefined` when none does. */
export const changesOf = (before: State, after: State): { before: State; after: State } | undefined => {
  const changed = Object.keys(after).filter(
    key => canonicalJson(before[key] ?? null) !== canonicalJson(after[key] ?? null),
  )
  const only = (state: State) => Object.fromEntries(changed.map(key => [key, state[key] ?? null]))
  return changed.length === 0 ? undefined : { before: only(before), after: only(after) }
}
