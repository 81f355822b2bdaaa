import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { projectOf, readProject } from '../tools/architecture/project.ts'
import { checkArchitecture } from '../tools/architecture/rules.ts'
import { scan } from '../tools/architecture/scan.ts'

/** What the checks say of a repository made of these files, as `rule file`. */
const broken = (files: Record<string, string>, dependencies: string[] = ['pg', 'koa', 'jose', 'sequelize']) =>
  checkArchitecture(projectOf(files, dependencies)).map(v => `${v.rule} ${v.file}`)

const LEAF = 'export const a = 1\n'

describe('the architecture', () => {
  const project = readProject(dirname(import.meta.dirname))

  it('is kept by every file of the repository', () => {
    const found = checkArchitecture(project).map(v => `${v.rule}: ${v.file} ${v.detail}`)
    if (found.length > 0) assert.fail(`\n${found.join('\n')}`)
  })

  it('is checked on the whole of it', () => {
    const seen = (folder: string) => [...project.files.keys()].filter(path => path.startsWith(folder)).length
    assert.ok(seen('core/') >= 40, `saw ${seen('core/')} files of core`)
    assert.ok(project.files.size >= 90, `saw ${project.files.size} files`)
    assert.ok(project.sql.size >= 8, `saw ${project.sql.size} files of SQL`)
    const links = [...project.files.values()].flatMap(f => f.links)
    assert.ok(links.length >= 250, `saw ${links.length} imports`)
  })
})

describe('the scanner of imports', () => {
  const specifiers = (source: string) => scan(source).imports.map(i => i.specifier)

  it('sees imports and exports in every form', () => {
    const source = `
      import a, { type B, c as d } from './one.ts'
      import * as e from "./two.ts"
      import {
        f,
        g, // with a comment
      } from './three.ts'
      import './four.ts'
      export { h } from './five.ts'
      export * from './six.ts'
      export type { I } from './seven.ts'
      import type J from './eight.ts'
      const k = await import('./nine.ts')
      import { type L, type M } from './ten.ts'
      import json from './eleven.json' with { type: 'json' }
    `
    const found = scan(source).imports
    const numbers = ['one', 'two', 'three', 'five', 'six', 'seven', 'eight', 'ten']
    assert.deepEqual(
      found.map(i => i.specifier),
      [...numbers.map(n => `./${n}.ts`), './eleven.json', './four.ts', './nine.ts'],
    )
    assert.deepEqual(found[0]!.names, ['default', 'B', 'c'])
    assert.deepEqual(
      found.filter(i => i.typeOnly).map(i => i.specifier),
      ['./seven.ts', './eight.ts', './ten.ts'],
    )
  })

  it('is not fooled by texts, comments, templates and regular expressions', () => {
    const source = [
      `// import a from './comment.ts'`,
      `/* import b from './block.ts' */`,
      `const c = "import d from './string.ts'"`,
      `const e = \`import f from "./template.ts" \${await import("./inserted.ts")} \\\` import("./after.ts")\``,
      `const g = /['"\`]/.test(c) ? h / 2 : x['/']`,
      `const i = c.replace(/[/'"]/g, '')`,
      `import k from './real.ts'`,
      `const l = import.meta.dirname`,
    ]
    assert.deepEqual(specifiers(source.join('\n')), ['./real.ts', './inserted.ts'])
  })

  it('reports an import whose name is computed', () => {
    assert.deepEqual(specifiers('await import(name)'), [null])
  })
})

describe('each rule of the architecture can fail', () => {
  it('an import must lead somewhere, and be known before run time', () => {
    assert.deepEqual(broken({ 'core/a/index.ts': `import { b } from './absent.ts'` }), [
      'resolves core/a/index.ts',
    ])
    assert.deepEqual(broken({ 'core/a/index.ts': 'await import(name)' }), ['resolves core/a/index.ts'])
  })

  it('the core imports only itself, and no package of HTTP', () => {
    const files = { 'gateway/x.ts': LEAF, 'core/a/index.ts': `import type { A } from '#gateway/x.ts'` }
    assert.deepEqual(broken(files), ['layers core/a/index.ts'])
    assert.deepEqual(broken({ 'core/a/b.ts': `import koa from 'koa'` }), ['packages core/a/b.ts'])
    assert.deepEqual(broken({ 'core/a/b.ts': `import pg from 'pg'` }), [])
    assert.deepEqual(broken({ 'core/a/b.ts': `import x from 'left-pad'` }), ['packages core/a/b.ts'])
  })

  it('credentials, connectors and adapters import the kernel, the ports and the kit, but not each other', () => {
    const others = {
      'core/kernel/index.ts': LEAF,
      'core/ports/index.ts': LEAF,
      'core/payments/index.ts': LEAF,
      'connectors/kit/index.ts': LEAF,
      'connectors/protocols/x-road/index.ts': LEAF,
      'adapters/sms/index.ts': LEAF,
    }
    const imports = (...paths: string[]) => paths.map(path => `import { a } from '#${path}'`).join('\n')
    const shared = imports('core/kernel/index.ts', 'core/ports/index.ts')
    const kit = imports('connectors/kit/index.ts', 'connectors/protocols/x-road/index.ts')
    assert.deepEqual(
      broken({
        ...others,
        'credentials/cwt/index.ts': shared,
        'adapters/momo/index.ts': shared + kit,
        'connectors/crvs/index.ts': shared + kit,
      }),
      [],
    )
    const bad = (path: string, target: string) => broken({ ...others, [path]: imports(target) })
    assert.deepEqual(bad('credentials/x.ts', 'core/payments/index.ts'), ['layers credentials/x.ts'])
    assert.deepEqual(bad('credentials/x.ts', 'connectors/kit/index.ts'), ['layers credentials/x.ts'])
    assert.deepEqual(bad('adapters/momo/x.ts', 'adapters/sms/index.ts'), ['layers adapters/momo/x.ts'])
    assert.deepEqual(bad('connectors/crvs/x.ts', 'core/payments/index.ts'), ['layers connectors/crvs/x.ts'])
  })

  it('what is for tests is used by tests alone', () => {
    const files = (path: string) => ({
      'credentials/testing.ts': `import fc from 'fast-check'\n${LEAF}`,
      [path]: `import { a } from './testing.ts'`,
    })
    assert.deepEqual(broken(files('credentials/x.test.ts')), [])
    assert.deepEqual(broken(files('credentials/x.ts')), ['layers credentials/x.ts'])
  })

  it('a page uses the API and what pages share, and nothing behind it', () => {
    const files = {
      'core/kernel/index.ts': LEAF,
      'gateway/config.ts': LEAF,
      'gateway/web/ui/store.ts': LEAF,
      'gateway/web/console/may.ts': `import { a } from '../ui/store.ts'`,
    }
    assert.deepEqual(broken(files), [])
    const page = 'gateway/web/console/app.tsx'
    for (const path of ['#core/kernel/index.ts', '../../config.ts'])
      assert.deepEqual(broken({ ...files, [page]: `import type { A } from '${path}'` }), [`pages ${page}`])
    const shared = 'gateway/web/ui/form.ts'
    assert.deepEqual(broken({ ...files, [shared]: `import { a } from '../console/may.ts'` }), [
      `pages ${shared}`,
    ])
    assert.deepEqual(broken({ [page]: `import { join } from 'node:path'` }), [`browser ${page}`])
  })

  it('what is verified in a browser uses nothing of Node, at whatever distance', () => {
    const verify = 'credentials/verify/index.ts'
    assert.deepEqual(broken({ [verify]: `import { sign } from 'node:crypto'` }), [`browser ${verify}`])
    assert.deepEqual(broken({ [verify]: `const b = Buffer.from('')` }), [`browser ${verify}`])
    const through = (word: string) => ({
      [verify]: `import ${word}{ a } from '#credentials/cwt/index.ts'`,
      'credentials/cwt/index.ts': `import 'node:crypto'\n${LEAF}`,
    })
    assert.deepEqual(broken(through('')), [`browser ${verify}`])
    assert.deepEqual(broken(through('type ')), [])
  })

  it('a module is entered through its index alone, its own tests excepted', () => {
    const target = { 'core/b/index.ts': LEAF, 'core/b/inside.ts': LEAF, 'core/db/embedded/index.ts': LEAF }
    const from = (path: string, to: string) => broken({ ...target, [path]: `import { a } from '#${to}'` })
    assert.deepEqual(from('core/a/x.ts', 'core/b/inside.ts'), ['faces core/a/x.ts'])
    assert.deepEqual(from('gateway/x.ts', 'core/b/inside.ts'), ['faces gateway/x.ts'])
    assert.deepEqual(from('core/a/x.test.ts', 'core/b/inside.ts'), ['faces core/a/x.test.ts'])
    assert.deepEqual(from('core/b/x.test.ts', 'core/b/inside.ts'), [])
    assert.deepEqual(from('tests/journey.test.ts', 'core/b/inside.ts'), [])
    assert.deepEqual(from('core/a/x.ts', 'core/b/index.ts'), [])
    assert.deepEqual(from('core/a/x.ts', 'core/db/embedded/index.ts'), [])
  })

  it('only the entry points construct', () => {
    const files = (path: string) => ({
      'core/pay/index.ts': 'export const createPayments = () => 1',
      [path]: `import { createPayments } from '#core/pay/index.ts'`,
    })
    assert.deepEqual(broken(files('gateway/routes/pay.ts')), ['construction gateway/routes/pay.ts'])
    assert.deepEqual(broken(files('core/x/index.ts')), ['construction core/x/index.ts'])
    assert.deepEqual(broken(files('gateway/compose.ts')), [])
    assert.deepEqual(broken(files('gateway/main.ts')), [])
  })

  it('modules do not go round in a circle', () => {
    const face = (to: string) => `import type { A } from '#core/${to}/index.ts'`
    assert.deepEqual(
      broken({ 'core/a/index.ts': face('b'), 'core/b/index.ts': face('c'), 'core/c/index.ts': face('a') }),
      ['cycles core/a'],
    )
  })

  it('only gateway/config.ts reads the environment', () => {
    const ways = [
      'const a = process.env.HOME',
      `const a = process['env']`,
      `import { env } from 'node:process'`,
      'const { env } = process',
    ]
    for (const way of ways) assert.deepEqual(broken({ 'core/a/x.ts': way }), ['environment core/a/x.ts'], way)
    assert.deepEqual(broken({ 'gateway/config.ts': ways[0]!, 'core/a/x.test.ts': ways[0]! }), [])
    assert.deepEqual(broken({ 'core/a/x.ts': `const a = 'process.env' // process.env` }), [])
  })

  it('nothing is exported by default, and no file is too long', () => {
    assert.deepEqual(broken({ 'core/a/x.ts': 'export default 1' }), ['default exports core/a/x.ts'])
    assert.deepEqual(broken({ 'core/a/x.ts': 'const a = 1; export { a as default }' }), [
      'default exports core/a/x.ts',
    ])
    assert.deepEqual(broken({ 'core/a/x.ts': LEAF.repeat(451) }), ['file length core/a/x.ts'])
    assert.deepEqual(broken({ 'core/a/x.ts': LEAF.repeat(450) }), [])
  })

  it('a folder that no rule knows is refused', () => {
    assert.deepEqual(broken({ 'utils/x.ts': LEAF }), ['layers utils/x.ts'])
  })

  describe('SQL stays in its schema', () => {
    const registry = {
      'core/db/migrations/1.sql':
        'CREATE FUNCTION kernel.uuid7() RETURNS uuid LANGUAGE sql AS $$ SELECT 1 $$;',
      'core/registry/migrations/1.sql':
        'CREATE SCHEMA registry; CREATE TABLE registry.registrants (id uuid);',
      'core/registry/views.sql': 'CREATE VIEW registry.people AS SELECT id FROM registry.registrants;',
    }
    const sql = (text: string, path = 'core/pay/bulk.sql.ts') =>
      broken({ ...registry, [path]: path.endsWith('.sql') ? text : `const q = \`${text}\`` })
    const foul = ['schemas core/pay/bulk.sql.ts']

    it('or joins what another module publishes', () => {
      const text = 'INSERT INTO pay.items SELECT kernel.uuid7(), p.id FROM registry.people p'
      assert.deepEqual(sql(text), [])
    })

    it('and touches nothing else, wherever the name stands', () => {
      assert.deepEqual(sql('SELECT id FROM registry.registrants'), foul)
      assert.deepEqual(sql('select 1 from pay.items i, registry.registrants r'), foul)
      assert.deepEqual(sql('UPDATE registry.registrants SET name = 1'), foul)
      assert.deepEqual(sql('WITH x AS (DELETE FROM "registry"."registrants" RETURNING 1) SELECT 1'), foul)
      assert.deepEqual(
        sql('CREATE TABLE pay.x (id uuid REFERENCES registry.registrants)', 'core/pay/1.sql'),
        ['schemas core/pay/1.sql'],
      )
      const inGateway = sql('SELECT id FROM registry.registrants', 'gateway/routes/x.ts')
      assert.deepEqual(inGateway, ['schemas gateway/routes/x.ts'])
    })

    it('while an alias, a comment, a permission and a sentence are not tables', () => {
      assert.deepEqual(sql('SELECT registry.id FROM registry.people registry WHERE registry.name = 1'), [])
      assert.deepEqual(sql('SELECT 1 -- never from registry.registrants'), [])
      assert.deepEqual(sql('registry.registrants'), [])
      assert.deepEqual(sql('Without the permission registry.write nothing is changed.'), [])
    })

    it('and a model stands in the schema of its module', () => {
      const model = (schema: string) => ({
        'core/registry/model.ts': `import { Model } from 'sequelize'\nconst o = { schema: '${schema}' }`,
        'core/pay/index.ts': LEAF,
      })
      assert.deepEqual(broken(model('registry')), [])
      assert.deepEqual(broken(model('pay')), ['schemas core/registry/model.ts'])
    })
  })
})
