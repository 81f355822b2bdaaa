import assert from 'node:assert/strict'
import { CelScalar, celEnv, celFunc, isCelError, parse, plan } from '@bufbuild/cel'
import fc from 'fast-check'
import { ageOn, monthsBefore } from './days.ts'
import {
  check,
  checkRecord,
  decide,
  decideRecord,
  type FactTypes,
  type FactValues,
  type GroupDocument,
  type IndividualDocument,
  type Subject,
} from './index.ts'
import { attributes, DAYS, TEXTS, TODAY } from './testing/population.ts'
import { plainConditions, plainRules } from './testing/rules.ts'

/*
 * An independent evaluator of CEL as oracle, for the part of the language that CEL itself defines. What is not
 * recorded is a missing key there, which CEL answers with an error, and CEL's errors behave in `&&`, `||`, `!`,
 * `?:`, `exists` and `all` as "unknown" does here. Dates are their ISO text, which orders alike.
 */

const { INT, STRING } = CelScalar
const dates = [
  celFunc('today', [], STRING, () => TODAY),
  celFunc('date', [STRING], STRING, day => day),
  celFunc('months_ago', [INT], STRING, months => monthsBefore(TODAY, Number(months))),
  celFunc('age_years', [STRING], INT, birth => {
    const age = ageOn(TODAY, birth)
    if (age === undefined) throw new Error('not born')
    return BigInt(age)
  }),
]

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 })
const text = maybe(fc.constantFrom(...TEXTS))
const day = maybe(fc.constantFrom(...DAYS))
const number = maybe(fc.constantFrom(0, 1, 29.5, 30, -7, 100))
const area = fc.constantFrom(
  undefined,
  { code: 'KX', name: 'Kesh', level: 0, within: ['KX'] },
  { code: 'KX01', name: 'b', level: 1, within: ['KX', 'KX01'] },
)
const person = fc.record({
  name: text,
  sex: maybe(fc.constantFrom('female', 'male')),
  birth_date: day,
  death_date: day,
  area,
  attributes: fc.record({ job: text, income: number, enrolled: maybe(fc.boolean()), seen: day }),
})
const member = fc.record({
  is_head: fc.boolean(),
  roles: fc.subarray(['guardian', 'dependent']),
  relationship: text,
  person,
})
const group: fc.Arbitrary<GroupDocument> = fc
  .record({
    // Always there: without it CEL takes `type` for its own type of types.
    type: fc.constantFrom('household', 'family'),
    name: text,
    registered_on: day,
    area,
    attributes: fc.record({ roof: text, score: number, urban: maybe(fc.boolean()), visited: day }),
    members: fc.array(member, { maxLength: 4 }),
  })
  .map(made => {
    const head = made.members.findIndex(m => m.is_head)
    const members = made.members.map(({ person: p, ...m }, i) => ({ ...p, ...m, is_head: i === head }))
    return { ...made, members, size: members.length } as unknown as GroupDocument
  })
const individual = fc
  .record({ person, groups: fc.array(group, { maxLength: 3 }) })
  .map(made => ({ ...made.person, groups: made.groups }) as unknown as IndividualDocument)

const FACTS: FactTypes = {
  total: 'decimal',
  count: 'int',
  program: 'string',
  channel: 'string',
  urgent: 'bool',
  submitted: 'date',
}
const record: fc.Arbitrary<FactValues> = fc.record({
  total: number,
  count: maybe(fc.constantFrom(0n, 1n, 5n, -7n, 29n)),
  program: text,
  channel: text,
  urgent: maybe(fc.boolean()),
  submitted: day,
})

/** The document as the oracle reads it: whole numbers of the model as ints, what is not recorded left out. */
const forOracle = (document: unknown, key?: string): unknown => {
  if (Array.isArray(document)) return document.map(each => forOracle(each))
  if (typeof document === 'number') return key === 'size' || key === 'level' ? BigInt(document) : document
  if (typeof document !== 'object' || document === null) return document
  const entries = Object.entries(document).filter(([, value]) => value !== undefined && value !== null)
  const map = new Map(entries.map(([name, value]) => [name, forOracle(value, name)]))
  const head = (map.get('members') as Map<string, unknown>[] | undefined)?.find(
    m => m.get('is_head') === true,
  )
  return head ? map.set('head', head) : map
}

const askOracle = (source: string, subject: Subject): string =>
  ask(source, Object.fromEntries(forOracle(subject) as Map<string, never>))

const ask = (source: string, bindings: Record<string, unknown>): string => {
  const result = plan(celEnv({ funcs: dates }), parse(source))(bindings as never)
  return isCelError(result) ? 'unknown' : JSON.stringify(result)
}

describe('the interpreter and an independent evaluator of CEL', function () {
  this.timeout(120_000)
  for (const [kind, subject] of [
    ['group', group],
    ['individual', individual],
  ] as const)
    it(`agree about any rule over ${kind}s in plain CEL`, () => {
      const seen = new Set<string>()
      fc.assert(
        fc.property(
          plainRules(kind),
          fc.array<Subject>(subject as fc.Arbitrary<Subject>, { minLength: 5, maxLength: 5 }),
          (source, subjects) => {
            const checked = check(source, { kind, attributes })
            for (const each of subjects) {
              const outcome = decide(checked, each, TODAY)
              seen.add(outcome)
              assert.equal(outcome, askOracle(source, each))
            }
          },
        ),
        { numRuns: 800 },
      )
      assert.deepEqual([...seen].sort(), ['false', 'true', 'unknown'])
    })

  it('agree about any condition over a record in plain CEL', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(plainConditions, fc.array(record, { minLength: 5, maxLength: 5 }), (source, records) => {
        const checked = checkRecord(source, FACTS)
        for (const values of records) {
          const known = Object.entries(values).filter(([, value]) => value !== undefined)
          const outcome = decideRecord(checked, values, TODAY)
          seen.add(outcome)
          assert.equal(outcome, ask(source, Object.fromEntries(known)))
        }
      }),
      { numRuns: 800 },
    )
    assert.deepEqual([...seen].sort(), ['false', 'true', 'unknown'])
  })
})
