import pg from 'pg'
import sql from 'sql-template-tag'
import { formatReference, systemCtx } from '#core/kernel/index.ts'
import { populate } from '#tests/support/population.ts'
import { type Caller, READ, valuesOf } from '../baselines/read.ts'
import type { Metrics, Side } from '../kit/index.ts'
import { getAll, startServer } from './http.ts'
import { type Product, withProduct } from './product.ts'

const OPERATIONS = 250
const HOUSEHOLDS = 2_000
const READS = 4_000

/**
 * One record, read by a client whose grant covers one region of two: through the whole gateway, with a real token,
 * beside Koa and pg alone with the same statement. Requests per second of the server's processor time.
 */
export const metrics: Metrics = bench =>
  withProduct(async product => {
    const { db, env } = product
    const people = await populate(db, {
      households: HOUSEHOLDS,
      regions: 2,
      districtsPerRegion: 25,
      adminUrl: db.adminUrl,
    })
    const region = people.areas.get(people.regions[0]!)!
    const { caller, secret } = await makeClient(product, region)
    const paths = await pathsTo(product, region, Math.round(READS * bench.scale))
    await showPlan(bench, env.DATABASE_URL!, caller, paths[0]!)

    const ours = await startServer('gateway', env, [String(OPERATIONS)])
    const plain = await startServer('plain-read', env, [JSON.stringify(caller)])
    const authorization = `Bearer ${await tokenFor(ours.url, caller.name, secret)}`
    let bodies: unknown[] = []
    let since = '0'
    const read = async (url: string) => {
      bodies = (await getAll(url, paths, { authorization })).map(body => JSON.parse(body))
    }
    try {
      return [
        await bench.compare({
          name: 'read',
          ours: () => read(ours.url),
          baseline: () => read(plain.url),
          prepare: async () => {
            since = (await db.one(sql`SELECT pg_current_xact_id()::text AS xid`))!.xid
          },
          // What was answered, and what the audit trail says about it.
          rows: async () => [...bodies, ...(await auditedSince(product, since))],
          clock: (side: Side) => (side === 'ours' ? ours : plain).clock(),
          work: { count: paths.length, unit: 'requests' },
          goal: { atLeast: 0.5 },
        }),
      ]
    } finally {
      await Promise.all([ours.stop(), plain.stop()])
    }
  })

const makeClient = async ({ services, db }: Product, areaId: string) => {
  const { clientId, clientSecret } = await services.access.createClient(systemCtx('bench', 'bench'), {
    clientId: 'bench-reader',
    name: 'Reader',
    grants: [{ role: 'registrar', areaIds: [areaId] }],
  })
  const row = await db.one<{ id: string }>(sql`SELECT id FROM access.clients WHERE client_id = ${clientId}`)
  const caller: Caller = { id: row!.id, name: clientId, areaIds: [areaId] }
  return { caller, secret: clientSecret }
}

const tokenFor = async (url: string, clientId: string, secret: string): Promise<string> => {
  const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret }
  const response = await fetch(`${url}/oauth2/token`, { method: 'POST', body: new URLSearchParams(body) })
  return ((await response.json()) as { access_token: string }).access_token
}

/** As many households as individuals, in no order. */
const pathsTo = async ({ db }: Product, areaId: string, count: number): Promise<string[]> => {
  const rows = await db.query<{ kind: 'group' | 'individual'; ref: string }>(sql`
    SELECT kind, ref FROM (
      SELECT kind, ref, row_number() OVER (PARTITION BY kind ORDER BY ref) AS n FROM registry.registrants
      WHERE area_id IN (SELECT area_id FROM areas.closure WHERE ancestor_id = ${areaId})) r
    ORDER BY n LIMIT ${count}`)
  return rows.map(({ kind, ref }) => `/api/v1/registrants/${formatReference(kind, ref)}`)
}

const auditedSince = ({ db }: Product, xid: string) =>
  db.query(sql`
    SELECT actor_kind, actor_id, actor_name, action, subject_type, subject_id, items, reason, address
    FROM audit.entries WHERE xid > ${xid}::xid8 ORDER BY subject_id`)

const showPlan = async (bench: Parameters<Metrics>[0], url: string, caller: Caller, path: string) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await bench.plan('one registrant', client, READ, valuesOf(caller, '127.0.0.1', path.split('/').at(-1)!))
  } finally {
    await client.end()
  }
}
