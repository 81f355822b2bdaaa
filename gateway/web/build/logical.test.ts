import assert from 'node:assert/strict'
import postcss from 'postcss'
import { logical } from './logical.ts'

const rewritten = (css: string): string =>
  postcss([logical()]).process(css, { from: undefined }).css.replaceAll(/\s+/g, ' ')

describe('Stylesheets for both directions', () => {
  it('say start and end where they said left and right', () => {
    assert.equal(
      rewritten('a { margin-left: 1px; padding-right: 2px }'),
      'a { margin-inline-start: 1px; padding-inline-end: 2px }',
    )
    assert.equal(
      rewritten('a { left: 0; right: auto }'),
      'a { inset-inline-start: 0; inset-inline-end: auto }',
    )
    assert.equal(rewritten('a { border-left-color: red }'), 'a { border-inline-start-color: red }')
    assert.equal(rewritten('a { border-top-left-radius: 1px }'), 'a { border-start-start-radius: 1px }')
    assert.equal(
      rewritten('a { text-align: left; float: right }'),
      'a { text-align: start; float: inline-end }',
    )
  })

  it('split a box only where its left differs from its right', () => {
    assert.equal(
      rewritten('a { margin: 0 1px 2px 3px }'),
      'a { margin-block: 0 2px; margin-inline: 3px 1px }',
    )
    assert.equal(
      rewritten('a { padding: 0 calc(1px + 2px) 0 var(--a, 3px) }'),
      'a { padding-block: 0 0; padding-inline: var(--a, 3px) calc(1px + 2px) }',
    )
    assert.equal(rewritten('a { margin: 0 1px 2px 1px }'), 'a { margin: 0 1px 2px 1px }')
  })

  it('leave the rest as it is', () => {
    const css =
      'a { margin: 0 auto; text-align: center; background-position: left; transform: translate(1px) }'
    assert.equal(rewritten(css), css)
  })
})
