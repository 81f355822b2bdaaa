import { connect } from '#core/db/index.ts'
import { DomainError } from '#core/kernel/index.ts'
import type { AuditCall } from './audit.ts'

/** Takes old entries out of the trail, as its owner. */
export const retire = async ({ services, config, adminUrl, options }: AuditCall): Promise<number> => {
  const { before, to } = options
  if (
    before === undefined ||
    to === undefined ||
    !/^\d{4}-\d\d-\d\d$/.test(before) ||
    Number.isNaN(Date.parse(before))
  )
    throw new DomainError('invalid', 'Say before which day and where to: --before YYYY-MM-DD --to DIR.')
  const owner = connect({ url: adminUrl, poolSize: 1, applicationName: 'annona audit retire' })
  try {
    const segments = await services.audit.retire({
      owner,
      before: new Date(before),
      dir: to,
      keepDays: config.auditKeepDays,
      onSegment: s =>
        void process.stdout.write(
          `${s.file}: ${s.entries} entries, blocks ${s.fromHeight} to ${s.toHeight}\n`,
        ),
    })
    if (segments.length === 0) process.stdout.write('No whole block is that old.\n')
    return 0
  } finally {
    await owner.close()
  }
}
