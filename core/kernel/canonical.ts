import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** The one JSON text of a value (RFC 8785), for hashing and signing. Bigints become decimal strings first. */
export const canonicalJson = (value: unknown): string => {
  const plain = JSON.parse(JSON.stringify(value, (_k, v) => (typeof v === 'bigint' ? v.toString() : v)))
  return canonicalize(plain)!
}

export const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest()

/** SHA-256 over the canonical JSON of a value. */
export const digestOf = (value: unknown): Buffer => sha256(canonicalJson(value))
