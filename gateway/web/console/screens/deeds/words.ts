import { textOr } from '../../../ui/i18n/index.ts'

/** What the API says of actions, for those that no language has words for here. */
export type Meanings = ReadonlyMap<string, string>

/** What was done, as the second half of a sentence that begins with who did it: `approved a cycle`. */
export const deedOf = (action: string, meanings?: Meanings): string =>
  textOr('deeds', `done.${action}`, meanings?.get(action) ?? action)

/** In which way somebody looked at a person's data, as that person is told. */
export const lookOf = (action: string, told: string): string => textOr('deeds', `looks.${action}`, told)

/** What a type of thing is called, in the plural. */
export const kindOf = (type: string): string => textOr('deeds', `kinds.${type}`, type)

const CAMEL = /_([a-z])/g

/**
 * What a field of a thing is called. Those with a point (`stock.RICE`, `account.bank`) are one of many of their kind,
 * and keep what tells them apart.
 */
export const fieldOf = (field: string): string => {
  const [first = field, ...rest] = field.split('.')
  const known = textOr('deeds', `fields.${first}`, '')
  const name =
    known || textOr('deeds', `fields.${first.replace(CAMEL, (_, c: string) => c.toUpperCase())}`, first)
  return rest.length > 0 ? `${name} · ${rest.join('.')}` : name
}
