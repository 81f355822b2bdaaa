import { type KeyObject, sign, verify } from 'node:crypto'

/** ES256 by node:crypto alone. */
export const signRaw = (key: KeyObject, bytes: Uint8Array): Uint8Array =>
  sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })

export const verifyRaw = (key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean =>
  verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature)
