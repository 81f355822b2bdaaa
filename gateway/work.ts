import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { whyUnsealed } from '#core/audit/index.ts'
import type { JobHandler, Schedule } from '#core/jobs/index.ts'
import type { Consumer } from '#core/outbox/index.ts'
import type { Services } from './compose.ts'

/** What runs by itself. Cron expressions are in UTC. */
export const schedules: readonly Schedule[] = [
  { name: 'audit-seal', cron: '* * * * *', task: 'audit.seal' },
  { name: 'approval-deadlines', cron: '* * * * *', task: 'approvals.deadlines' },
  { name: 'notifications', cron: '* * * * *', task: 'notifications.by-time' },
  { name: 'outbox-relay', cron: '* * * * *', task: 'outbox.relay' },
  { name: 'housekeeping', cron: '17 * * * *', task: 'housekeeping' },
]

/** Who hears which message. */
export const consumersOf = ({ credentials, notifications }: Services): readonly Consumer[] => [
  ...credentials.consumers,
  ...notifications.consumers,
]

/** Long work, by kind. */
export const jobHandlersOf = ({
  credentials,
  history,
  imports,
  payments,
  programs,
}: Services): Record<string, JobHandler> => ({
  ...imports.handlers,
  ...programs.jobHandlers,
  ...payments.jobHandlers,
  ...credentials.jobHandlers,
  ...history.jobHandlers,
})

/** Short work that nobody waits for. */
export const tasksOf = (
  services: Services,
  consumers: readonly Consumer[],
): Record<string, () => Promise<void>> => ({
  'audit.seal': async () => {
    const head = await services.audit.seal()
    // Kept outside the database as well: it shows when the end of the trail is cut off.
    if (head)
      await appendFile(join(services.config.dataDir, 'audit-heads.jsonl'), `${JSON.stringify(head)}\n`)
    const waiting = await services.audit.unsealed()
    if (waiting.seconds > services.config.auditUnsealedSeconds)
      services.log.warn(waiting, `audit entries wait for their seal: ${whyUnsealed(waiting)}`)
  },
  'approvals.deadlines': async () => {
    await services.approvals.passDeadlines()
  },
  'notifications.by-time': async () => {
    await services.notifications.tellByTime()
  },
  'outbox.relay': async () => {
    await services.outbox.relay(consumers)
  },
  housekeeping: async () => {
    await services.idempotency.sweep()
    await services.limits.sweep()
    await services.access.sweep()
    await services.access.sweepIdentitySignIns()
    await services.access.sweepTokens()
    await services.files.sweep()
    await services.notifications.sweep()
  },
})
