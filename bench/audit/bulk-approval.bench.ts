import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import type { Db } from '#core/db/index.ts'
import { uuid7 } from '#core/kernel/index.ts'
import { testDatabase } from '#tests/support/database.ts'
import { personWith, programsOver } from '#tests/support/programs.ts'
import { type Metrics, median, metric } from '../kit/index.ts'

const SUBJECTS = 10_000
const ENTITLEMENTS = 3
const RUNS = 3
const maker = personWith('program-manager')
const approver = personWith('cycle-approver')

type House = ReturnType<typeof programsOver>

/**
 * Ten thousand cycles, each with its entitlements, approved by one person in one transaction: who may decide what, the
 * content of each compared with what was submitted, entitlements due, cash committed in the fund, states, signatures,
 * timeline, audit and messages. What is timed is the decision on a set that was previewed, whole.
 */
export const metrics: Metrics = async bench => {
  const db = await testDatabase({ poolSize: 2 })
  try {
    const house = programsOver(db)
    const program = await activeProgram(db, house)
    const count = Math.round(SUBJECTS * bench.scale)
    const [decided, previewed]: [number[], number[]] = [[], []]
    for (let run = 0; run < RUNS; run++) {
      await submitCycles(db, house, program, count)
      const everything = { filter: { subjectType: 'cycle' } }
      const begun = performance.now()
      const { etag, decidable } = await house.approvals.preview(approver, everything)
      const shown = performance.now()
      assert.equal(decidable, count)
      const outcome = await house.approvals.decideMany(approver, everything, etag, { verdict: 'approve' })
      decided.push((performance.now() - shown) / 1000)
      previewed.push((shown - begun) / 1000)
      assert.deepEqual(outcome, { decided: count, finished: count })
    }
    await assertApproved(db, count * RUNS)
    return [
      metric({ name: 'bulk approval s', value: median(decided), unit: 's', goal: { atMost: 3 } }),
      metric({ name: 'bulk preview s', value: median(previewed), unit: 's' }),
    ]
  } finally {
    await db.close()
  }
}

const activeProgram = async (db: Db, { programs, ledger }: House): Promise<string> => {
  await ledger.openFund(ROOT, { code: 'FUND', name: 'Fund', currency: 'KES' })
  await ledger.allocate(ROOT, 'FUND', { amount: '1000000000' })
  const component = { code: 'CASH', kind: 'cash', amount: '25.00' } as const
  const terms = { code: 'P', name: 'Support', target: 'group', currency: 'KES', fund: 'FUND' } as const
  await programs.createProgram(maker, { ...terms, rules: ['true'], components: [component] })
  return (await db.one<{ id: string }>(sql`SELECT id FROM programs.program_codes WHERE code = 'P'`))!.id
}

const ROOT = {
  ...maker,
  actor: { ...maker.actor, grants: [{ permissions: new Set(['*']), areaIds: null, programIds: null }] },
}

let batch = 0

/** Cycles as submitting leaves them, and the requests for their approval. */
const submitCycles = async (db: Db, { approvals, programs }: House, program: string, count: number) => {
  batch++
  const cycles = await db.query<{ id: string }>(sql`
    INSERT INTO programs.cycles (id, ref, program_id, code, name, state, valid_from, valid_until, evaluation_date, basis,
      prepared_by, prepared_by_name, prepared_at, submitted_by, submitted_by_name, submitted_at, digest, created_at)
    SELECT kernel.uuid7(), kernel.random_ref(), p.id, ${`B${batch}-`}::text || n, 'July', 'submitted', '2026-07-01', '2026-07-31',
      '2026-06-15', jsonb_build_object('target', p.target, 'currency', p.currency, 'fundId', p.fund_id, 'rules', p.rules,
        'components', (SELECT jsonb_agg(to_jsonb(k)) FROM programs.components k WHERE k.program_id = p.id)),
      ${uuid7()}, 'maker', now(), ${maker.actor.id}, 'maker', now(), ''::bytea, now()
    FROM programs.programs p, generate_series(1, ${count}) n WHERE p.id = ${program} RETURNING id`)
  const ids = cycles.map(c => c.id)
  await db.run(sql`
    INSERT INTO programs.entitlements (id, ref, amount, cycle_id, registrant_id, component_id, area_id, inputs)
    SELECT kernel.uuid7(), kernel.random_ref(), 2500, c, kernel.uuid7(), k.id, kernel.uuid7(), '{}'
    FROM unnest(${ids}::uuid[]) c, generate_series(1, ${ENTITLEMENTS}), programs.components k WHERE k.program_id = ${program}`)
  const digests = await programs.approvalSubject.digests(ids)
  await approvals.submit(
    maker,
    'cycle',
    ids.map(id => ({
      id,
      name: id,
      programId: program,
      areaId: null,
      title: 'July',
      facts: {
        program: 'P',
        target: 'group',
        currency: 'KES',
        total: '75.00',
        entitlements: ENTITLEMENTS,
        exceptions: 0,
        zeros: 0,
        first: false,
      },
      amount: { minor: 7500n, currency: 'KES' },
      items: ENTITLEMENTS,
      digest: digests.get(id)!,
      makers: [maker.actor.id],
    })),
  )
}

/** That it was really done: in the cycles, the entitlements, the fund, and on the trail. */
const assertApproved = async (db: Db, cycles: number) => {
  const done = await db.one(sql`
    SELECT (SELECT count(*)::int FROM programs.cycles WHERE state = 'approved') AS cycles,
      (SELECT count(*)::int FROM programs.entitlements WHERE status = 'approved') AS entitlements,
      (SELECT committed::int FROM ledger.funds) AS committed,
      (SELECT sum(items)::int FROM audit.entries WHERE action = 'cycle.approve') AS audited,
      (SELECT sum(items)::int FROM audit.entries WHERE action = 'approval.approve') AS decided,
      (SELECT count(*)::int FROM outbox.messages WHERE type = 'cycle.approved') AS told`)
  assert.deepEqual(done, {
    cycles,
    entitlements: cycles * ENTITLEMENTS,
    committed: cycles * 7500,
    audited: cycles,
    decided: cycles,
    told: cycles,
  })
}
