import { pgCode } from '../db/index.ts'
import { conflict } from '../kernel/index.ts'

/** SQLSTATE, PostgreSQL appendix A. */
const UNIQUE_VIOLATION = '23505'

/** For `catch`: a name that is taken is a `conflict` with the rule `<field>-taken`. */
export const unique = (field: string, value: string) => (error: unknown) => {
  if (pgCode(error) === UNIQUE_VIOLATION)
    throw conflict(`There is an account named ${value} already.`, `${field}-taken`)
  throw error
}
