import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

/** OWASP's second recommendation for argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
const FORM =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{1,64})\$([A-Za-z0-9+/]{1,128})$/

/** Hashes a password with argon2id (RFC 9106) into the usual text form. */
export const hashPassword = async (password: string): Promise<string> => {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', {
    ...PARAMETERS,
    message: Buffer.from(password.normalize('NFKC')),
    nonce,
  })
  const { memory, passes, parallelism } = PARAMETERS
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${plain64(nonce)}$${plain64(tag)}`
}

/** Whether a password is the one that was hashed. Takes the same time whether it is or not. */
export const passwordMatches = async (password: string, hash: string): Promise<boolean> => {
  const [, m, t, p, nonce, tag] = FORM.exec(hash) ?? []
  if (!m || !nonce || !tag) return false
  const expected = Buffer.from(tag, 'base64')
  const actual = await derive('argon2id', {
    memory: Number(m),
    passes: Number(t),
    parallelism: Number(p),
    tagLength: expected.length,
    message: Buffer.from(password.normalize('NFKC')),
    nonce: Buffer.from(nonce, 'base64'),
  })
  return timingSafeEqual(actual, expected)
}

const plain64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

/** Something to compare with when there is no such user, so that the answer takes as long. */
export const NOBODY = await hashPassword(randomBytes(16).toString('hex'))
