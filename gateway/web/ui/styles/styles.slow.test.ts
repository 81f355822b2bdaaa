import assert from 'node:assert/strict'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import postcss from 'postcss'
import { compile } from 'sass'
import { logical } from '../../build/logical.ts'

const MOST_BYTES = 14_000
const folder = import.meta.dirname

describe('The stylesheet of the pages', function () {
  this.timeout(20_000)

  let css: string
  before(() => {
    const loadPaths = [join(folder, '../../../../node_modules')]
    const { css: made } = compile(join(folder, 'index.scss'), {
      loadPaths,
      quietDeps: true,
      style: 'compressed',
    })
    css = postcss([logical()]).process(made, { from: undefined }).css
  })

  it(`is at most ${MOST_BYTES} bytes gzipped`, () => {
    const { length } = gzipSync(css, { level: 9 })
    assert.ok(length <= MOST_BYTES, `${length} bytes`)
  })

  it('serves both directions of writing, and asks for no file', () => {
    const sided =
      /[{;](?:(?:scroll-)?(?:margin|padding)-(?:left|right)|border-(?:left|right)[a-z-]*|left|right|float:(?:left|right)|text-align:(?:left|right))\b/
    assert.doesNotMatch(css, sided)
    assert.match('a{left:0}', sided)
    assert.doesNotMatch(css, /url\(|@font-face|@import|GDS/)
  })
})
