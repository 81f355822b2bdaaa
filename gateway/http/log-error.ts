const SAFE = [
  'name',
  'message',
  'stack',
  'code',
  'rule',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'routine',
]

/**
 * What the log keeps of an error: where it happened and what broke, but none of the values that drivers hang on
 * theirs (`detail`, `parameters`, `sql`), which may be personal. A PostgreSQL message may quote a value: cut out.
 */
export const loggable = (error: unknown): unknown => {
  if (!(error instanceof Error)) return { type: typeof error }
  const known = SAFE.flatMap(name => {
    const value = (error as unknown as Record<string, unknown>)[name]
    return typeof value === 'string'
      ? [[name, name === 'message' || name === 'stack' ? unquoted(value) : value]]
      : []
  })
  return {
    ...Object.fromEntries(known),
    ...(error.cause === undefined ? {} : { cause: loggable(error.cause) }),
  }
}

/** `invalid input syntax for type uuid: "Abebe"` without the value. */
const unquoted = (text: string) => text.replace(/(: )"[^"\n]*"/g, '$1"…"')
