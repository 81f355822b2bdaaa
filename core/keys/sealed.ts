import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const IV = 12
const TAG = 16

/**
 * Encrypts with AES-256-GCM (NIST SP 800-38D): `iv ‖ tag ‖ ciphertext`. `boundTo` names the table, column and
 * row it belongs to, so that a sealed value moved to another row does not open.
 */
export const seal = (masterKey: Buffer, plain: Uint8Array, boundTo: string): Buffer => {
  const iv = randomBytes(IV)
  const cipher = createCipheriv('aes-256-gcm', masterKey, iv).setAAD(Buffer.from(boundTo))
  const text = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), text])
}

/** Opens what `seal` made. Throws when the key, the row or a single bit is not the one it was sealed with. */
export const unseal = (masterKey: Buffer, sealed: Buffer, boundTo: string): Buffer => {
  const decipher = createDecipheriv('aes-256-gcm', masterKey, sealed.subarray(0, IV))
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(sealed.subarray(IV, IV + TAG))
  return Buffer.concat([decipher.update(sealed.subarray(IV + TAG)), decipher.final()])
}
