/** Pages of ours that say themselves what went wrong, by the error. */
const tellers = new WeakMap<object, string>()

/**
 * Leaves it to a page of ours (a path of this origin) to tell a browser of an error: it is sent there, with what was
 * wrong as the query parameter `refused`. Returns the error, to be thrown.
 */
export const toldBy = (path: string, error: unknown): unknown => {
  if (error instanceof Error) tellers.set(error, path)
  return error
}

/** Where the page is that tells of an error of this rule; undefined when none does. */
export const tellerOf = (error: unknown, rule: string): string | undefined => {
  const path = error instanceof Error ? tellers.get(error) : undefined
  if (path === undefined) return undefined
  const page = new URL(path, 'https://here.invalid')
  page.searchParams.set('refused', rule)
  return page.pathname + page.search + page.hash
}
