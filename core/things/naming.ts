import sql, { type Sql } from 'sql-template-tag'
import { PREFIX, parseReference, type ReferenceKind } from '../kernel/index.ts'
import type { Thing } from './model.ts'

const kinds = Object.keys(PREFIX) as ReferenceKind[]

/** Which things a name may be of: `CY-…` is a cycle, `program:CASH` a program. */
export const readName = (
  things: readonly Thing[],
  name: string,
): { thing: Thing; named: Sql } | undefined => {
  const colon = name.indexOf(':')
  if (colon >= 0) {
    const thing = things.find(t => t.type === name.slice(0, colon) && t.named === 'code')
    return thing && { thing, named: sql`t.code = ${name.slice(colon + 1)}` }
  }
  const kind = kinds.find(k => parseReference(k, name) !== undefined)
  const thing = things.find(t => t.named !== 'code' && kind && t.named.includes(kind))
  return thing && { thing, named: sql`t.ref = ${parseReference(kind!, name)}::bigint AND t.kind = ${kind}` }
}

/** How a thing is named, such as `user:…` or `IN-…`. */
export const formsOf = (thing: Thing): string[] =>
  thing.named === 'code' ? [`${thing.type}:…`] : thing.named.map(kind => `${PREFIX[kind]}-…`)

/**
 * What is wrong with a name that can be of nothing, and what would be right. Says nothing of which things there are, so
 * anybody may be told.
 */
export const misnamed = (things: readonly Thing[], name: string): string => {
  const colon = name.indexOf(':')
  const [type, code] = colon < 0 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)]
  const byReference = things.find(t => t.type === type && t.named !== 'code')
  if (byReference) return `The name of a ${type} is its reference: ${formsOf(byReference).join(' or ')}.`
  const coded = things.filter(t => t.named === 'code').map(t => t.type)
  const prefix = kinds.find(kind => name.toUpperCase().startsWith(`${PREFIX[kind]}-`))
  if (prefix) return `${name} is not a reference: a character of it is missing, too many or wrong.`
  const alike = coded.filter(t => type !== '' && (t.includes(type) || type.includes(t)))
  if (alike.length > 0)
    return `There is no kind of thing called ${type}. Did you mean ${alike.map(t => `${t}:${code}`).join(' or ')}?`
  return `${name} is no name of a thing. It is a reference such as CY-… or IN-…, or a kind and a code: ${coded.map(t => `${t}:`).join(', ')}.`
}
