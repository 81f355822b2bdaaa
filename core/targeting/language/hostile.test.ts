import assert from 'node:assert/strict'
import fc from 'fast-check'
import sql from 'sql-template-tag'
import { uuid7 } from '#core/kernel/index.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'
import { check, compile, compileFormula, decide, loadSubject } from './index.ts'
import { compilePattern, PatternError } from './pattern.ts'
import { attributes, TODAY } from './testing/population.ts'

describe('rules against a hostile world', function () {
  this.timeout(60_000)
  let db: TestDatabase
  before(async () => {
    db = await testDatabase()
  })
  after(() => db.close())

  /** Stores one group with these attributes, as JSON text; gives its id. */
  const groupWith = async (json: string): Promise<string> => {
    const id = uuid7()
    await db.run(sql`INSERT INTO registry.registrants (id, ref, kind, area_id, name, group_type, attributes, source)
      VALUES (${id}, kernel.random_ref(), 'group', ${uuid7()}, 'Group', 'household', ${json}::jsonb, 'test')`)
    return id
  }
  const holdsFor = async (source: string, id: string): Promise<boolean> => {
    const rule = compile(check(source, { kind: 'group', attributes }), { today: TODAY })
    return (await db.query(rule.statement(sql`t.id = ${id}`))).length === 1
  }

  it('bind every text they hold, and never write it into the statement', async () => {
    const texts = [
      "'; DROP TABLE registry.registrants; --",
      '" OR 1=1 --',
      '$1',
      '\\',
      "\\' OR true",
      '%_',
      '?',
      ':a',
    ]
    for (const text of texts) {
      const id = await groupWith(JSON.stringify({ roof: text }))
      const literal = JSON.stringify(text)
      const source = `attributes.roof == ${literal} && ${literal} in [attributes.roof] && attributes.roof.contains(${literal}) && !area.within(${literal}) == null || attributes["roof"] == ${literal}`
      const { text: statement, values } = compile(check(source, { kind: 'group', attributes }), {
        today: TODAY,
      }).statement()
      assert(!statement.includes(text) || text === '$1', statement)
      assert(values.includes(text))
      assert.equal(await holdsFor(source, id), true, text)
    }
    assert.equal(
      (await db.query(sql`SELECT count(*)::int AS n FROM registry.registrants`))[0]?.n,
      texts.length,
    )
  })

  it('never fail over recorded values, however absurd', async () => {
    const digits = '9'.repeat(5000)
    const absurd = [
      `{"score": 1e130000}`,
      `{"score": -${digits}.${digits}}`,
      `{"score": 1e-16000}`,
      `{"score": "12"}`,
      `{"score": [1]}`,
      `{"visited": "2021-02-29"}`,
      `{"visited": "infinity"}`,
      `{"visited": 20200101}`,
      `{"urban": "true"}`,
      `{"roof": {"a": 1}}`,
      '[]',
      '"text"',
      'null',
    ]
    const rules = [
      'attributes.score * attributes.score * attributes.score > 1',
      'sum([attributes.score, attributes.score]) * 2 > 1 || avg([attributes.score, 0.000000001]) / attributes.score < 3',
      '1 / (size - size) > 0 || size % (size - size) == 0 || 1.5 / (attributes.score - attributes.score) > 0',
      'attributes.visited < today() || age_years(attributes.visited) < 3',
      'attributes.urban || attributes.roof.size() > 3 || attributes.roof.matches("x")',
      'attributes.score < 30 || attributes.score in [1, 2.5]',
      // No head, so it is not known where the head lives; and "B" comes before "a" in every database.
      '!head.area.within("NONE")',
      '"a" < "B"',
    ]
    for (const json of absurd) {
      const id = await groupWith(json)
      const subject = (await loadSubject(db, 'group', id))!
      for (const source of rules)
        assert.equal(
          await holdsFor(source, id),
          decide(check(source, { kind: 'group', attributes }), subject, TODAY) === 'true',
          `${source} on ${json.slice(0, 40)}`,
        )
    }
  })

  it('leave a formula without result for one household alone when it cannot be computed for that one', async () => {
    const [zero, two] = [await groupWith('{"score": 0}'), await groupWith('{"score": 2}')]
    const { statement } = compileFormula(
      check('500 / attributes.score', { kind: 'group', attributes, expects: 'number' }),
      { today: TODAY },
    )
    const rows = await db.query<{ id: string; value: string | null }>(
      statement(sql`t.id IN (${zero}, ${two})`),
    )
    const values = new Map(rows.map(row => [row.id, row.value && Number(row.value)]))
    assert.deepEqual([values.get(zero), values.get(two)], [null, 250])
  })

  it('match regular expressions in linear time on both sides', async () => {
    const id = await groupWith(JSON.stringify({ roof: `${'a'.repeat(50_000)}!` }))
    const subject = (await loadSubject(db, 'group', id))!
    for (const pattern of [
      '^(a+)+$',
      '(a|aa)+$',
      '(a*)*b',
      '^(a?){50}a{50}$',
      '(.*a){20}$',
      '([a-z]+)*\\\\d',
    ]) {
      const source = `attributes.roof.matches("${pattern}")`
      const checked = check(source, { kind: 'group', attributes })
      const started = performance.now()
      const decided = decide(checked, subject, TODAY) === 'true'
      assert.equal(await holdsFor(source, id), decided, pattern)
      assert(performance.now() - started < 3000, `${pattern} took ${performance.now() - started} ms`)
    }
  })

  it('match what RE2 matches, for any regular expression that is accepted', async () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      'Z',
      '5',
      '.',
      '\\d',
      '\\W',
      '\\s',
      '\\S',
      '\\.',
      '\\n',
      '[ab]',
      '[^a]',
      '[a-c\\d]',
      '[-x]',
      '[^\\w]',
      'é',
      '😀',
      ' ',
      '_',
      '^',
      '$',
      '\\$',
      '\\^',
      '[\\^a]',
      '[a\\]b]',
      '\\x',
    )
    const times = fc.constantFrom('', '', '', '*', '+', '?', '*?', '{2}', '{0}', '{1,3}', '{2,}')
    const { pattern } = fc.letrec<{ pattern: string; part: string }>(tie => ({
      part: fc
        .tuple(
          fc.oneof(
            { weight: 5, arbitrary: atom },
            tie('pattern').map(p => `(${p})`),
            tie('pattern').map(p => `(?:${p})`),
          ),
          times,
        )
        .map(([a, t]) => a + t),
      pattern: fc.oneof(
        { maxDepth: 3 },
        fc.array(atom, { maxLength: 3 }).map(a => a.join('')),
        fc.array(tie('part'), { minLength: 1, maxLength: 4 }).map(p => p.join('')),
        fc.tuple(tie('pattern'), tie('pattern')).map(p => p.join('|')),
      ),
    }))
    const text = fc
      .array(fc.constantFrom('a', 'b', 'Z', '5', '.', '\n', ' ', 'é', '😀', '_', '^', '$', ']', '-'), {
        maxLength: 6,
      })
      .map(c => c.join(''))
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(pattern, fc.array(text, { minLength: 8, maxLength: 8 }), async (source, texts) => {
        let compiled: ReturnType<typeof compilePattern>
        try {
          compiled = compilePattern(source)
        } catch (error) {
          assert(error instanceof PatternError)
          return
        }
        accepted++
        const rows = await db.query<{ t: string; found: boolean }>(
          sql`SELECT t, t ~ ${compiled.postgres}::text AS found FROM unnest(${texts}::text[]) AS t`,
        )
        for (const { t, found } of rows)
          assert.equal(found, compiled.re2.matcher(t).find(), JSON.stringify(t))
      }),
      { numRuns: 1500 },
    )
    assert(accepted > 500, `only ${accepted} patterns were accepted`)
  })
})
