/*
 * An ECDSA signature (r, s) has a twin (r, n - s) that verifies just as well. We write the one with the
 * lower s and refuse the other, so that one credential has one text.
 */

/** The order n of the group of P-256 (FIPS 186-5, SP 800-186 section 3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const HALF = ORDER >> 1n

const SIZE = 32

const readS = (signature: Uint8Array) => {
  let s = 0n
  for (let i = SIZE; i < 2 * SIZE; i++) s = (s << 8n) | BigInt(signature[i]!)
  return s
}

/** Whether a raw ES256 signature (64 bytes, r then s) is in the form we accept. */
export const hasLowS = (signature: Uint8Array): boolean => readS(signature) <= HALF

/** The same signature with the lower of its two values of s. */
export const toLowS = (signature: Uint8Array): Uint8Array => {
  const s = readS(signature)
  if (s <= HALF) return signature
  const low = new Uint8Array(signature)
  let rest = ORDER - s
  for (let i = 2 * SIZE - 1; i >= SIZE; i--) {
    low[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return low
}
