import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { startWorker } from '#core/jobs/index.ts'
import { systemCtx } from '#core/kernel/index.ts'
import { compose, type Services } from '#gateway/compose.ts'
import { type Config, readConfig } from '#gateway/config.ts'
import { PATIENCE, type Patience } from '#gateway/http/patience.ts'
import { type Gateway, startGateway } from '#gateway/server.ts'
import { consumersOf, jobHandlersOf, tasksOf } from '#gateway/work.ts'
import { type TestDatabase, testDatabase } from './database.ts'

/** A gateway and a worker in this process, over a database of their own. Responses are checked against the document. */
export type TestGateway = {
  url: string
  services: Services
  db: TestDatabase
  /** The access token of a fresh API client with these roles, scoped to areas by their codes when given. */
  as(role: string | string[], scope?: { areas?: string[]; programIds?: string[] }): Promise<string>
  /** A JSON request. `token` is left out for anonymous calls. */
  call(method: string, path: string, options?: CallOptions): Promise<CallResult>
  /** Waits for a job (its reference) to end, and returns it. Fails the test when the job failed. */
  job(reference: string): Promise<JobView>
  close(): Promise<void>
}
export type CallOptions = { token?: string; body?: unknown; headers?: Record<string, string>; raw?: BodyInit }
// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
export type CallResult = { status: number; headers: Headers; body: any }
export type JobView = {
  reference: string
  state: string
  done: number
  total: number | null
  result: unknown
  error: string | null
}

const SILENT = pino({ level: process.env.TEST_LOG ?? 'silent' })

/** Starts them. Call in `before`; `close()` in `after`. `settings` and `patience` override the usual ones. */
export const startTestGateway = async (
  settings: Partial<Config> = {},
  patience: Partial<Patience> = {},
): Promise<TestGateway> => {
  const db = await testDatabase()
  const dataDir = mkdtempSync(join(tmpdir(), 'annona-test-'))
  writeFileSync(join(dataDir, 'master.key'), Buffer.alloc(32, 7).toString('base64'))
  const config: Config = {
    ...readConfig({}),
    dataDir,
    port: 0,
    databaseUrl: db.url,
    issuer: 'https://annona.test',
    validateResponses: true,
    ...settings,
  }
  const services = compose(config, SILENT, {
    name: 'test',
    statementTimeoutMs: 30_000,
    acquireTimeoutMs: 2_000,
  })
  const worker = await startWorker({
    connectionString: db.url,
    ...services,
    handlers: jobHandlersOf(services),
    tasks: tasksOf(services, consumersOf(services)),
    actorNow: services.access.actorNow,
  })
  const gateway = await startGateway(services, { ...PATIENCE, ...patience })
  return {
    url: gateway.url,
    services,
    db,
    as: clientMaker(gateway, services),
    call: callerOf(gateway.url),
    job: reference => waitForJob(services, reference),
    close: async () => {
      await gateway.close()
      await worker.stop()
      await services.db.close()
      await db.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** A second gateway over the same database, as another process would be one. */
export const anotherGateway = async (
  g: TestGateway,
): Promise<Pick<TestGateway, 'url' | 'call' | 'close'>> => {
  const services = compose({ ...g.services.config, port: 0 }, SILENT, {
    name: 'other',
    statementTimeoutMs: 30_000,
  })
  const gateway = await startGateway(services)
  const close = async () => {
    await gateway.close()
    await services.db.close()
  }
  return { url: gateway.url, call: callerOf(gateway.url), close }
}

const clientMaker = (gateway: Gateway, { access, areas }: Services): TestGateway['as'] => {
  let made = 0
  return async (role, scope = {}) => {
    const ids = scope.areas ? await areas.idsOf(scope.areas) : undefined
    const grants = [role].flat().map(r => ({
      role: r,
      ...(ids ? { areaIds: [...ids.values()] } : {}),
      ...(scope.programIds ? { programIds: scope.programIds } : {}),
    }))
    const clientId = `client-${++made}`
    const { clientSecret } = await access.createClient(systemCtx('test', 'test'), {
      clientId,
      name: clientId,
      grants,
    })
    const response = await fetch(`${gateway.url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
    })
    return ((await response.json()) as { access_token: string }).access_token
  }
}

/** Calls a gateway at an address. */
export const callerOf =
  (url: string): TestGateway['call'] =>
  async (method, path, { token, body, headers = {}, raw } = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: raw ?? (body === undefined ? null : JSON.stringify(body)),
      ...(raw ? { duplex: 'half' } : {}),
    } as RequestInit)
    const isEndless = response.headers.get('Content-Type')?.startsWith('text/event-stream')
    const text = isEndless ? await response.body!.cancel().then(() => '') : await response.text()
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    }
  }

const waitForJob = async ({ jobs }: Services, reference: string): Promise<JobView> => {
  for (let waited = 0; waited < 120_000; waited += 25) {
    const job = await jobs.get(reference)
    if (job.state === 'failed') throw new Error(`job ${job.kind} failed: ${job.error}`)
    if (job.state === 'succeeded' || job.state === 'cancelled') return job
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  throw new Error(`job ${reference} did not end`)
}
