import type { FieldError } from '../api/problem.ts'

/** Errors at the fields that show them, and those that no field shows. */
export type PlacedErrors = {
  /** By the pointer of the field. */
  fields: Readonly<Record<string, string>>
  rest: readonly string[]
}

/**
 * Leads each error to the field it is of: the one whose pointer is its own, else the nearest one around it, so that
 * `/area/code` is shown at the field `/area`. A field shows its first error alone.
 */
export const placeErrors = (errors: readonly FieldError[], known: ReadonlySet<string>): PlacedErrors => {
  const fields: Record<string, string> = {}
  const rest: string[] = []
  for (const { pointer, detail } of errors) {
    const place = nearest(pointer, known)
    if (place === undefined) rest.push(detail)
    else fields[place] ??= detail
  }
  return { fields, rest }
}

const nearest = (pointer: string, known: ReadonlySet<string>): string | undefined => {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    if (known.has(at)) return at
    if (!at.includes('/')) return undefined
  }
  return undefined
}

/** One step of a JSON pointer (RFC 6901). */
export const pointerStep = (name: string | number): string =>
  `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`
