import pg from 'pg'
import sql from 'sql-template-tag'
import type { ProgramInput } from '#core/programs/index.ts'
import { superuserUrl, testDatabase } from '#tests/support/database.ts'
import { populate } from '#tests/support/population.ts'
import { personWith, programsOver } from '#tests/support/programs.ts'
import type { Doer } from '../baselines/programs.ts'

/** The day that it is, everywhere here. */
export const TODAY = '2026-06-15'
export const manager = personWith('program-manager')
export const doer: Doer = manager.actor

export type Country = Awaited<ReturnType<typeof openCountry>>
export type Program = Awaited<ReturnType<Country['program']>>

/** Many households, the programs over them, and a bare connection for the baselines. */
const openCountry = async (households: number) => {
  const db = await testDatabase()
  await populate(db, { households, regions: 5, districtsPerRegion: 20, adminUrl: db.adminUrl })
  const house = programsOver(db)
  await house.ledger.openFund(personWith('finance-officer'), { code: 'FUND', name: 'Fund', currency: 'KES' })
  await db.run(
    sql`INSERT INTO inventory.items (id, code, name, unit) VALUES (gen_random_uuid(), 'MAIZE', 'Maize', 'KGM')`,
  )
  // As the product's own connections: no plan is compiled.
  const pool = new pg.Pool({ connectionString: db.url, max: 1, options: '-c jit=off' })
  const superuser = new pg.Client({ connectionString: await superuserUrl(db.url) })
  await superuser.connect()
  // The audit trail refuses to be emptied; not to who switches its triggers off.
  await superuser.query(`SET session_replication_role = 'replica'`)
  let programs = 0

  return {
    db,
    house,
    client: await pool.connect(),
    empty: async (...tables: string[]): Promise<void> => {
      await superuser.query(`TRUNCATE ${tables.join(', ')}`)
    },
    program: async (input: Pick<ProgramInput, 'rules' | 'components'>) => {
      const code = `P${++programs}`
      const name = `Program ${programs}`
      const more = { code, name, target: 'group', currency: 'KES', fund: 'FUND' } as const
      await house.programs.createProgram(manager, { ...more, ...input })
      await house.programs.changeState(manager, code, 'active')
      const rows = await db.query<{ program_id: string; code: string; id: string }>(sql`
        SELECT c.program_id, c.code, c.id FROM programs.components c JOIN programs.programs p ON p.id = c.program_id
        WHERE p.code = ${code}`)
      return { id: rows[0]!.program_id, code, components: Object.fromEntries(rows.map(r => [r.code, r.id])) }
    },
    close: async () => {
      await superuser.end()
      await pool.end()
      await db.close()
    },
  }
}

/** One for the length of `work`. */
export const inCountry = async <T>(
  households: number,
  work: (country: Country) => Promise<T>,
): Promise<T> => {
  const country = await openCountry(households)
  try {
    return await work(country)
  } finally {
    country.client.release()
    await country.close()
  }
}
