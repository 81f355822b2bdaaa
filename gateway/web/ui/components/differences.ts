/** How a field differs from one state of a thing to another. */
export type Change =
  | { field: string; kind: 'added'; after: unknown }
  | { field: string; kind: 'removed'; before: unknown }
  | { field: string; kind: 'changed'; before: unknown; after: unknown }

type State = Readonly<Record<string, unknown>> | null

/** The same value, whatever the order of the fields of its objects. */
export const isSame = (one: unknown, other: unknown): boolean => {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [ours, theirs] = [one as Record<string, unknown>, other as Record<string, unknown>]
  const keys = Object.keys(ours)
  return (
    keys.length === Object.keys(theirs).length &&
    keys.every(key => key in theirs && isSame(ours[key], theirs[key]))
  )
}

/** Nothing is nothing, however it is written. */
const isNothing = (value: unknown): boolean => value === undefined || value === null || value === ''

/** The fields in which two states differ, in the order of the later one, then what is gone. */
export const differences = (before: State, after: State): Change[] => {
  const fields = new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})])
  return [...fields].flatMap((field): Change[] => {
    const was = before?.[field]
    const is = after?.[field]
    if (isSame(was, is) || (isNothing(was) && isNothing(is))) return []
    if (isNothing(was)) return [{ field, kind: 'added', after: is }]
    if (isNothing(is)) return [{ field, kind: 'removed', before: was }]
    return [{ field, kind: 'changed', before: was, after: is }]
  })
}
