import assert from 'node:assert/strict'
import { isAllowed, judgeLicences } from './licences.ts'
import { judgeLockfile, missingHere } from './lockfile.ts'
import { validateOpenApi } from './openapi/validate.ts'
import { judgeTexts, unusedTexts } from './texts.ts'
import { judgeWording } from './wording.ts'
import { forbiddenHere, judgeWords } from './words.ts'

describe('the check of licences', () => {
  it('reads SPDX expressions', () => {
    const good = ['MIT', '(MIT OR GPL-3.0)', 'GPL-3.0 OR (ISC AND MIT)', 'MIT or MPL-2.0']
    const bad = [
      'GPL-3.0',
      'MIT AND GPL-3.0',
      '(GPL-3.0 OR MIT) AND SSPL-1.0',
      'none',
      '',
      'MIT)',
      '(MIT',
      'MIT ISC',
    ]
    assert.deepEqual(good.filter(isAllowed), good)
    assert.deepEqual(bad.filter(isAllowed), [])
  })

  it('refuses what is not allowed, exceptions without reason or use, and having seen little', () => {
    const many = Array.from({ length: 100 }, (_, n) => ({ name: `p${n}`, version: '1.0.0', licence: 'MIT' }))
    const odd = { name: 'odd', version: '2.0.0', licence: 'SEE LICENSE IN X' }
    const locked = new Set(['odd'])
    assert.deepEqual(judgeLicences(many, {}, locked), [])
    assert.match(judgeLicences(many.slice(1), {}, locked)[0]!, /saw 99 packages/)
    assert.match(judgeLicences([...many, odd], {}, locked)[0]!, /odd 2\.0\.0/)
    const reason = 'its text is the MIT licence'
    assert.deepEqual(judgeLicences([...many, odd], { odd: { licence: 'MIT', reason } }, locked), [])
    assert.match(
      judgeLicences([...many, odd], { odd: { licence: 'MIT', reason: '' } }, locked)[0]!,
      /no reason/,
    )
    assert.match(judgeLicences(many, { gone: { licence: 'MIT', reason } }, locked)[0]!, /gone is not in/)
  })
})

describe('the check of the lockfile', () => {
  it('refuses a host, a missing integrity and an empty file', () => {
    const judge = (entry: object) => judgeLockfile({ packages: { '': {}, 'node_modules/a': entry } })
    assert.deepEqual(judge({ integrity: 'sha512-x' }), [])
    assert.match(judge({ integrity: 'sha512-x', resolved: 'https://example.org/a.tgz' })[0]!, /names a host/)
    assert.match(judge({})[0]!, /no integrity/)
    assert.equal(judgeLockfile({ packages: { '': {} } }).length, 1)
  })

  it('refuses one that lacks a package which another asks for', () => {
    const integrity = 'sha512-x'
    const judge = (place: string) =>
      judgeLockfile({
        packages: {
          'node_modules/a': { integrity },
          'node_modules/a/node_modules/@s/b': { integrity, optionalDependencies: { c: '1' } },
          [place]: { integrity },
        },
      })
    for (const place of ['', 'a/node_modules/@s/b/node_modules/', 'a/node_modules/'].map(
      p => `node_modules/${p}c`,
    )) {
      assert.deepEqual(judge(place), [], place)
    }
    assert.match(judge('node_modules/d/node_modules/c')[0]!, /@s\/b asks for c/)
  })

  it('names what npm left out for this machine, and nothing made for another', () => {
    const packages = {
      'node_modules/x64': { os: ['linux'], cpu: ['x64'] },
      'node_modules/x64-musl': { os: ['linux'], cpu: ['x64'], libc: ['musl'] },
      'node_modules/arm64': { os: ['linux'], cpu: ['arm64'] },
      'node_modules/everywhere': {},
    }
    const missing = missingHere({ packages }, { os: 'linux', cpu: 'x64', libc: 'glibc' }, () => false)
    assert.equal(missing.length, 1)
    assert.match(missing[0]!, /^node_modules\/x64 is not installed/)
  })
})

describe('the check of words', () => {
  const judge = (text: string) => judgeWords('a.ts', text, forbiddenHere('https://packages.example.net/npm/'))
  // Put together here, so that this file passes its own check.
  const path = (folder: string) => `/${folder}/main`

  it('refuses paths of one machine and registries, by line', () => {
    assert.deepEqual(judge(`one\n'${path('work')}'`), ['a.ts:2: a path of one machine'])
    assert.equal(judge(path('root')).length, 1)
    assert.equal(judge('see packages.example.net').length, 1)
    assert.equal(judge(['registry', 'npmjs', 'org'].join('.')).length, 1)
  })

  it('lets ordinary words pass', () => {
    assert.deepEqual(judge('https://example.org/work/plan ./root/x a/work/b /workers /roots }/work'), [])
  })
})

describe('the check of OpenAPI documents', () => {
  const operation = { operationId: 'list', responses: { 200: { description: 'ok' } } }
  const document = (more: object = {}) => ({
    openapi: '3.1.1',
    info: { title: 'Annona', version: '1' },
    paths: { '/a': { get: operation } },
    ...more,
  })

  it('accepts a document that is right', () => {
    const right = document({ components: { schemas: { A: { type: ['string', 'null'] } } } })
    assert.deepEqual(validateOpenApi(right), [])
  })

  it('refuses a wrong form', () => {
    assert.notDeepEqual(validateOpenApi(document({ openapi: '3.0.3' })), [])
    assert.notDeepEqual(validateOpenApi(document({ path: {} })), [])
    const parameter = { name: 'id', in: 'path', schema: { type: 'string' } }
    assert.notDeepEqual(validateOpenApi(document({ paths: { '/a': { parameters: [parameter] } } })), [])
  })

  it('refuses a wrong schema, in the components and in place', () => {
    const wrong = { type: 'strange' }
    assert.match(validateOpenApi(document({ components: { schemas: { A: wrong } } }))[0]!, /schemas\/A/)
    const content = { 'application/json': { schema: { properties: [] } } }
    const post = { operationId: 'make', requestBody: { content }, responses: { 200: { description: 'ok' } } }
    assert.match(validateOpenApi(document({ paths: { '/a': { post } } }))[0]!, /requestBody/)
  })

  it('refuses a reference that leads nowhere or out, and operations without an id of their own', () => {
    const schemas = { A: { $ref: '#/components/schemas/B' } }
    assert.match(validateOpenApi(document({ components: { schemas } }))[0]!, /refers to nothing/)
    const out = { A: { $ref: 'other.yaml#/A' } }
    assert.match(validateOpenApi(document({ components: { schemas: out } }))[0]!, /out of the document/)
    assert.match(
      validateOpenApi(document({ paths: { '/a': { get: operation, put: operation } } }))[0]!,
      /taken by/,
    )
    const { operationId: _, ...anonymous } = operation
    assert.match(validateOpenApi(document({ paths: { '/a': { get: anonymous } } }))[0]!, /no operationId/)
  })

  it('refuses a document without operations', () => {
    assert.deepEqual(validateOpenApi(document({ paths: {} })), ['has no operation'])
  })
})

describe('the check of texts', () => {
  const english = {
    title: 'Areas',
    rows_one: '{{count}} row',
    rows_other: '{{count}} rows',
    greet: 'Hello {{name}}',
  }
  const french = {
    title: 'Zones',
    rows_one: 'une ligne',
    rows_many: '{{count}} lignes',
    rows_other: '{{count}} lignes',
    greet: 'Bonjour {{name}}',
  }
  const judge = (fr: Record<string, string>) =>
    judgeTexts([{ name: 'areas', languages: { en: english, fr } }], ['en', 'fr']).filter(
      p => !p.startsWith('saw'),
    )

  it('accepts a language that says everything, in its own plural forms', () => {
    assert.deepEqual(judge(french), [])
  })

  it('refuses what lacks, is too many, is empty or puts in other values', () => {
    const { title: _, ...without } = french
    assert.deepEqual(judge(without), ['areas fr: lacks title'])
    const { rows_many: __, ...fewer } = french
    assert.deepEqual(judge(fewer), ['areas fr: lacks rows_many'])
    assert.deepEqual(judge({ ...french, more: 'plus' }), ['areas fr: has more, which English has not'])
    assert.deepEqual(judge({ ...french, title: ' ' }), ['areas fr: title is empty'])
    assert.deepEqual(judge({ ...french, greet: 'Bonjour' }), ['areas fr: greet has {}, not {name}'])
    assert.match(judgeTexts([], ['en'])[0]!, /^saw 0 texts/)
  })

  it('names a text that nothing says', () => {
    const namespace = [
      { name: 'areas', languages: { en: { title: 'Areas', 'state.draft': 'Draft', old: 'Old' } } },
    ]
    const sources = ["t('title')", ['t(`state.$', '{state}`)'].join('')]
    assert.deepEqual(unusedTexts(namespace, sources), ['areas: nothing says old'])
  })

  it('refuses a word that the glossary refuses, and the spaces and signs of another language', () => {
    const glossary = '| user name |\n\nNot: en `Username`; fr `Monnaie`,\n`Code P`.\n\nMore.'
    const judgeOne = (language: string, text: string) =>
      judgeWording([{ name: 'areas', languages: { [language]: { title: text } } }], glossary).length
    assert.equal(judgeOne('en', 'Username'), 1)
    assert.equal(judgeOne('fr', 'Le Code P de la zone'), 1)
    assert.equal(judgeOne('fr', 'Vraiment ?'), 1)
    assert.equal(judgeOne('fr', '«\u00a0Vraiment\u202f?\u00a0»'), 0)
    assert.equal(judgeOne('ar', 'الاسم, الرمز'), 1)
    assert.equal(judgeOne('ar', 'الاسم، الرمز'), 0)
    assert.match(judgeWording([], '')[0]!, /refuses no word/)
  })
})
