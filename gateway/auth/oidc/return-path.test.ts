import assert from 'node:assert/strict'
import fc from 'fast-check'
import { DomainError } from '#core/kernel/index.ts'
import { returnPathOf } from './return-path.ts'

describe('the path that a sign-in returns to', () => {
  it('stays at this installation whatever is asked for', () => {
    const hostile = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '%2f',
      '%5c',
      '\t',
      '\n',
      ' ',
      ':',
      '@',
      '?',
      '#',
      'evil.example',
      'https',
    )
    fc.assert(
      fc.property(
        fc.array(fc.oneof(hostile, fc.string({ unit: 'grapheme', maxLength: 3 })), { maxLength: 8 }),
        parts => {
          for (const given of [parts.join(''), `/${parts.join('')}`]) {
            try {
              const url = new URL(returnPathOf(given), 'https://home.test')
              assert.equal(url.origin, 'https://home.test')
              assert.equal(new URL(url.pathname, 'https://home.test').origin, 'https://home.test')
            } catch (error) {
              assert.ok(error instanceof DomainError, String(error))
            }
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('is taken as it is, or is the start', () => {
    for (const path of ['/', '/a/b?c=/d#e', `/${'a'.repeat(499)}`]) assert.equal(returnPathOf(path), path)
    assert.equal(returnPathOf(undefined), '/')
    assert.throws(() => returnPathOf(`/${'a'.repeat(500)}`), DomainError)
  })
})
