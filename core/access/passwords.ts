import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { type Issue, invalid } from '../kernel/index.ts'
import { isCommon } from './passwords-common.ts'

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

const MIN_LENGTH = 10
/** Shorter parts of a name stand inside other words by chance. */
const MIN_NAME = 4

/**
 * Refuses a password that is guessed first: too short, with the user's name inside, or common (NIST SP 800-63B
 * section 3.1.1, which also says to ask for nothing else). `pointer` is its field. Throws `invalid`, one issue a rule.
 */
export const requireGoodPassword = (
  pointer: string,
  password: string,
  user: { username: string; name: string },
): void => {
  const plain = password.normalize('NFKC').toLowerCase()
  const names = [user.username, ...user.username.split(/[._-]/), ...user.name.split(/[^\p{L}\p{M}]+/u)]
  const issue = (code: string, detail: string): Issue => ({ pointer, code, detail })
  const issues = [
    Array.from(plain).length < MIN_LENGTH &&
      issue('too-short', `A password has at least ${MIN_LENGTH} characters.`),
    names.some(n => n.length >= MIN_NAME && plain.includes(n.normalize('NFKC').toLowerCase())) &&
      issue('contains-name', 'A password does not contain the name of its user.'),
    isCommon(plain) && issue('too-common', 'This password is among the first that anybody would try.'),
  ].filter(i => i !== false)
  if (issues.length > 0) throw invalid(issues, issues.map(i => i.detail).join(' '))
}
