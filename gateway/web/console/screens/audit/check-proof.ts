import type { AnswerOf } from '../../../ui/api/queries.ts'
import type { Entry } from '../deeds/sentence.tsx'

export type Proof = AnswerOf<'/api/v1/audit-entries/{id}/proof'>
type Head = Proof['head']
type Keys = AnswerOf<'/api/v1/audit-keys'>['keys']

/** The steps of a proof, in the order in which one stands on the other. */
export const STEPS = ['text', 'shown', 'path', 'head', 'signature'] as const
export type Step = (typeof STEPS)[number]
/** `unknown`: it could not be checked here, which is no sign of anything. */
export type Finding = 'holds' | 'fails' | 'unknown'
export type Findings = Record<Step, Finding>

const said = (holds: boolean): Finding => (holds ? 'holds' : 'fails')

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('')
const bytesOf = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0))

const sha256 = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
const sha256OfText = async (text: string): Promise<string> =>
  hexOf(await sha256(new TextEncoder().encode(text)))

/** The hash of a node of the tree (RFC 9162 section 2.1.1). */
const node = (left: Uint8Array, right: Uint8Array): Promise<Uint8Array<ArrayBuffer>> =>
  sha256(Uint8Array.from([1, ...left, ...right]))

/** The root that a leaf leads to by its path (RFC 9162 section 2.1.3.2); undefined when it is no path of such a tree. */
const rootOf = async ({ leaf, index, path, head }: Proof): Promise<string | undefined> => {
  let [at, last, root] = [index, head.entries - 1, bytesOf(leaf)]
  if (!(at >= 0 && at <= last)) return undefined
  for (const hex of path) {
    const sibling = bytesOf(hex)
    if (last === 0) return undefined
    if (at % 2 === 1 || at === last) {
      root = await node(sibling, root)
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)]
    } else root = await node(root, sibling)
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 ? hexOf(root) : undefined
}

/** The hash of a head: of the canonical JSON (RFC 8785) of all its fields but the hash and the signature. */
const hashOf = (head: Head): Promise<string> => {
  const sealed = Object.keys(head).filter(field => field !== 'hash' && field !== 'signature')
  return sha256OfText(JSON.stringify(head, sealed.sort()))
}

const checkSignature = async (head: Head, keys: Keys): Promise<Finding> => {
  const jwk = keys.find(({ kid }) => kid === head.keyId)
  if (!jwk) return 'fails'
  const key = await crypto.subtle
    .importKey('raw', fromBase64Url(jwk.x), { name: 'Ed25519' }, false, ['verify'])
    .catch(() => undefined)
  // Not every browser knows this kind of signature.
  if (!key) return 'unknown'
  return said(await crypto.subtle.verify('Ed25519', key, bytesOf(head.signature), bytesOf(head.hash)))
}

/** Whether the sealed text says what the page shows: who did what, when, why, in which request and from where. */
const saysWhatIsShown = (text: string, entry: Entry): boolean => {
  try {
    const [, id, at, kind, , actor, action, type, , items, , , , reason, request, address, , behalf] =
      JSON.parse(text) as unknown[]
    const told = [id, kind, actor, action, type, items, reason, request, address, behalf ?? null]
    const shown = [
      entry.id,
      entry.actor.kind,
      entry.actor.name,
      entry.action,
      entry.subjectType,
      entry.items,
      entry.reason,
      entry.requestId,
      entry.address,
      entry.onBehalfOf,
    ]
    return (
      JSON.stringify(told) === JSON.stringify(shown) && Date.parse(`${String(at)}Z`) === Date.parse(entry.at)
    )
  } catch {
    return false
  }
}

/** Whether this browser can check a proof: only in a secure context it can. */
export const canCheck = (): boolean => globalThis.crypto?.subtle !== undefined

/**
 * Checks a proof, believing nothing that the server says of it: the text is hashed to the leaf, the leaf followed to
 * the root, the head hashed, its signature checked. `entry` is what the page shows.
 */
export const checkProof = async (proof: Proof, entry: Entry, keys: Keys): Promise<Findings> => {
  const { text, leaf, head } = proof
  const isOfEntry = proof.entry === entry.id
  return {
    text: text === null ? 'unknown' : said(isOfEntry && (await sha256OfText(text)) === leaf),
    shown: text === null ? 'unknown' : said(saysWhatIsShown(text, entry)),
    path: said((await rootOf(proof)) === head.root),
    head: said((await hashOf(head)) === head.hash),
    signature: await checkSignature(head, keys),
  }
}

/** How a head that was kept elsewhere compares with that of the proof: `unknown` when the file has none of that block. */
export const compareKept = (head: Head, file: string): Finding => {
  const kept = file.split('\n').flatMap((line): Partial<Head>[] => {
    try {
      return [JSON.parse(line) as Partial<Head>]
    } catch {
      return []
    }
  })
  const same = kept.filter(({ height }) => height === head.height)
  return same.length === 0 ? 'unknown' : said(same.every(({ hash }) => hash === head.hash))
}
