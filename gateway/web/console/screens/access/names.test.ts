import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MASKABLE, PERMISSIONS, ROLES } from '#core/access/index.ts'
import { LANGUAGES } from '../../../ui/i18n/languages.ts'
import { FIELDS } from './difference.ts'
import { GROUPS } from './groups.ts'

type Texts = Record<
  'permissions' | 'roles' | 'roleHints' | 'masks' | 'fields' | 'groups',
  Record<string, unknown>
>

const textsIn = (language: string): Texts =>
  JSON.parse(readFileSync(join(import.meta.dirname, `texts/${language}.json`), 'utf8'))

describe('What may be done', () => {
  for (const { code, name } of LANGUAGES)
    it(`has plain words in ${name}: every permission, predefined role, and field that is masked`, () => {
      const { permissions, roles, roleHints, masks, fields, groups } = textsIn(code)
      const said = Object.entries(permissions).flatMap(([resource, actions]) =>
        Object.keys(actions as object).map(action => `${resource}:${action}`),
      )
      const inFull = MASKABLE.map(field => `field:${field}`)
      assert.deepEqual(said.sort(), [...PERMISSIONS, ...inFull].sort())
      for (const texts of [roles, roleHints])
        assert.deepEqual(Object.keys(texts).sort(), Object.keys(ROLES).sort())
      for (const texts of [masks, fields]) assert.deepEqual(Object.keys(texts).sort(), [...MASKABLE].sort())
      assert.deepEqual(Object.keys(groups).sort(), [...Object.keys(GROUPS), 'other'].sort())
    })

  it('counts the fields of people that can be masked', () => {
    assert.deepEqual([...FIELDS].sort(), [...MASKABLE].sort())
  })

  it('is in one group each', () => {
    const resources = [...new Set(PERMISSIONS.map(p => p.split(':')[0]!))]
    assert.deepEqual(Object.values(GROUPS).flat().sort(), [...resources, 'field'].sort())
  })
})
