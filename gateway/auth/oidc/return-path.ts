import { invalidField } from '#core/kernel/index.ts'

const MAX_LENGTH = 500
/** Somewhere to resolve against that nobody can be. */
const HERE = 'https://here.invalid'

/**
 * Where a browser goes after the sign-in: an absolute path of this origin, query and fragment included. Browsers read
 * `//host`, `/\host` and paths with tabs or line ends inside as another host; none of them is taken, and neither is a
 * path that becomes one when its dots are resolved. Throws `invalid`.
 */
export const returnPathOf = (given: string | undefined): string => {
  const path = given ?? '/'
  const url = /^\/[\x21-\x5b\x5d-\x7e]*$/.test(path) ? URL.parse(path, HERE) : null
  if (path.length > MAX_LENGTH || url?.origin !== HERE || url.pathname.startsWith('//'))
    throw invalidField('/query/return', 'return', 'Return to a path of this installation, such as /start.')
  return path
}
