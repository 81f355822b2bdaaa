import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEEDS, LOOKS } from '#core/history/index.ts'
import { LANGUAGES } from '../../../ui/i18n/languages.ts'

type Nested = { [key: string]: string | Nested }

const flat = (nested: Nested, before = ''): string[] =>
  Object.entries(nested).flatMap(([key, text]) =>
    typeof text === 'string' ? [before + key] : flat(text, `${before}${key}.`),
  )

describe('the words of the audit trail', () => {
  for (const { code, name } of LANGUAGES) {
    const texts = JSON.parse(readFileSync(join(import.meta.dirname, `texts/${code}.json`), 'utf8')) as Record<
      string,
      Nested
    >

    it(`has every deed and every look in ${name}, and none that is gone`, () => {
      assert.deepEqual(flat(texts.done!).sort(), Object.keys({ ...DEEDS, ...LOOKS }).sort())
      assert.deepEqual(flat(texts.looks!).sort(), Object.keys(LOOKS).sort())
    })

    it(`has every group of deeds in ${name}`, () => {
      const groups = new Set(Object.keys({ ...DEEDS, ...LOOKS }).map(action => action.split('.')[0]!))
      assert.deepEqual(
        [...groups].filter(group => !texts.kinds![group]),
        [],
      )
    })
  }
})
