import { ReadableStream } from 'node:stream/web'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '#core/db/embedded/ports.ts'
import { systemCtx } from '#core/kernel/index.ts'
import { populate } from '#tests/support/population.ts'
import { familyOf, type Metrics, metric, watch } from '../kit/index.ts'
import { type Annona, startAnnona } from './annona.ts'
import { peopleFile } from './people-file.ts'
import { type Product, withProduct } from './product.ts'

const PEOPLE = 100_000
const IMPORT_MS = 600_000

/** What gateway and worker hold at most while a file of people is uploaded, tested and committed over HTTP. */
export const metrics: Metrics = bench =>
  withProduct(async product => {
    await populate(product.db, { households: 0, districtsPerRegion: 25 })
    const client = await makeClient(product)
    const annona = await startAnnona({ ...product.env, PORT: String(await freePort()) })
    try {
      const [gateway, worker] = ['gateway/main.ts', 'gateway/worker.ts'].map(entry => {
        const process = familyOf(annona.pid).find(member => member.command.includes(entry))
        if (!process) throw new Error(`there is no process of ${entry}`)
        return watch(process.pid)
      })
      const started = performance.now()
      await importPeople(annona, client, Math.round(PEOPLE * bench.scale))
      const seconds = (performance.now() - started) / 1000
      const [ofGateway, ofWorker] = [gateway!.stop(), worker!.stop()]
      return [
        metric({ name: 'gateway MB', value: ofGateway.peakMb, unit: 'MB', goal: { atMost: 300 } }),
        metric({ name: 'worker MB', value: ofWorker.peakMb, unit: 'MB', goal: { atMost: 400 } }),
        metric({ name: 'the same import', value: seconds, unit: 's' }),
      ]
    } finally {
      await annona.stop()
    }
  })

type Client = { clientId: string; clientSecret: string }

const makeClient = ({ services }: Product): Promise<Client> =>
  services.access.createClient(systemCtx('bench', 'bench'), {
    clientId: 'bench-importer',
    name: 'Importer',
    grants: [{ role: 'registrar' }],
  })

/** Uploads the file, waits for its test, commits, and waits until all of it is written. */
const importPeople = async ({ url }: Annona, client: Client, people: number): Promise<void> => {
  const body = {
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.clientSecret,
  }
  const { access_token: token } = await call<{ access_token: string }>(`${url}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams(body),
  })
  const authorization = { Authorization: `Bearer ${token}` }
  const csv = { ...authorization, 'Content-Type': 'text/csv' }
  const json = { ...authorization, 'Content-Type': 'application/json' }
  const api = `${url}/api/v1`
  const file = await call<{ id: string }>(`${api}/files?name=people.csv`, {
    method: 'POST',
    headers: csv,
    body: ReadableStream.from(peopleFile(people)) as BodyInit,
    duplex: 'half',
  })
  const { reference } = await call<{ reference: string }>(`${api}/imports`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ file: file.id }),
  })
  const until = async (state: string) => {
    const started = performance.now()
    for (;;) {
      const found = await call<Import>(`${api}/imports/${reference}`, { headers: authorization })
      if (found.state === state) return found.totals
      if (!found.state.endsWith('ing') || performance.now() - started > IMPORT_MS)
        throw new Error(`the import is ${found.state}, not ${state}`)
      await pause(250)
    }
  }
  await until('tested')
  await call(`${api}/imports/${reference}/commit`, { method: 'POST', headers: json, body: '{}' })
  const totals = await until('committed')
  if (totals.create !== people) throw new Error(`${totals.create} of ${people} people were imported`)
}

type Import = { state: string; totals: { create: number } }

const call = async <T>(url: string, init: RequestInit & { duplex?: 'half' } = {}): Promise<T> => {
  const response = await fetch(url, init as RequestInit)
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}
