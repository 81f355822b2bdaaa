/** What is needed of a client of pg. */
type Client = { query(text: string, values?: unknown[]): Promise<{ rows: Record<string, string>[] }> }

/** Ids that were given; a plan of hundreds of them cannot be read. */
const LONG_LIST = /'\{[^}]{200,}\}'/g

/**
 * The plan that PostgreSQL follows for a statement, with what it found on the way. The statement is run, in a
 * transaction that is rolled back: give a client that is not in one.
 */
export const explain = async (client: Client, text: string, values: unknown[] = []): Promise<string> => {
  await client.query('BEGIN')
  try {
    const { rows } = await client.query(`EXPLAIN (ANALYZE, BUFFERS, SETTINGS) ${text}`, values)
    return rows.map(row => row['QUERY PLAN']!.replace(LONG_LIST, "'{…}'")).join('\n')
  } finally {
    await client.query('ROLLBACK')
  }
}
