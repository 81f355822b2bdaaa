import sql from 'sql-template-tag'
import { refFromPath } from '#core/kernel/index.ts'
import { ENTITLE, entitleValues, type Gives, prepareByHand } from '../baselines/programs.ts'
import type { Metrics } from '../kit/index.ts'
import { type Country, doer, inCountry, manager } from './country.ts'

const HOUSEHOLDS = 200_000
const WRITTEN = ['entitlements', 'findings', 'totals', 'cycles'].map(table => `programs.${table}`)

/**
 * A cycle prepared for every enrolled household: cash, and food by the number of members. Rules looked at again,
 * amounts with what they were worked out from, sums, audit and state, beside SQL by hand.
 */
export const metrics: Metrics = bench =>
  inCountry(Math.round(HOUSEHOLDS * bench.scale), async country => {
    const { house, client } = country
    const program = await country.program({
      rules: ['members.exists(m, age_years(m.birth_date) < 18)'],
      components: [
        { code: 'CASH', kind: 'cash', amount: '25.00' },
        { code: 'FOOD', kind: 'in_kind', item: 'MAIZE', perMember: 5, maximum: 30 },
      ],
    })
    await house.programs.enrol(manager, program.code)
    await house.work()
    const { CASH, FOOD } = program.components
    const gives: Gives = { cash: CASH!, amount: 2500, food: FOOD!, perMember: 5, maximum: 30 }
    let cycle = { reference: '', id: '' }
    await bench.plan('entitlements', client, ENTITLE, entitleValues(program.id, program.id, gives))
    const metric = await bench.compare({
      name: 'entitlements',
      prepare: async () => {
        await country.empty(...WRITTEN, 'audit.entries')
        cycle = await openCycle(country, program.code)
      },
      ours: async () => {
        await house.programs.prepareCycle(manager, cycle.reference)
        await house.work()
      },
      baseline: () => prepareByHand(client, { id: cycle.id, programId: program.id, gives }, doer),
      rows: () => prepared(country),
      goal: { atMost: 1.5 },
    })
    return [metric]
  })

const openCycle = async ({ db, house }: Country, code: string) => {
  const { reference } = await house.programs.openCycle(manager, code, {
    code: 'C1',
    name: 'First',
    validFrom: '2026-07-01',
    validUntil: '2026-07-31',
  })
  const row = await db.one<{ id: string }>(
    sql`SELECT id FROM programs.cycles WHERE ref = ${refFromPath('cycle', reference)}`,
  )
  return { reference, id: row!.id }
}

/** Every entitlement and every sum, as digests; and the state, and what the audit trail counts. */
const prepared = ({ db }: Country) =>
  db.query(sql`
    SELECT c.state, c.enrolled::int AS enrolled,
      (SELECT count(*)::int FROM programs.entitlements) AS entitlements,
      (SELECT md5(string_agg(concat_ws(' ', registrant_id, component_id, area_id, amount, fulfilled, sequence, status, inputs),
         ',' ORDER BY registrant_id, component_id)) FROM programs.entitlements WHERE cycle_id = c.id) AS who_gets_what,
      (SELECT md5(string_agg(concat_ws(' ', component_id, area_id, entitlements, amount, zeros, exceptions),
         ',' ORDER BY component_id, area_id)) FROM programs.totals WHERE cycle_id = c.id) AS sums,
      (SELECT sum(items)::int FROM audit.entries WHERE action = 'entitlement.prepare' AND subject_id = c.id) AS audited
    FROM programs.cycles c`)
