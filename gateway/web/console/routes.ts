import type { NavEntry, Route } from './routing.ts'
import { accountRoutes } from './screens/account/routes.ts'
import { approvalPolicyNav, approvalPolicyRoutes } from './screens/approval-policies/routes.ts'
import { approvalNav, approvalRoutes } from './screens/approvals/routes.ts'
import { areaNav, areaRoutes } from './screens/areas/routes.ts'
import { auditNav, auditRoutes } from './screens/audit/routes.ts'
import { clientNav, clientRoutes } from './screens/clients/routes.ts'
import { componentRoutes } from './screens/components/routes.ts'
import { credentialNav, credentialRoutes } from './screens/credentials/routes.ts'
import { cycleNav, cycleRoutes } from './screens/cycles/routes.ts'
import { delegationRoutes } from './screens/delegations/routes.ts'
import { fundNav, fundRoutes } from './screens/funds/routes.ts'
import { historyRoutes } from './screens/history/routes.ts'
import { homeNav, homeRoutes } from './screens/home/routes.ts'
import { identityProviderNav, identityProviderRoutes } from './screens/identity-providers/routes.ts'
import { importNav, importRoutes } from './screens/imports/routes.ts'
import { inventoryNav, inventoryRoutes } from './screens/inventory/routes.ts'
import { jobNav, jobRoutes } from './screens/jobs/routes.ts'
import { notificationRoutes } from './screens/notifications/routes.ts'
import { paymentNav, paymentRoutes } from './screens/payments/routes.ts'
import { programNav, programRoutes } from './screens/programs/routes.ts'
import { redemptionNav, redemptionRoutes } from './screens/redemptions/routes.ts'
import { registrantNav, registrantRoutes } from './screens/registrants/routes.ts'
import { roleNav, roleRoutes } from './screens/roles/routes.ts'
import { userNav, userRoutes } from './screens/users/routes.ts'

/** Every screen. The first whose path fits is shown: `/users/new` stands before `/users/:username`. */
export const routes: readonly Route[] = [
  ...homeRoutes,
  ...approvalRoutes,
  ...delegationRoutes,
  ...approvalPolicyRoutes,
  ...jobRoutes,
  ...notificationRoutes,
  ...accountRoutes,
  ...programRoutes,
  ...cycleRoutes,
  ...registrantRoutes,
  ...importRoutes,
  ...areaRoutes,
  ...paymentRoutes,
  ...fundRoutes,
  ...credentialRoutes,
  ...redemptionRoutes,
  ...inventoryRoutes,
  ...auditRoutes,
  ...historyRoutes,
  ...userRoutes,
  ...roleRoutes,
  ...clientRoutes,
  ...identityProviderRoutes,
  ...componentRoutes,
]

/** The navigation: its groups stand in the order of `NAV_GROUPS`, the entries of a group in this one. */
export const navigation: readonly NavEntry[] = [
  ...homeNav,
  ...approvalNav,
  ...jobNav,
  ...programNav,
  ...cycleNav,
  ...registrantNav,
  ...importNav,
  ...credentialNav,
  ...redemptionNav,
  ...inventoryNav,
  ...userNav,
  ...roleNav,
  ...clientNav,
  ...identityProviderNav,
  ...approvalPolicyNav,
  ...paymentNav,
  ...fundNav,
  ...areaNav,
  ...auditNav,
]
