import assert from 'node:assert/strict'
import { DomainError, invalid, unavailable } from '#core/kernel/index.ts'
import { oauthErrorOf } from './oauth-errors.ts'
import { problemOf } from './problem.ts'

const told = (error: unknown) => oauthErrorOf(problemOf(error, 'request-1'))
const codeOf = (error: unknown) => told(error).error

describe('an error as OAuth tells it', () => {
  it('has the code that RFC 6749 has for it', () => {
    assert.equal(codeOf(new DomainError('unauthenticated', 'x')), 'invalid_client')
    assert.equal(codeOf(new DomainError('invalid', 'x', { rule: 'invalid-scope' })), 'invalid_scope')
    const grantType = new DomainError('invalid', 'x', { rule: 'unsupported-grant-type' })
    assert.equal(codeOf(grantType), 'unsupported_grant_type')
    for (const code of ['invalid', 'too_large', 'unsupported'] as const)
      assert.equal(codeOf(new DomainError(code, 'x')), 'invalid_request', code)
    assert.equal(codeOf(new DomainError('rate_limited', 'x')), 'temporarily_unavailable')
    assert.equal(codeOf(unavailable('x')), 'temporarily_unavailable')
    assert.equal(codeOf(new Error('inside')), 'server_error')
  })

  it('says what was wrong in the characters that a description may have, and nothing of the inside', () => {
    const issues = [
      { pointer: '/a"\\é', code: 'x', detail: 'No “field”.' },
      { pointer: '/b', code: 'x', detail: 'Nor\nthis.' },
    ]
    assert.equal(told(invalid(issues)).error_description, "/a'?? No ?field?. /b Nor?this.")
    assert.doesNotMatch(told(new Error('inside')).error_description, /inside/)
  })
})
