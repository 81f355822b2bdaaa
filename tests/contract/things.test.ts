import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import sql from 'sql-template-tag'
import { DEEDS, LOOKS } from '#core/history/index.ts'
import { things } from '#gateway/things.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { isTest, readProject } from '../../tools/architecture/project.ts'

/** What has entries and is no thing, and why. */
const NO_THING: Record<string, string> = {
  token: 'an access token is never changed, only ended',
  'audit-entry': 'an entry is never changed',
  attribute: 'a definition is never changed, and known by its kind and code',
  file: 'a file is never changed once it is stored',
  'approval-delegation': 'it is ended and otherwise never changed, and has no name outside',
  'approval-freeze': 'it is ended and otherwise never changed, and has no name outside',
}

describe('things', () => {
  const project = readProject(dirname(dirname(import.meta.dirname)))

  /** Every subject type and action that a source of the core writes as a text. */
  const written = () => {
    const sources = [...project.files.values()].filter(
      f => f.path.startsWith('core/') && !f.path.startsWith('core/audit/') && !isTest(f.path),
    )
    const of = (pattern: RegExp) =>
      new Set(sources.flatMap(f => [...f.code.matchAll(pattern)].map(([, n]) => f.strings[Number(n)]!)))
    return {
      types: of(/\bsubject(?::|\s*=)\s*\{\s*type:\s*'(\d+)'/g),
      actions: of(/\baction:\s*'(\d+)'/g),
    }
  }

  it('are known for every subject that the core leaves entries of, or it is said why not', () => {
    const { types } = written()
    assert.ok(types.size >= 20, `saw ${types.size} types of subjects`)
    const known = new Set([...things.map(t => t.type), ...Object.keys(NO_THING)])
    assert.deepEqual(
      [...types].filter(type => !known.has(type)),
      [],
    )
    for (const type of Object.keys(NO_THING)) assert.ok(types.has(type), `nothing writes ${type} any more`)
  })

  it('are each made by actions that are taken', () => {
    const { actions } = written()
    assert.ok(actions.size >= 60, `saw ${actions.size} actions`)
    const born = things.flatMap(t => t.born)
    assert.ok(born.length >= 15)
    assert.deepEqual(
      born.filter(action => !actions.has(action)),
      [],
    )
  })

  it('are looked at by actions that are taken, each told in plain words', () => {
    const texts = new Set(
      [...project.files.values()].filter(f => !f.path.endsWith('/looks.ts')).flatMap(f => f.strings),
    )
    const looks = Object.keys(LOOKS)
    assert.ok(looks.length >= 15)
    assert.deepEqual(
      looks.filter(action => !texts.has(action)),
      [],
    )
  })

  it('are acted on by actions that the vocabulary of the trail has in plain words, and no others', () => {
    const known = { ...DEEDS, ...LOOKS }
    assert.deepEqual(
      [...written().actions].filter(action => !(action in known)),
      [],
    )
    const texts = new Set(
      [...project.files.values()].filter(f => !f.path.startsWith('core/history/')).flatMap(f => f.strings),
    )
    const isTaken = (action: string) =>
      texts.has(action) || texts.has(action.slice(action.indexOf('.') + 1).replace(/^end-/, ''))
    const made = ['enrolment.exit', 'enrolment.resume', 'enrolment.suspend', 'import.undo']
    const elsewhere = ['audit.export', 'audit.export-order']
    assert.deepEqual(
      Object.keys(DEEDS).filter(action => !isTaken(action) && ![...made, ...elsewhere].includes(action)),
      [],
    )
  })

  it('have each a type and a kind of name of their own', () => {
    const once = (list: readonly string[]) => assert.equal(new Set(list).size, list.length)
    once(things.map(t => t.type))
    once(things.flatMap(t => (t.named === 'code' ? [] : t.named)))
  })

  describe('in the database', () => {
    let db: TestDatabase
    before(async () => {
      db = await testDatabase()
    })
    after(() => db.close())

    for (const thing of things)
      it(`${thing.type} can be found, named and read by the application`, async () => {
        await db.query(sql`
          SELECT t.id::uuid, t.ref::bigint, t.code::text, t.kind::text, t.area_id::uuid, t.program_id::uuid, s.state::jsonb
          FROM (${thing.all}) t JOIN (${thing.state}) s ON s.id = t.id`)
      })
  })
})
