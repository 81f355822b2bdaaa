import { DomainError } from '#core/kernel/index.ts'
import { ConfigError } from '../config.ts'

/**
 * What a person is told when a command fails: the words of an error that says what to do, or that comes from the system
 * or the database (it has a code); of anything else, which is ours to mend, where it happened.
 */
export const inWords = (error: unknown): string => {
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error
  if (!(cause instanceof Error)) return String(cause)
  const ofSystem = systemWords(cause as NodeJS.ErrnoException)
  if (ofSystem) return ofSystem
  const hasCode = typeof (cause as { code?: unknown }).code === 'string'
  const isPlain = cause instanceof ConfigError || cause instanceof DomainError || hasCode
  return isPlain ? cause.message : (cause.stack ?? cause.message)
}

const ON_FILES: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: path => `There is no file ${path}.`,
  EACCES: path => `${path} may not be read or written.`,
  EPERM: path => `${path} may not be read or written.`,
}
const UNREACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT'])

/** What the system refused, of a file or of a server that does not answer. */
const systemWords = ({ code = '', path, message }: NodeJS.ErrnoException): string | undefined => {
  if (code === 'EISDIR') return 'What was given is a directory, not a file.'
  if (UNREACHED.has(code)) return `The database cannot be reached: ${message}.`
  return path === undefined ? undefined : ON_FILES[code]?.(path)
}
