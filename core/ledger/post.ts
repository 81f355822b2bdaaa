import sql, { raw } from 'sql-template-tag'
import { conflict, MAX_MINOR, ruleViolated } from '../kernel/index.ts'
import type { LedgerDeps } from './index.ts'

/** Why money moves: the thing behind the posting, by type and id. A cause posts once per kind. */
export type Cause = { type: string; id: string }

/** The account that each kind of posting debits (which grows) and credits (which shrinks). */
const SIDES = {
  allocation: { debit: 'available', credit: 'source' },
  commitment: { debit: 'committed', credit: 'available' },
  release: { debit: 'available', credit: 'committed' },
  disbursement: { debit: 'disbursed', credit: 'committed' },
  return: { debit: 'committed', credit: 'disbursed' },
} as const
export type PostingKind = keyof typeof SIDES
export type Poster = ReturnType<typeof poster>

const TOO_LITTLE: Record<PostingKind, { rule: string; detail: string }> = {
  allocation: { rule: 'fund-limit', detail: 'A fund cannot hold that much.' },
  commitment: { rule: 'fund-exceeded', detail: 'The fund has less available than this would commit.' },
  release: { rule: 'commitment-exceeded', detail: 'Less is committed than this would release.' },
  disbursement: { rule: 'commitment-exceeded', detail: 'Less is committed than this would disburse.' },
  return: { rule: 'disbursement-exceeded', detail: 'Less is disbursed than this would return.' },
}

/**
 * Posts an amount (minor units, more than zero) of a kind, in the caller's unit of work. Returns whether it did:
 * `false` when the cause had posted the same already. Throws `rule_violated` when the credited account has
 * too little, and `conflict` (`posting-differs`) when the cause had posted another amount.
 */
export const poster = (deps: LedgerDeps) => (kind: PostingKind) => {
  const { db, ids, clock } = deps
  const { debit, credit } = SIDES[kind]
  const enough = (minor: bigint) =>
    kind === 'allocation'
      ? sql`${minor}::bigint <= ${MAX_MINOR}::bigint + source`
      : sql`${raw(credit)} >= ${minor}`

  return (cause: Cause, fundId: string, minor: bigint): Promise<boolean> =>
    db.transaction(async () => {
      if (minor <= 0n) throw new RangeError('a posting is of more than nothing')
      // More than any fund can hold, and perhaps more than the column can.
      if (minor > MAX_MINOR) throw ruleViolated(TOO_LITTLE[kind].rule, TOO_LITTLE[kind].detail)
      const posted = await db.run(sql`
        INSERT INTO ledger.postings (id, fund_id, kind, debit, credit, amount, cause_type, cause_id, posted_at)
        VALUES (${ids.uuid()}, ${fundId}, ${kind}, ${debit}, ${credit}, ${minor}, ${cause.type}, ${cause.id}, ${clock.now()})
        ON CONFLICT ON CONSTRAINT postings_once DO NOTHING`)
      if (posted === 0) return requireSame(deps, kind, cause, fundId, minor)
      const moved = await db.run(sql`
        UPDATE ledger.funds SET ${raw(debit)} = ${raw(debit)} + ${minor}, ${raw(credit)} = ${raw(credit)} - ${minor}
        WHERE id = ${fundId} AND ${enough(minor)}`)
      if (moved === 0) throw ruleViolated(TOO_LITTLE[kind].rule, TOO_LITTLE[kind].detail)
      return true
    })
}

const requireSame = async (
  { db }: LedgerDeps,
  kind: PostingKind,
  cause: Cause,
  fundId: string,
  minor: bigint,
): Promise<false> => {
  const known = await db.one<{ amount: string }>(sql`
    SELECT amount FROM ledger.postings
    WHERE cause_id = ${cause.id} AND cause_type = ${cause.type} AND kind = ${kind} AND fund_id = ${fundId}`)
  if (known?.amount === minor.toString()) return false
  throw conflict('The same cause was posted with another amount.', 'posting-differs')
}
