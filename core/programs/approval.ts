import sql from 'sql-template-tag'
import type { ApprovalSubject, Submission } from '../approvals/index.ts'
import { insertEach } from '../audit/index.ts'
import { type Ctx, changesOf, formatMinor, formatReference } from '../kernel/index.ts'
import { type Content, contentsOf } from './digest.ts'
import type { CycleRow } from './find.ts'
import type { ProgramsDeps } from './index.ts'

/** What policies can say of a cycle: amounts in units of its currency, counts of what it was prepared for. */
const FACTS = {
  program: 'string',
  target: 'string',
  currency: 'string',
  total: 'decimal',
  entitlements: 'int',
  exceptions: 'int',
  zeros: 'int',
  first: 'bool',
} as const

/** A cycle as it is submitted for approval. Who prepared it and who submits it have made it. */
export const submissionOf = async (
  { db }: ProgramsDeps,
  cycle: CycleRow,
  { digest, entitlements, cash }: Content,
  counts: { exceptions: number; zeros: number },
): Promise<Submission> => {
  const program = (await db.one<{ code: string; name: string }>(
    sql`SELECT code, name FROM programs.programs WHERE id = ${cycle.program_id}`,
  ))!
  const { currency, target } = cycle.basis!
  return {
    id: cycle.id,
    name: formatReference('cycle', cycle.ref),
    programId: cycle.program_id,
    areaId: null,
    title: `${program.name}, ${cycle.name as string}`,
    facts: {
      program: program.code,
      target,
      currency,
      total: formatMinor(cash, currency),
      entitlements,
      ...counts,
      first: cycle.compared_with === null,
    },
    amount: { minor: cash, currency },
    items: entitlements,
    digest,
    makers: [cycle.prepared_by as string],
  }
}

/** Cycles, as they are approved: what was submitted becomes due, and its cash is committed in the fund. */
export const cycleSubject = (deps: ProgramsDeps): ApprovalSubject => {
  const { db } = deps
  const submitted = (ids: readonly string[]) =>
    db.query<CycleRow>(
      sql`SELECT * FROM programs.cycles WHERE id = ANY(${[...ids]}::uuid[]) AND state = 'submitted' ORDER BY id`,
    )

  return {
    type: 'cycle',
    permission: 'cycle:approve',
    required: true,
    facts: FACTS,
    risks: [
      {
        risk: 'exceptions-left-out',
        means: 'People for whom no amount could be worked out were left out.',
        of: facts => Number(facts.exceptions) > 0,
      },
      {
        risk: 'first-time',
        means: 'There is no cycle of the program before it to compare it with.',
        of: facts => facts.first === true,
      },
    ],
    lock: async ids => {
      await db.query(
        sql`SELECT FROM programs.cycles WHERE id = ANY(${[...ids]}::uuid[]) ORDER BY id FOR UPDATE`,
      )
    },
    digests: async ids => {
      const contents = await contentsOf(deps, await submitted(ids))
      return new Map([...contents].map(([id, { digest }]) => [id, digest]))
    },
    approved: approved(deps),
    returned: async (ctx, ids, comment) =>
      unfreeze(deps, ctx, await submitted(ids), comment, {
        action: 'cycle.return',
        message: 'cycle.returned',
      }),
    withdrawn: async (ctx, ids, comment) =>
      unfreeze(deps, ctx, await submitted(ids), comment, {
        action: 'cycle.withdraw',
        message: 'cycle.withdrawn',
      }),
    rejected: async (ctx, ids, comment) => {
      await db.run(
        sql`DELETE FROM programs.entitlements WHERE cycle_id = ANY(${[...ids]}::uuid[]) AND status = 'draft'`,
      )
      await change(
        deps,
        ctx,
        await submitted(ids),
        { state: 'cancelled', comment },
        {
          action: 'cycle.reject',
          message: 'cycle.rejected',
        },
      )
    },
  }
}

type Deed = { action: string; message: string }

const unfreeze = (deps: ProgramsDeps, ctx: Ctx, cycles: readonly CycleRow[], comment: string, deed: Deed) =>
  change(deps, ctx, cycles, { state: 'prepared', comment, digest: null }, deed)

/** Changes submitted cycles alike. A cycle that is no longer submitted has nobody who submitted it. */
const change = async (
  { db, outbox }: ProgramsDeps,
  ctx: Ctx,
  cycles: readonly CycleRow[],
  to: { state: string; comment: string; digest?: null },
  { action, message }: Deed,
): Promise<void> => {
  const ids = cycles.map(c => c.id)
  await db.run(sql`
    UPDATE programs.cycles SET state = ${to.state}, comment = ${to.comment},
      digest = ${to.digest === null ? sql`NULL` : sql`digest`}, submitted_by = NULL, submitted_by_name = NULL,
      submitted_at = NULL
    WHERE id = ANY(${ids}::uuid[])`)
  const changes = cycles.map(c => ({ id: c.id, ...changesOf(frozen(c), { ...frozen(c), ...to }) }))
  await db.run(insertEach(ctx, action, 'cycle', changes))
  await outbox.publishSet(
    message,
    sql`SELECT id AS subject_id, '{}'::jsonb AS payload, program_id, NULL::uuid AS area_id
        FROM programs.cycles WHERE id = ANY(${ids}::uuid[])`,
  )
}

/** What submitting and giving back change of a cycle. */
export const frozen = ({ state, digest, comment }: CycleRow) => ({
  state,
  digest: digest === null ? null : (digest as Buffer).toString('hex'),
  comment: comment as string | null,
})

const approved =
  (deps: ProgramsDeps): ApprovalSubject['approved'] =>
  async (ctx, ids) => {
    const { db, clock, outbox, ledger } = deps
    const due = await db.query<{ id: string; fund_id: string; entitlements: string; cash: string }>(sql`
      WITH due AS (
        UPDATE programs.entitlements SET status = 'approved'
        WHERE cycle_id = ANY(${[...ids]}::uuid[]) AND status = 'draft' RETURNING cycle_id, component_id, amount
      )
      SELECT c.id, c.basis->>'fundId' AS fund_id, count(*)::text AS entitlements,
        coalesce(sum(due.amount) FILTER (WHERE k.kind = 'cash'), 0)::text AS cash
      FROM due JOIN programs.components k ON k.id = due.component_id JOIN programs.cycles c ON c.id = due.cycle_id
      GROUP BY c.id`)
    await ledger.commitAll(
      'cycle',
      due.filter(c => c.cash !== '0').map(c => ({ id: c.id, fundId: c.fund_id, minor: BigInt(c.cash) })),
    )
    await db.run(sql`
      UPDATE programs.cycles SET state = 'approved', decided_by = ${ctx.actor.id}, decided_by_name = ${ctx.actor.name},
        decided_at = ${clock.now()}
      WHERE id = ANY(${[...ids]}::uuid[])`)
    await db.run(
      insertEach(
        ctx,
        'cycle.approve',
        'cycle',
        due.map(({ id, entitlements, cash }) => ({
          id,
          before: { state: 'submitted' },
          after: { state: 'approved', entitlements, committed: cash },
        })),
      ),
    )
    await outbox.publishSet(
      'cycle.approved',
      sql`SELECT id AS subject_id, jsonb_build_object('programId', program_id) AS payload, program_id,
            NULL::uuid AS area_id
          FROM programs.cycles WHERE id = ANY(${[...ids]}::uuid[])`,
    )
  }
