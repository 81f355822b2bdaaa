import { Gauge, type Registry } from 'prom-client'
import type { Audit } from '#core/audit/index.ts'

/** `annona_audit_unsealed_seconds`: how long the oldest entry of the audit trail has waited for a seal. */
export const gaugeAudit = (registry: Registry, audit: Pick<Audit, 'unsealed'>): void => {
  new Gauge({
    name: 'annona_audit_unsealed_seconds',
    help: 'Age of the oldest audit entry that is not sealed; 0 when all are',
    registers: [registry],
    async collect() {
      // A database that does not answer must not take the other metrics with it.
      const waiting = await audit.unsealed().catch(() => undefined)
      this.set(waiting?.seconds ?? Number.NaN)
    },
  })
}
