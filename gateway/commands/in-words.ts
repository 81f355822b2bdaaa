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

/** What the system refused, of a file or of a server that does not answer. */
const systemWords = ({ code, path, message }: NodeJS.ErrnoException): string | undefined => {
  switch (code) {
    case 'ENOENT':
      return path && `There is no file ${path}.`
    case 'EISDIR':
      return 'What was given is a directory, not a file.'
    case 'EACCES':
    case 'EPERM':
      return path && `${path} may not be read or written.`
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'ETIMEDOUT':
      return `The database cannot be reached: ${message}.`
    default:
      return undefined
  }
}
