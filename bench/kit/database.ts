import pg from 'pg'
import { startScratch } from '#core/db/embedded/scratch.ts'

/** A server of the benchmark's own, and a bare pool to it for the baselines. Nothing it writes is made durable. */
export const withDatabase = async <T>(
  work: (database: { url: string; pool: pg.Pool }) => Promise<T>,
): Promise<T> => {
  const server = await startScratch()
  const pool = new pg.Pool({ connectionString: server.adminUrl, max: 8 })
  // The server ends the connections that are idle when it stops.
  pool.on('error', () => undefined)
  try {
    return await work({ url: server.adminUrl, pool })
  } finally {
    await pool.end()
    await server.stop()
  }
}
