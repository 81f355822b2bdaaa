import sql from 'sql-template-tag'
import type { Db } from '../db/index.ts'

/** Whose hand an account is, at this moment. */
export type Identities = {
  /** The persons behind it: of a user one, of an API client everybody who answers for it or can sign in as it. */
  persons: readonly string[]
  /** What is kept with what somebody does: the account, those persons, and every user that is theirs. */
  kept: readonly string[]
  /** What that is compared with when somebody acts: the same, and every API client that is one of theirs. */
  all: readonly string[]
}

type Row = { account: string; persons: string[]; users: string[]; accounts: string[] }

/**
 * Whose hand an API client is, besides its own: a query giving `client_id` and `hand_id`, another account. Its owner (its
 * maker, when it has none), whoever was shown a secret that works, and whoever set a key. A secret counts until the
 * last access token that was asked for with it is over: a quarter of an hour.
 */
const HANDS = sql`
  SELECT id AS client_id, coalesce(owner_id, maker_id) AS hand_id FROM access.clients
  UNION SELECT client_id, shown_to FROM access.client_secrets
  WHERE coalesce(least(expires_at, revoked_at), 'infinity') > now() - interval '15 minutes'
  UNION SELECT client_id, set_by FROM access.client_keys`

/**
 * Who each of these accounts is now. Something that is no account, and a client behind which there is nobody, stands for
 * itself. A client may be behind a client, and then those behind it are.
 */
export const identitiesOf =
  (db: Db) =>
  async (accountIds: readonly string[]): Promise<Map<string, Identities>> => {
    const rows = await db.query<Row>(sql`
      WITH RECURSIVE asked AS (
        SELECT DISTINCT unnest(${[...accountIds]}::uuid[]) AS account
      ), hands AS (
        ${HANDS}
      ), behind AS (
        SELECT account, account AS id FROM asked
        UNION SELECT b.account, h.hand_id FROM behind b JOIN hands h ON h.client_id = b.id
      ), persons AS (
        SELECT DISTINCT b.account, u.person_id FROM behind b JOIN access.users u ON u.id = b.id
      ), users AS (
        SELECT p.account, u.id FROM persons p JOIN access.users u ON u.person_id = p.person_id
      ), theirs AS (
        (SELECT account, account AS id FROM asked UNION SELECT account, id FROM users)
        UNION SELECT t.account, h.client_id FROM theirs t JOIN hands h ON h.hand_id = t.id
      ), named AS (
        SELECT account, person_id AS id, 'person' AS what FROM persons
        UNION ALL SELECT account, id, 'user' FROM users
        UNION ALL SELECT account, id, 'account' FROM theirs
      )
      SELECT account, coalesce(array_agg(id) FILTER (WHERE what = 'person'), ARRAY[account]) AS persons,
        coalesce(array_agg(id) FILTER (WHERE what = 'user'), '{}') AS users,
        array_agg(id) FILTER (WHERE what = 'account') AS accounts
      FROM named GROUP BY account`)
    return new Map(
      rows.map(({ account, persons, users, accounts }) => {
        const kept = [...new Set([account, ...persons, ...users])]
        return [account, { persons, kept, all: [...new Set([...kept, ...accounts])] }]
      }),
    )
  }
