import { setTimeout as pause } from 'node:timers/promises'
import { DomainError, dayOf } from '#core/kernel/index.ts'
import type { Services } from '../compose.ts'
import { delegation, policies } from './approvals.ts'
import type { As } from './load.ts'
import { debtor } from './programs.ts'

const MONTHS_VALID = 6
/** How long the first credential may take, in tenths of a second. */
const PATIENCE = 300

/**
 * What was approved, and what waits for it: the child grant gets as far as printed credentials and a batch of payments
 * that two have to approve; the pension gets as far as a cycle that two have to approve, one after the other. Food
 * assistance is left to be tried. The delegation comes last: with it the demo is complete.
 */
export const loadApprovals = async (services: Services, as: As): Promise<void> => {
  const { approvals, clock } = services
  const administrator = await as('abeba')
  for (const policy of policies) {
    await unless(['code-taken'], () => approvals.createPolicy(administrator, policy))
    await unless(['policy-state'], () => approvals.activatePolicy(administrator, policy.code))
  }
  const cycle = await submittedCycle(services, as, 'CHILD-GRANT')
  await approve(services, as, cycle)
  await submittedBatch(services, as, cycle)
  await submittedCycle(services, as, 'PENSION')
  await approvals.delegate(await as('haile'), delegation(clock.now()))
}

/** Enrols who is eligible, and brings a first cycle to those who approve. */
const submittedCycle = async (services: Services, as: As, program: string): Promise<string> => {
  const { programs } = services
  const manager = await as('meles')
  await settled(services, (await programs.enrol(manager, program)).job)
  const validFrom = `${dayOf(services.clock.now()).slice(0, 7)}-01`
  const validUntil = inMonths(validFrom, MONTHS_VALID)
  await unless(['code-taken'], () =>
    programs.openCycle(manager, program, { code: 'FIRST', name: 'First cycle', validFrom, validUntil }),
  )
  const cycle = async () => (await programs.listCycles(manager, program, {}, { limit: 1 })).items[0]!
  const { reference, state } = await cycle()
  if (state === 'draft') await settled(services, (await programs.prepareCycle(manager, reference)).job)
  if ((await cycle()).state === 'prepared') await programs.submitCycle(manager, reference)
  return reference
}

/** An approver approves, then the director; resolves when there are credentials. */
const approve = async ({ programs, credentials }: Services, as: As, cycle: string): Promise<void> => {
  for (const approver of ['aster', 'haile'])
    await unless(['one-person-once', 'not-an-approver', 'cycle-state'], async () =>
      programs.approveCycle(await as(approver), cycle),
    )
  const manager = await as('meles')
  for (let waited = 0; waited < PATIENCE; waited++) {
    if ((await credentials.list(manager, {}, { limit: 1 })).items.length > 0) return
    await pause(100)
  }
}

const submittedBatch = async (services: Services, as: As, cycle: string): Promise<void> => {
  const { payments } = services
  const officer = await as('fikru')
  const [before] = (await payments.listBatches(officer, { cycle }, { limit: 1 })).items
  const batch = before ?? (await payments.createBatch(officer, cycle, { debtor }))
  if (batch.job) await settled(services, batch.job)
  if (batch.state === 'draft') await payments.submit(officer, batch.reference)
}

const settled = async ({ jobs }: Services, job: string): Promise<void> => {
  while (['waiting', 'running'].includes((await jobs.get(job)).state)) await pause(100)
}

/** Does something, unless it was done already: then one of these rules refuses it. */
const unless = async (rules: readonly string[], work: () => Promise<unknown>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof DomainError && rules.includes(error.rule ?? ''))) throw error
  }
}

const inMonths = (day: string, months: number): string => {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCMonth(date.getUTCMonth() + months, 0)
  return dayOf(date)
}
