import { accessThings } from '#core/access/index.ts'
import { approvalThings } from '#core/approvals/index.ts'
import { areaThings } from '#core/areas/index.ts'
import { credentialThings } from '#core/credentials/index.ts'
import { distributionThings } from '#core/distribution/index.ts'
import { importThings } from '#core/imports/index.ts'
import { inventoryThings } from '#core/inventory/index.ts'
import { jobThings } from '#core/jobs/index.ts'
import { ledgerThings } from '#core/ledger/index.ts'
import { paymentThings } from '#core/payments/index.ts'
import { programThings } from '#core/programs/index.ts'
import { registryThings } from '#core/registry/index.ts'
import type { Thing } from '#core/things/index.ts'

/** Every kind of thing there is, over all modules. */
export const things: readonly Thing[] = [
  ...accessThings,
  ...approvalThings,
  ...areaThings,
  ...credentialThings,
  ...distributionThings,
  ...importThings,
  ...inventoryThings,
  ...jobThings,
  ...ledgerThings,
  ...paymentThings,
  ...programThings,
  ...registryThings,
]
