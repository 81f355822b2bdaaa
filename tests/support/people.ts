import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import sql from 'sql-template-tag'
import { systemCtx } from '#core/kernel/index.ts'
import type { CallResult, TestGateway } from './gateway.ts'

/** The password of everybody made here. */
export const PASSWORD = 'correct horse'

/** A user with these roles, whose password is their own: one that an administrator chooses is changed at once. */
export const addUser = async (g: TestGateway, username: string, ...roles: string[]): Promise<void> => {
  const grants = roles.map(role => ({ role }))
  const user = { username, name: username, password: PASSWORD, grants }
  await g.services.access.createUser(systemCtx('test', 'test'), user)
}

/** Has somebody whom an administrator made over HTTP keep that password, as if they had chosen it. */
export const asChosen = (g: TestGateway, username: string): Promise<number> =>
  g.db.run(sql`UPDATE access.users SET must_change_password = false WHERE username = ${username}`)

/** Tries to sign in; `more` goes beside or in place of the right name and password. */
export const tryToSignIn = (
  g: TestGateway,
  username: string,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<CallResult> =>
  g.call('POST', '/api/v1/sessions', { body: { username, password: PASSWORD, ...more }, headers })

/** Signs in, and returns the token. */
export const signedIn = async (...args: Parameters<typeof tryToSignIn>): Promise<string> => {
  const answer = await tryToSignIn(...args)
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body.token
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const fromBase32 = (text: string): Buffer => {
  const bits = Array.from(text, c => BASE32.indexOf(c).toString(2).padStart(5, '0')).join('')
  return Buffer.from(bits.match(/.{8}/g)!.map(byte => Number.parseInt(byte, 2)))
}

/** The code that an authenticator app shows (RFC 6238, RFC 4226 section 5.3), `steps` of 30 seconds from an instant. */
export const codeOf = (secret: Buffer | string, steps = 0, at = Date.now()): string => {
  const key = typeof secret === 'string' ? fromBase32(secret) : secret
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000) + steps))
  const mac = createHmac('sha1', key).update(counter).digest()
  const number = mac.readUInt32BE(mac.at(-1)! & 15) & 0x7f_ff_ff_ff
  return String(number % 1_000_000).padStart(6, '0')
}

/** Gives a signed-in user a second factor, confirmed by the code of the step before. */
export const enrol = async (
  g: TestGateway,
  token: string,
): Promise<{ secret: string; recoveryCodes: string[] }> => {
  const begun = await g.call('POST', '/api/v1/second-factor', { token, body: { password: PASSWORD } })
  assert.equal(begun.status, 200, JSON.stringify(begun.body))
  const { secret } = begun.body
  const body = { code: codeOf(secret, -1) }
  const confirmed = await g.call('POST', '/api/v1/second-factor/confirm', { token, body })
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body))
  return { secret, recoveryCodes: confirmed.body.recoveryCodes }
}
