import assert from 'node:assert/strict'
import fc from 'fast-check'
import sql, { join, type Sql } from 'sql-template-tag'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { decimal, format } from './decimal.ts'
import {
  calculate,
  check,
  compile,
  compileAll,
  compileColumns,
  compileFormula,
  decide,
  loadSubject,
  type Subject,
  type TargetKind,
  type Within,
} from './index.ts'
import { attributes, population, store, TODAY } from './testing/population.ts'
import { formulas, rules } from './testing/rules.ts'

const RUNS = 250

describe('a compiled statement and the interpreter', function () {
  this.timeout(120_000)
  let db: TestDatabase
  const subjects: Record<TargetKind, Map<string, Subject>> = { group: new Map(), individual: new Map() }

  before(async () => {
    db = await testDatabase()
    const [made] = fc.sample(population, { numRuns: 1, seed: 20260228 })
    const { groupIds, individualIds } = await store(db, made!)
    for (const [kind, ids] of [
      ['group', groupIds],
      ['individual', individualIds],
    ] as const)
      for (const id of ids) subjects[kind].set(id, (await loadSubject(db, kind, id))!)
  })
  after(() => db.close())

  const idsOf = async (statement: Sql): Promise<string[]> =>
    (await db.query<{ id: string }>(statement)).map(row => row.id).sort()

  const view = (kind: TargetKind): Sql =>
    kind === 'group' ? sql`registry.active_groups` : sql`registry.active_individuals`

  for (const kind of ['group', 'individual'] as const) {
    it(`choose the same ${kind}s for any rule, in every form of the statement`, async () => {
      let decided = 0
      await fc.assert(
        fc.asyncProperty(rules(kind), async source => {
          const checked = check(source, { kind, attributes })
          const expected = [...subjects[kind]]
            .filter(([, subject]) => decide(checked, subject, TODAY) === 'true')
            .map(([id]) => id)
            .sort()
          const { statement, where } = compile(checked, { today: TODAY })
          assert.deepEqual(await idsOf(statement()), expected, 'statement')
          assert.deepEqual(
            await idsOf(sql`SELECT t.id FROM ${view(kind)} t WHERE ${where}`),
            expected,
            'where',
          )
          const within: Within = id => sql`${id} IN (SELECT id FROM ${view(kind)} WHERE name < 'b')`
          const part = compile(checked, { today: TODAY, within })
          const chunk = await idsOf(part.statement(sql`t.name > 'A'`))
          const inChunk = await idsOf(
            sql`SELECT t.id FROM ${view(kind)} t WHERE t.name < 'b' AND t.name > 'A' AND ${where}`,
          )
          assert.deepEqual(chunk, inChunk, 'within')
          if (expected.length > 0 && expected.length < subjects[kind].size) decided++
        }),
        { numRuns: RUNS },
      )
      // Rules that hold for all or for none would prove little.
      assert(decided > RUNS / 4, `only ${decided} rules told registrants apart`)
    })

    it(`disagree about no ${kind} for whom a rule is false rather than unknown`, async () => {
      await fc.assert(
        fc.asyncProperty(rules(kind), async source => {
          const contrary = check(`!(${source})`, { kind, attributes })
          const unknown = check(`(${source}) == null`, { kind, attributes })
          for (const checked of [contrary, unknown]) {
            const expected = [...subjects[kind]]
              .filter(([, subject]) => decide(checked, subject, TODAY) === 'true')
              .map(([id]) => id)
              .sort()
            assert.deepEqual(
              await idsOf(compile(checked, { today: TODAY }).statement()),
              expected,
              checked.source,
            )
          }
        }),
        { numRuns: RUNS / 2 },
      )
    })

    it(`answer several rules and formulas about ${kind}s at once as each by itself`, async () => {
      const several = fc.record({
        rules: fc.array(rules(kind), { minLength: 1, maxLength: 3 }),
        formula: formulas(kind),
      })
      await fc.assert(
        fc.asyncProperty(several, async ({ rules, formula }) => {
          const whether = rules.map(source => check(source, { kind, attributes }))
          const worth = check(formula, { kind, attributes, expects: 'number' })
          const within: Within = id => sql`${id} IN (SELECT id FROM ${view(kind)} WHERE name < 'b')`
          const { from, columns } = compileColumns([...whether, worth], { today: TODAY, within })
          const rows = await db.query<{ id: string; holds: boolean[]; value: string | null }>(sql`
            SELECT t.id, ARRAY[${join(columns.slice(0, -1))}]::boolean[] AS holds, ${columns.at(-1)} AS value
            FROM ${from} WHERE ${within(sql`t.id`)}`)
          assert(rows.length > 0 && rows.length < subjects[kind].size)
          const all = compileAll(whether, { today: TODAY, within })
          assert.deepEqual(
            await idsOf(sql`SELECT t.id FROM ${all.from} WHERE ${all.where}`),
            rows
              .filter(row => row.holds.every(Boolean))
              .map(row => row.id)
              .sort(),
          )
          for (const { id, holds, value } of rows) {
            const subject = subjects[kind].get(id)!
            const decided = whether.map(rule => decide(rule, subject, TODAY) === 'true')
            assert.deepEqual(holds.map(Boolean), decided, id)
            const computed = value === null ? undefined : format(decimal(value)!)
            assert.equal(computed, calculate(worth, subject, TODAY), id)
          }
        }),
        { numRuns: RUNS / 2 },
      )
    })

    it(`compute the same number for every ${kind} and any formula`, async () => {
      await fc.assert(
        fc.asyncProperty(formulas(kind), async source => {
          const checked = check(source, { kind, attributes, expects: 'number' })
          const { statement, value } = compileFormula(checked, { today: TODAY })
          const forms = [
            statement(),
            compileFormula(checked, { today: TODAY, within: id => sql`${id} IS NOT NULL` }).statement(),
            sql`SELECT t.id, ${value} AS value FROM ${view(kind)} t`,
          ]
          for (const form of forms) {
            const rows = await db.query<{ id: string; value: string | null }>(form)
            assert.equal(rows.length, subjects[kind].size)
            for (const row of rows) {
              const computed = row.value === null ? undefined : format(decimal(row.value)!)
              assert.equal(computed, calculate(checked, subjects[kind].get(row.id)!, TODAY), row.id)
            }
          }
        }),
        { numRuns: RUNS / 2 },
      )
    })
  }
})
