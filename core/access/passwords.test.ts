import assert from 'node:assert/strict'
import { DomainError } from '../kernel/index.ts'
import { hashPassword, passwordMatches, requireGoodPassword } from './passwords.ts'

const mary = { username: 'mary.w', name: 'Mary Wanjirū Kamau' }

const issuesOf = (password: string): string[] => {
  try {
    requireGoodPassword('/password', password, mary)
    return []
  } catch (error) {
    assert.ok(error instanceof DomainError && error.code === 'invalid')
    assert.ok(error.issues.every(i => i.pointer === '/password' && i.detail !== ''))
    return error.issues.map(i => i.code)
  }
}

describe('a password', () => {
  it('is good when it is long enough, whatever it is made of', () => {
    for (const password of [
      'correct horse',
      'zwölf boxen',
      'nothing but words',
      'ሰላም ለሁላችሁ ይሁን',
      '8315820774',
    ])
      assert.deepEqual(issuesOf(password), [], password)
  })

  it('has ten characters, however many bytes they are', () => {
    assert.deepEqual(issuesOf('kjwpxqvbn'), ['too-short'])
    assert.deepEqual(issuesOf('😀🍞🌾🐄🚜🌧🏠🚰🧺'), ['too-short'])
    assert.deepEqual(issuesOf('kjwpxqvbnh'), [])
  })

  it('does not contain the name of its user, however it is written', () => {
    for (const password of ['xMARYxxxxq2', 'my kamau horse', 'ｗａｎｊｉｒｕ̄ 88 horse', 'Wanjirū lives'])
      assert.deepEqual(issuesOf(password), ['contains-name'], password)
  })

  it('is not one that everybody tries, with or without digits and signs around it', () => {
    for (const password of [
      'Password123!',
      '!!welcome2026',
      'QWERTYUIOP',
      '1234567890',
      '1q2w3e4r5t6y',
      'P@ssw0rd'.padEnd(12, '!'),
      'zzzzzzzzzzzz',
      'annona2026!!',
      'administrator',
    ])
      assert.deepEqual(issuesOf(password), ['too-common'], password)
  })

  it('tells everything that is wrong with it at once', () => {
    assert.deepEqual(issuesOf('mary').sort(), ['contains-name', 'too-short'])
  })

  it('matches its own hash alone, in whatever form of Unicode it is typed', async () => {
    const hash = await hashPassword('Zo\u00eb eats horses')
    assert.equal(await passwordMatches('Zoe\u0308 eats horses', hash), true)
    assert.equal(await passwordMatches('Zoe eats horses', hash), false)
    assert.equal(await passwordMatches('x', 'not a hash'), false)
  })
})
