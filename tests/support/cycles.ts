import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { DomainError, systemCtx, uuid7 } from '#core/kernel/index.ts'
import type { ComponentInput } from '#core/programs/index.ts'
import { testDatabase } from './database.ts'
import { populate } from './population.ts'
import { personWith, programsOver } from './programs.ts'

export { personWith } from './programs.ts'

export const root = systemCtx('fixture', 'fixture')
export const manager = personWith('program-manager')
export const approver = personWith('cycle-approver')
export const auditor = personWith('auditor')
export const HOUSEHOLDS = 300
export const CASH = { code: 'CASH', kind: 'cash', amount: '25.00' } as const

/** For `assert.rejects`: the refusal has this code and rule. */
export const refused = (code: string, rule?: string) => (error: unknown) => {
  assert.ok(error instanceof DomainError, String(error))
  assert.deepEqual([error.code, error.rule], [code, rule])
  return true
}

export type CycleFixture = Awaited<ReturnType<typeof cycleFixture>>

/** A database with 300 households, and the steps that lead to cycles of programs for them. Jobs work in chunks of 100. */
export const cycleFixture = async () => {
  const db = await testDatabase({ poolSize: 10 })
  const people = await populate(db, { households: HOUSEHOLDS, adminUrl: db.adminUrl })
  const house = programsOver(db, { chunk: 100 })
  const { programs, ledger, work } = house
  await db.run(
    sql`INSERT INTO inventory.items (id, code, name, unit) VALUES (${uuid7()}, 'MAIZE', 'Maize', 'KGM')`,
  )
  let n = 0

  const fundOf = async (amount: string) => {
    const code = `FUND-${++n}`
    await ledger.openFund(root, { code, name: 'Fund', currency: 'KES' })
    await ledger.allocate(root, code, { amount })
    return code
  }
  /** An active program with everybody enrolled who meets its rules. */
  const program = async (components: ComponentInput[], rules = ['true'], given?: string) => {
    const code = `P-${++n}`
    const terms = { code, name: 'Support', target: 'group', currency: 'KES' } as const
    const fund = given ?? (await fundOf('1000000'))
    await programs.createProgram(manager, { ...terms, fund, rules, components })
    await programs.changeState(manager, code, 'active')
    await programs.enrol(manager, code)
    await work()
    return code
  }
  const open = async (code: string): Promise<string> => {
    const days = { validFrom: '2026-07-01', validUntil: '2026-07-31' }
    const cycle = await programs.openCycle(manager, code, { code: `C-${++n}`, name: 'July', ...days })
    return cycle.reference
  }
  const prepared = async (code: string) => {
    const cycle = await open(code)
    await programs.prepareCycle(manager, cycle)
    const [result] = await work()
    return { cycle, result }
  }
  const approved = async (code: string) => {
    const { cycle } = await prepared(code)
    await programs.submitCycle(manager, cycle)
    await programs.approveCycle(approver, cycle)
    return cycle
  }
  const idOf = async (cycle: string) => {
    const row = await db.one<{ id: string }>(
      sql`SELECT id FROM programs.cycles WHERE kernel.reference('CY', ref) = ${cycle}`,
    )
    return row!.id
  }

  return {
    ...house,
    db,
    people,
    fundOf,
    program,
    open,
    prepared,
    approved,
    idOf,
    state: async (cycle: string) => (await programs.getCycle(auditor, cycle)).state,
    /** The entitlements of a cycle as they stand in the database. */
    rowsOf: async (cycle: string) =>
      db.query(sql`
        SELECT e.registrant_id, k.code, e.amount, e.status, e.inputs, e.area_id
        FROM programs.entitlements e JOIN programs.components k ON k.id = e.component_id
        WHERE e.cycle_id = ${await idOf(cycle)} ORDER BY e.registrant_id, k.position`),
    /** Members by household. */
    sizes: async () => {
      const rows = await db.query<{ group_id: string; n: number }>(
        sql`SELECT group_id, count(*)::int AS n FROM registry.memberships GROUP BY group_id`,
      )
      return new Map(rows.map(r => [r.group_id, r.n]))
    },
  }
}
