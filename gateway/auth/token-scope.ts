import { PERMISSIONS } from '#core/access/index.ts'
import { type Actor, DomainError } from '#core/kernel/index.ts'

const KNOWN = new Set<string>(PERMISSIONS)

/** All that an account may do somewhere, in alphabetical order. */
export const scopeOf = (actor: Actor): string[] =>
  [...new Set(actor.grants.flatMap(g => [...g.permissions]))].toSorted()

/**
 * The permissions that a client asks a token for: `resource:action`, separated by spaces (RFC 6749 section 3.3).
 * Undefined when it does not say, for all that it holds at any time. Throws `invalid` (`invalid-scope`).
 */
export const requestedScope = (actor: Actor, asked: string | undefined): string[] | undefined => {
  if (!asked) return undefined
  const held = new Set(scopeOf(actor))
  const scope = [...new Set(asked.split(' '))].toSorted()
  if (!scope.every(permission => KNOWN.has(permission) && held.has(permission)))
    throw new DomainError(
      'invalid',
      'The scope is permissions that the client holds, as resource:action, separated by one space.',
      { rule: 'invalid-scope' },
    )
  return scope
}
