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

/** One of a set of postings: the thing behind it, the fund, and how much (minor units, more than nothing). */
export type Posting = { id: string; fundId: string; minor: bigint }

/**
 * Posts amounts of a kind, in the caller's unit of work: all of them or none. Returns how many it did: a cause that had
 * posted the same already is left out. Throws `rule_violated` when a credited account has too little for its sum, and
 * `conflict` (`posting-differs`) when a cause had posted another amount.
 */
export const setPoster = (deps: LedgerDeps) => (kind: PostingKind) => {
  const { db, clock } = deps
  const { debit, credit } = SIDES[kind]
  const enough =
    kind === 'allocation' ? sql`s.minor <= ${MAX_MINOR}::bigint + f.source` : sql`f.${raw(credit)} >= s.minor`

  return (causeType: string, postings: readonly Posting[]): Promise<number> =>
    db.transaction(async () => {
      if (postings.length === 0) return 0
      if (postings.some(p => p.minor <= 0n)) throw new RangeError('a posting is of more than nothing')
      const tooLittle = () => ruleViolated(TOO_LITTLE[kind].rule, TOO_LITTLE[kind].detail)
      // More than any fund can hold, and perhaps more than the column can.
      if (postings.some(p => p.minor > MAX_MINOR)) throw tooLittle()
      const posted = await db.query<{ fund_id: string; amount: string }>(sql`
        INSERT INTO ledger.postings (id, fund_id, kind, debit, credit, amount, cause_type, cause_id, posted_at)
        SELECT kernel.uuid7(), p.fund_id, ${kind}, ${debit}, ${credit}, p.minor, ${causeType}, p.id, ${clock.now()}
        FROM ${asRows(postings)}
        ON CONFLICT ON CONSTRAINT postings_once DO NOTHING RETURNING fund_id, amount`)
      if (posted.length < postings.length) await requireSame(deps, kind, causeType, postings)
      const sums = new Map<string, bigint>()
      for (const { fund_id, amount } of posted) sums.set(fund_id, (sums.get(fund_id) ?? 0n) + BigInt(amount))
      if ([...sums.values()].some(sum => sum > MAX_MINOR)) throw tooLittle()
      const moved = await db.run(sql`
        UPDATE ledger.funds f SET ${raw(debit)} = f.${raw(debit)} + s.minor, ${raw(credit)} = f.${raw(credit)} - s.minor
        FROM unnest(${[...sums.keys()]}::uuid[], ${[...sums.values()].map(String)}::bigint[]) AS s (fund_id, minor)
        WHERE f.id = s.fund_id AND ${enough}`)
      if (moved < sums.size) throw tooLittle()
      return posted.length
    })
}

/** The same for a single cause. Returns whether it did. */
export const poster = (deps: LedgerDeps) => (kind: PostingKind) => {
  const post = setPoster(deps)(kind)
  return async (cause: Cause, fundId: string, minor: bigint): Promise<boolean> =>
    (await post(cause.type, [{ id: cause.id, fundId, minor }])) === 1
}

const asRows = (postings: readonly Posting[]) => sql`
  unnest(${postings.map(p => p.id)}::uuid[], ${postings.map(p => p.fundId)}::uuid[],
         ${postings.map(p => p.minor.toString())}::bigint[]) AS p (id, fund_id, minor)`

const requireSame = async (
  { db }: LedgerDeps,
  kind: PostingKind,
  causeType: string,
  postings: readonly Posting[],
): Promise<void> => {
  const other = await db.one(sql`
    SELECT 1 FROM ${asRows(postings)}
    JOIN ledger.postings l ON l.cause_id = p.id AND l.cause_type = ${causeType} AND l.kind = ${kind}
      AND l.fund_id = p.fund_id
    WHERE l.amount <> p.minor LIMIT 1`)
  if (other) throw conflict('The same cause was posted with another amount.', 'posting-differs')
}
