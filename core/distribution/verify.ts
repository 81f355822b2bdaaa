import { requirePermission } from '../access/index.ts'
import type { Ctx } from '../kernel/index.ts'
import type { DistributionDeps } from './index.ts'
import { type Due, judge, pointByCode, type ServedAt, type Verdict } from './judge.ts'

/** The answer to a scan. `due` is there only when the card is genuine and this agent may serve it. */
export type Verification = { verdict: Verdict; advice: string; servedAt?: ServedAt; due?: Due }

/**
 * Says what a QR code is worth, and what the agent should do. `point` is the code of the service point where it
 * is asked; left out, every point within the agent's reach will do. Each question is on record.
 */
export const verify =
  (deps: DistributionDeps) =>
  async (ctx: Ctx, scan: { qr: string; point?: string | undefined }): Promise<Verification> => {
    requirePermission(ctx, 'verification:perform')
    return deps.db.transaction(async () => {
      const point =
        scan.point === undefined
          ? undefined
          : await pointByCode(deps, ctx, 'verification:perform', scan.point)
      const { matter, ...verification } = await judge(deps, ctx, 'verification:perform', {
        qr: scan.qr,
        point,
        lock: false,
      })
      await deps.audit.record(ctx, {
        action: 'credential.verify',
        subject: { type: 'credential', id: matter?.credential.id ?? null },
        after: { verdict: verification.verdict, point: point?.code },
        itemIds: matter && [matter.credential.registrantId],
      })
      return verification
    })
  }
