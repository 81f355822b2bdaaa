import { violated } from '../db/index.ts'
import { conflict } from '../kernel/index.ts'

/** For `catch`: a name that is taken is a `conflict` with the rule `<field>-taken`. */
export const unique = (field: string, value: string) => (error: unknown) => {
  if (violated(error)) throw conflict(`There is an account named ${value} already.`, `${field}-taken`)
  throw error
}
