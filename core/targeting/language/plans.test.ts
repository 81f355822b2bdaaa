import assert from 'node:assert/strict'
import sql, { join } from 'sql-template-tag'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { check, compile, compileColumns } from './index.ts'
import { attributes, TODAY } from './testing/population.ts'

describe('the plan of a compiled rule', () => {
  let db: TestDatabase
  before(async () => {
    db = await testDatabase()
  })
  after(() => db.close())

  const planOf = async (source: string): Promise<string> => {
    const { statement } = compile(check(source, { kind: 'group', attributes }), { today: TODAY })
    const rows = await db.query(sql`EXPLAIN (FORMAT TEXT, COSTS OFF) ${statement()}`)
    return rows.map(row => row['QUERY PLAN']).join('\n')
  }

  it('looks up "no member …" by an anti-join, written as !exists or as all', async () => {
    for (const source of [
      '!members.exists(m, age_years(m.birth_date) < 5)',
      'members.all(m, age_years(m.birth_date) >= 18)',
    ])
      assert.match(await planOf(source), /Anti Join/, source)
  })

  it('runs nothing per household: every question to a list is joined', async () => {
    for (const source of [
      'members.exists(m, age_years(m.birth_date) < 5) && !members.exists(m, m.sex == "male")',
      'attributes.score < 30 || members.exists(m, m.is_head && m.sex == "female")',
      'members.filter(m, age_years(m.birth_date) < 5).size() > members.map(m, m.attributes.income).avg()',
      'size > 3 ? head.sex == "female" : members.all(m, has(m.birth_date))',
      'area.within("KX") && head.area.level > 1 && !(members.exists(m, m.area.name == "a") == attributes.urban)',
    ])
      assert.doesNotMatch(await planOf(source), /SubPlan/, source)
  })

  it('goes through the members once for all rules and formulas that are compiled together', async () => {
    const parts = [
      check('members.exists(m, age_years(m.birth_date) < 18)', { kind: 'group', attributes }),
      check('members.all(m, has(m.birth_date))', { kind: 'group', attributes }),
      check('members.filter(m, m.sex == "female").size() + 10 * members.map(m, m.attributes.income).max()', {
        kind: 'group',
        attributes,
        expects: 'number',
      }),
    ]
    const { from, columns } = compileColumns(parts, { today: TODAY })
    const rows = await db.query(sql`EXPLAIN (COSTS OFF) SELECT ${join(columns)} FROM ${from}`)
    const plan = rows.map(row => row['QUERY PLAN']).join('\n')
    assert.equal(plan.match(/Scan.* on memberships/g)?.length, 1, plan)
    assert.doesNotMatch(plan, /SubPlan/)
  })
})
