import sql from 'sql-template-tag'
import { BY_HAND, enrolStatement, enrolValues } from '../baselines/programs.ts'
import type { Metric, Metrics } from '../kit/index.ts'
import { type Country, doer, inCountry, manager, type Program, TODAY } from './country.ts'

const HOUSEHOLDS = 200_000

/** Rules as people write them, and the same by hand. */
const RULES: [name: string, rules: string[], byHand: string][] = [
  [
    'some member',
    ['members.exists(m, age_years(m.birth_date) < 5)', 'attributes.score < 30'],
    BY_HAND.someSmallChildAndPoor,
  ],
  [
    'no member',
    ['!members.exists(m, age_years(m.birth_date) >= 18 && age_years(m.birth_date) < 60)'],
    BY_HAND.nobodyOfWorkingAge,
  ],
  [
    'so many members',
    ['members.filter(m, age_years(m.birth_date) < 18).size() >= 3'],
    BY_HAND.threeChildrenOrMore,
  ],
]

/** Everybody eligible is enrolled, with the audit trail, beside one statement by hand. The worst rule counts. */
export const metrics: Metrics = bench =>
  inCountry(Math.round(HOUSEHOLDS * bench.scale), async country => {
    const found: Metric[] = []
    for (const [name, rules, byHand] of RULES) found.push(await measure(bench, country, name, rules, byHand))
    const worst = found.reduce((a, b) => (b.ratio! > a.ratio! ? b : a))
    return [...found, { ...worst, name: 'eligibility' }]
  })

const measure = async (
  bench: Parameters<Metrics>[0],
  country: Country,
  name: string,
  rules: string[],
  byHand: string,
) => {
  const { house, client } = country
  const program = await country.program({
    rules,
    components: [{ code: 'CASH', kind: 'cash', amount: '25.00' }],
  })
  const values = enrolValues(program.id, TODAY, doer)
  await bench.plan(`enrolling, ${name}`, client, enrolStatement(byHand), values)
  return bench.compare({
    name: `eligibility, ${name}`,
    prepare: () => country.empty('programs.enrolments', 'audit.entries'),
    ours: async () => {
      await house.programs.enrol(manager, program.code)
      await house.work()
    },
    baseline: () => client.query(enrolStatement(byHand), values),
    rows: () => enrolled(country, program),
    goal: { atMost: 1.3 },
  })
}

/** Who was enrolled, as a digest, and how many of them the audit trail names; in how many entries may differ. */
const enrolled = ({ db }: Country, { id }: Program) =>
  db.query(sql`
    SELECT count(*)::int AS enrolled, min(started_on) AS started_on, min(status) AS status,
      md5(string_agg(registrant_id::text, ',' ORDER BY registrant_id)) AS who,
      (SELECT count(*)::int FROM programs.enrolments e
       WHERE e.id IN (SELECT unnest(item_ids) FROM audit.entries
         WHERE action = 'enrolment.open' AND subject_id = ${id} AND actor_id = ${doer.id} AND cardinality(item_ids) = items
           AND after = jsonb_build_object('status', e.status, 'evaluationDate', e.started_on))) AS audited
    FROM programs.enrolments WHERE program_id = ${id}`)
