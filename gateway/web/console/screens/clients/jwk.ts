import type { components } from '../../../ui/api/schema.generated.ts'

export type GivenKey = components['schemas']['GivenKey']
/** Why a text is no set of public keys; `private` is worth a word of its own: the key is to be replaced. */
export type JwkProblem = 'json' | 'none' | 'many' | 'private' | 'kind' | 'kid' | 'duplicate'

const MOST = 5
const KINDS = ['EC', 'OKP', 'RSA']
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
/** What is sent of a key: nothing else that a file may hold, and nothing secret. */
const MEMBERS = ['kty', 'kid', 'alg', 'use', 'key_ops', 'crv', 'x', 'y', 'n', 'e'] as const

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Reads public keys: a JWK Set (RFC 7517), a list of keys or a single one. What is sure to be refused is found here,
 * before anything leaves the page; the server looks at the rest.
 */
export const readJwks = (text: string): { keys: GivenKey[] } | { problem: JwkProblem } => {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch {
    return { problem: 'json' }
  }
  const list = isObject(given) && Array.isArray(given.keys) ? given.keys : [given].flat()
  if (list.length === 0) return { problem: 'none' }
  if (list.length > MOST) return { problem: 'many' }
  if (!list.every(isObject)) return { problem: 'kind' }
  if (list.some(key => PRIVATE.some(member => key[member] !== undefined))) return { problem: 'private' }
  if (!list.every(key => KINDS.includes(String(key.kty)))) return { problem: 'kind' }
  if (!list.every(key => typeof key.kid === 'string' && key.kid !== '')) return { problem: 'kid' }
  if (new Set(list.map(key => key.kid)).size < list.length) return { problem: 'duplicate' }
  const onlyKnown = (key: Record<string, unknown>) =>
    Object.fromEntries(MEMBERS.flatMap(member => (key[member] === undefined ? [] : [[member, key[member]]])))
  return { keys: list.map(key => onlyKnown(key) as GivenKey) }
}
