import { createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto'
import { digestOf } from '../kernel/index.ts'
import type { PublicKey, SigningKey } from '../keys/index.ts'

/** What is sealed by one signature: a range of transactions, how many entries they made, and the root over them. */
export type Sealed = {
  height: string
  /** Transactions from `from` up to but not with `to`. */
  from: string
  to: string
  entries: number
  /** Hexadecimal, like every hash here: SHA-256. */
  root: string
  /** The hash of the block before. */
  previous: string
  keyId: string
  sealedAt: string
}

/** The head of a signed block. The newest, kept elsewhere, shows when the end of the trail is cut off. */
export type Head = Sealed & { hash: string; signature: string }

/** The public keys that heads are checked with, by their ids. */
export type Keyring = ReadonlyMap<string, KeyObject>

export const keyringOf = (keys: readonly { kid: string; jwk: JsonWebKey }[]): Keyring =>
  new Map(keys.map(k => [k.kid, createPublicKey({ key: k.jwk, format: 'jwk' })]))

/** Public keys as a JSON Web Key Set (RFC 7517): for whoever checks heads with tools of their own. */
export const jwksOf = (keys: readonly PublicKey[]) => ({
  keys: keys.map(k => ({ ...k.jwk, kid: k.kid, use: 'sig', alg: k.alg })),
})

/** Throws when the text is not a key set. */
export const keyringOfJwks = (text: string): Keyring => {
  const { keys } = JSON.parse(text) as { keys: (JsonWebKey & { kid: string })[] }
  return keyringOf(keys.map(jwk => ({ kid: jwk.kid, jwk })))
}

/** SHA-256 over the canonical JSON (RFC 8785) of what is sealed. */
const sealedHash = ({ height, from, to, entries, root, previous, keyId, sealedAt }: Sealed): Buffer =>
  digestOf({ height, from, to, entries, root, previous, keyId, sealedAt })

export const signHead = (sealed: Sealed, key: SigningKey): Head => {
  const hash = sealedHash(sealed)
  return {
    ...sealed,
    hash: hash.toString('hex'),
    signature: sign(null, hash, key.privateKey).toString('hex'),
  }
}

const NUMBER = /^\d{1,20}$/

/** Whether something that was read has the form of a head. */
export const isHead = (read: unknown): read is Head => {
  const head = read as Record<keyof Head, unknown> | null
  return (
    typeof head === 'object' &&
    head !== null &&
    [head.height, head.from, head.to].every(n => typeof n === 'string' && NUMBER.test(n)) &&
    [head.hash, head.root, head.previous].every(h => typeof h === 'string' && /^[0-9a-f]{64}$/.test(h)) &&
    [head.keyId, head.signature, head.sealedAt].every(text => typeof text === 'string') &&
    Number.isSafeInteger(head.entries)
  )
}

/** What is wrong with a head by itself; undefined when nothing is. */
export const faultOf = (head: Head, keyring: Keyring): string | undefined => {
  if (!isHead(head) || sealedHash(head).toString('hex') !== head.hash) return 'the block was altered'
  const key = keyring.get(head.keyId)
  if (!key || !verify(null, Buffer.from(head.hash, 'hex'), key, Buffer.from(head.signature, 'hex')))
    return 'the signature of the block is not ours'
  return BigInt(head.to) > BigInt(head.from) ? undefined : 'the transactions of the block are out of order'
}

/** What is wrong with a head as what comes after another; undefined when nothing is. */
export const breakBetween = (
  before: Pick<Head, 'height' | 'hash' | 'to'>,
  head: Head,
): string | undefined => {
  if (BigInt(head.height) !== BigInt(before.height) + 1n) return 'a block before this one is missing'
  if (BigInt(head.from) < BigInt(before.to)) return 'the block overlaps the one before it'
  return head.previous === before.hash && head.from === before.to
    ? undefined
    : 'the block does not continue the one before it'
}
