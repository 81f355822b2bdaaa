/**
 * Holds a private key and signs with it: a key in this process, or an HSM or key service behind a call.
 *
 * `kid` is the key identifier that verifiers look the public key up by, 1 to 4 bytes. `sign` returns the
 * raw signature of 64 bytes: r then s for ES256 (IEEE P1363; the high and the low form of s are both fine),
 * RFC 8032's for EdDSA with Ed25519.
 */
export type Signer = {
  kid: Uint8Array
  alg: 'ES256' | 'EdDSA'
  sign(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
}
