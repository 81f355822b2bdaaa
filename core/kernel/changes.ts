import { canonicalJson } from './canonical.ts'

/** Fields of a thing by name. */
export type Fields = Record<string, unknown>

/**
 * What differs between two states of a thing, for its audit entry: the fields that changed and no others, each before
 * and after. A field that one of them lacks counts as null.
 */
export const changesOf = (before: Fields, after: Fields): { before: Fields; after: Fields } => {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    name => canonicalJson([before[name] ?? null]) !== canonicalJson([after[name] ?? null]),
  )
  const only = (fields: Fields) => Object.fromEntries(names.map(name => [name, fields[name] ?? null]))
  return { before: only(before), after: only(after) }
}
