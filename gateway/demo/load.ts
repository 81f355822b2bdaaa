import { setTimeout as pause } from 'node:timers/promises'
import { type Ctx, DomainError, systemCtx } from '#core/kernel/index.ts'
import type { Services } from '../compose.ts'
import type { DemoAccess } from './accounts.ts'
import { COUNTRY } from './country.ts'
import { loadApprovals } from './cycles.ts'
import { attributes, populationFile } from './population.ts'
import { allocation, fund, items, locations, programs, receipts, transfers } from './programs.ts'

type Say = (message: string) => void
/** A context that acts as one of the demo's users. */
export type As = (username: string) => Promise<Ctx>

const DEMO_HOUSEHOLDS = 1_000
const DEMO_SEED = 1

/**
 * Loads the demo country through the use cases that its users would use, each step as the user whose work it
 * is. Whatever is there already is left as it is, so a load that was cut off goes on where it stopped.
 */
export const loadCountry = async (
  services: Services,
  access: Omit<DemoAccess, 'url'>,
  say: Say,
): Promise<void> => {
  const as = signedIn(services, access)
  say('Loading the demo country: a thousand households, three programs, what waits for approval …')
  const registrar = await as('rahel')
  for (const attribute of attributes)
    await unlessThere(() => services.registry.defineAttribute(registrar, attribute))
  await importHouseholds(services, registrar, { households: DEMO_HOUSEHOLDS, seed: DEMO_SEED })
  await stock(services, as)
  await startPrograms(services, as)
  await loadApprovals(services, as)
}

/** Whether the demo belongs here: the database is empty, or a load of the demo began and did not finish. */
export const demoIsWanted = async (services: Services): Promise<'no' | 'load' | 'loaded'> => {
  const ctx = systemCtx('demo', 'demo')
  const { items: roots } = await services.areas.list(ctx, { level: 0 }, { limit: 1 })
  if (roots.length === 0) return 'load'
  if (!(await services.areas.idsOf([COUNTRY.code])).has(COUNTRY.code)) return 'no'
  return (await services.approvals.listDelegations(ctx)).length > 0 ? 'loaded' : 'load'
}

/** Imports made households: the file is tested and committed as any other. Resolves when they are in the registry. */
export const importHouseholds = async (
  services: Services,
  ctx: Ctx,
  options: { households: number; seed: number },
  progress: (done: number, total: number | null) => void = () => {},
): Promise<void> => {
  const { imports, files, jobs } = services
  const name = `demo-seed-${options.seed}-${options.households}.csv`
  const { items: known } = await imports.list(ctx, {}, { limit: 200 })
  const before = known.find(i => i.fileName === name && !['refused', 'cancelled', 'undone'].includes(i.state))
  if (before?.state === 'committed') return
  const settled = async (job: string) => {
    for (;;) {
      const { state, error, done, total } = await jobs.get(job)
      progress(done, total)
      if (state === 'succeeded') return
      if (state === 'failed' || state === 'cancelled')
        throw new Error(`The import of the demo ended: ${error ?? state}`)
      await pause(200)
    }
  }
  const started =
    before ??
    (await imports.start(
      ctx,
      (
        await files.store(ctx, { name, mediaType: 'text/csv', maxBytes: 2 ** 40 }, populationFile(options))
      ).id,
      { country: COUNTRY.phone },
    ))
  await settled(started.job)
  const tested = await imports.get(ctx, started.reference)
  if (tested.state === 'committed') return
  const committing = tested.state === 'tested' ? await imports.commit(ctx, tested.reference) : tested
  await settled(committing.job)
}

/** Makes something, unless it is there already. */
const unlessThere = async (make: () => Promise<unknown>): Promise<void> => {
  try {
    await make()
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'conflict')) throw error
  }
}

const signedIn = ({ access }: Services, { users }: Omit<DemoAccess, 'url'>): As => {
  const known = new Map<string, Ctx>()
  return async username => {
    const before = known.get(username)
    if (before) return before
    const { password } = users.find(u => u.username === username)!
    const { token } = await access.signIn({ requestId: 'demo' }, username, { password })
    const ctx: Ctx = { actor: (await access.sessionOf(token))!.actor, requestId: 'demo' }
    known.set(username, ctx)
    return ctx
  }
}

const stock = async ({ inventory }: Services, as: As) => {
  const warehouse = await as('dawit')
  for (const item of items) await unlessThere(() => inventory.createItem(warehouse, item))
  for (const location of locations) await unlessThere(() => inventory.createLocation(warehouse, location))
  for (const receipt of receipts) await unlessThere(() => inventory.receive(warehouse, receipt))
  for (const transfer of transfers) await unlessThere(() => inventory.transfer(warehouse, transfer))
}

const startPrograms = async (services: Services, as: As) => {
  const finance = await as('fikru')
  const manager = await as('meles')
  await unlessThere(async () => {
    await services.ledger.openFund(finance, fund)
    await services.ledger.allocate(finance, fund.code, allocation)
  })
  for (const program of programs) {
    await unlessThere(() => services.programs.createProgram(manager, program))
    await unlessThere(() => services.programs.changeState(manager, program.code, 'active'))
  }
}
