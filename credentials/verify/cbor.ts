/*
 * Deterministic CBOR (RFC 8949 section 4.2.1): the shortest heads, definite lengths, map keys in the order
 * of their bytes. Every value has one encoding; the decoder accepts that one only.
 */

import { Malformed } from './malformed.ts'

/** The part of CBOR that credentials need. Integers that a double cannot hold exactly are bigints. */
export type Cbor = number | bigint | string | boolean | null | Uint8Array | Cbor[] | CborMap | Tagged
export type CborMap = Map<number | string, Cbor>
export type Tagged = { tag: number; value: Cbor }

/** Largest input the decoder looks at, in bytes, and how deep its values may be nested. */
export const MAX_CBOR_BYTES = 2048
const MAX_DEPTH = 8

const utf8Writer = new TextEncoder()
const utf8Reader = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const SIMPLE = new Map<number, boolean | null>([
  [20, false],
  [21, true],
  [22, null],
])

/** Orders encoded map keys byte by byte; no key is a prefix of another. */
const compareBytes = (a: Uint8Array, b: Uint8Array) => {
  const at = a.findIndex((byte, i) => byte !== b[i])
  return at < 0 ? 0 : a[at]! - (b[at] ?? -1)
}

const writeHead = (out: number[], major: number, n: number | bigint) => {
  const type = major << 5
  if (n < 24) {
    out.push(type | Number(n))
    return
  }
  const size = n < 0x100 ? 0 : n < 0x10000 ? 1 : n < 0x100000000 ? 2 : 3
  out.push(type | (24 + size))
  if (size === 3) {
    for (let shift = 56n; shift >= 0n; shift -= 8n) out.push(Number((BigInt(n) >> shift) & 0xffn))
  } else {
    for (let shift = 8 * (1 << size) - 8; shift >= 0; shift -= 8) out.push((Number(n) >>> shift) & 0xff)
  }
}

const writeInteger = (out: number[], n: number | bigint) => {
  if (typeof n === 'number' && !Number.isSafeInteger(n))
    throw new RangeError('only exact integers are encoded')
  if (n >= 0) writeHead(out, 0, n)
  else writeHead(out, 1, -1n - BigInt(n))
}

const writeBytes = (out: number[], major: number, bytes: Uint8Array) => {
  writeHead(out, major, bytes.length)
  for (const byte of bytes) out.push(byte)
}

const writeMap = (out: number[], map: CborMap) => {
  writeHead(out, 5, map.size)
  const entries = Array.from(map, ([key, value]) => ({ key: encodeCbor(key), value }))
  for (const { key, value } of entries.sort((a, b) => compareBytes(a.key, b.key))) {
    out.push(...key)
    write(out, value)
  }
}

const write = (out: number[], value: Cbor): void => {
  if (typeof value === 'number' || typeof value === 'bigint') writeInteger(out, value)
  else if (typeof value === 'string') writeBytes(out, 3, utf8Writer.encode(value))
  else if (typeof value === 'boolean') out.push(value ? 0xf5 : 0xf4)
  else if (value === null) out.push(0xf6)
  else if (value instanceof Uint8Array) writeBytes(out, 2, value)
  else if (value instanceof Map) writeMap(out, value)
  else if (Array.isArray(value)) {
    writeHead(out, 4, value.length)
    for (const item of value) write(out, item)
  } else {
    writeHead(out, 6, value.tag)
    write(out, value.value)
  }
}

/** Throws `RangeError` for numbers that are not exact integers. */
export const encodeCbor = (value: Cbor): Uint8Array => {
  const out: number[] = []
  write(out, value)
  return new Uint8Array(out)
}

/** The argument of a head that takes `size` bytes; refused when fewer would have done. */
const readArgument = (bytes: Uint8Array, at: number, size: number): number | bigint => {
  let n = 0n
  for (let i = 0; i < size; i++) n = (n << 8n) | BigInt(bytes[at + i]!)
  if (n < (size === 1 ? 24n : 1n << BigInt(4 * size))) throw new Malformed('CBOR: not the shortest form')
  return n <= Number.MAX_SAFE_INTEGER ? Number(n) : n
}

const negative = (n: number | bigint) => {
  const value = -1n - BigInt(n)
  return value >= Number.MIN_SAFE_INTEGER ? Number(value) : value
}

/** The one value that `bytes` encode. Throws `Malformed` for everything that is not deterministic CBOR. */
export const decodeCbor = (bytes: Uint8Array): Cbor => {
  if (bytes.length > MAX_CBOR_BYTES) throw new Malformed('CBOR: too large')
  let at = 0

  const take = (count: number | bigint) => {
    if (count > bytes.length - at) throw new Malformed('CBOR: cut short')
    const from = at
    at += Number(count)
    return from
  }

  const readMap = (count: number | bigint, depth: number): CborMap => {
    const map: CborMap = new Map()
    let before: Uint8Array | undefined
    for (let i = 0; i < count; i++) {
      const from = at
      const key = read(depth)
      if (typeof key !== 'number' && typeof key !== 'string') throw new Malformed('CBOR: unusable map key')
      const encoded = bytes.subarray(from, at)
      if (before && compareBytes(before, encoded) >= 0) throw new Malformed('CBOR: map keys repeat or stray')
      before = encoded
      map.set(key, read(depth))
    }
    return map
  }

  const readText = (from: number) => {
    try {
      return utf8Reader.decode(bytes.subarray(from, at))
    } catch {
      throw new Malformed('CBOR: text is not UTF-8')
    }
  }

  const read = (depth: number): Cbor => {
    if (depth > MAX_DEPTH) throw new Malformed('CBOR: nested too deep')
    const initial = bytes[take(1)]!
    const major = initial >> 5
    const info = initial & 31
    if (major === 7) {
      const simple = SIMPLE.get(info)
      if (simple === undefined) throw new Malformed('CBOR: no floats and no other simple values')
      return simple
    }
    if (info > 27) throw new Malformed('CBOR: no indefinite or reserved lengths')
    const size = info < 24 ? 0 : 1 << (info - 24)
    const n = size === 0 ? info : readArgument(bytes, take(size), size)
    if (major === 0) return n
    if (major === 1) return negative(n)
    if (major === 2) return new Uint8Array(bytes.subarray(take(n), at))
    if (major === 3) return readText(take(n))
    if (major === 6) {
      if (typeof n === 'bigint') throw new Malformed('CBOR: unusable tag')
      return { tag: n, value: read(depth + 1) }
    }
    if (n > bytes.length - at) throw new Malformed('CBOR: cut short')
    if (major === 5) return readMap(n, depth + 1)
    return Array.from({ length: Number(n) }, () => read(depth + 1))
  }

  const value = read(0)
  if (at !== bytes.length) throw new Malformed('CBOR: something follows the value')
  return value
}
