import { createSessionCookie } from '../auth/session-cookie.ts'
import type { Tokens } from '../auth/tokens.ts'
import type { Services } from '../compose.ts'
import type { Events } from '../live/events.ts'
import { approvalRoutes } from './approvals.ts'
import { areaRoutes } from './areas.ts'
import { auditRoutes } from './audit.ts'
import { auditHeadRoutes } from './audit-heads.ts'
import { clientRoutes } from './clients.ts'
import { credentialRoutes } from './credentials.ts'
import { cycleRoutes } from './cycles.ts'
import { distributionRoutes } from './distribution.ts'
import { eventRoutes } from './events.ts'
import { fundRoutes } from './funds.ts'
import { historyRoutes } from './history.ts'
import { identityProviderRoutes } from './identity-providers.ts'
import { importRoutes } from './imports.ts'
import { inventoryRoutes } from './inventory.ts'
import { jobRoutes } from './jobs.ts'
import type { Routes } from './kit.ts'
import { messageRoutes } from './messages.ts'
import { notificationRoutes } from './notifications.ts'
import { oauthRoutes } from './oauth.ts'
import { paymentRoutes } from './payments.ts'
import { programRoutes } from './programs.ts'
import { registryRoutes } from './registry.ts'
import { roleRoutes } from './roles.ts'
import { searchRoutes } from './search.ts'
import { sessionRoutes } from './sessions.ts'
import { signInRoutes } from './sign-in.ts'
import { singleSignOnRoutes } from './single-sign-on.ts'
import { userRoutes } from './users.ts'

/** Every handler of the API, by operation. `tests/contract` checks that none is missing and none is left over. */
export const routesOf = (services: Services, tokens: Tokens, events: Events): Routes => ({
  ...eventRoutes({ events, tokens }),
  ...sessionRoutes({ ...services, tokens, cookie: createSessionCookie(services.config) }),
  ...signInRoutes(services),
  ...singleSignOnRoutes({ ...services, cookie: createSessionCookie(services.config) }),
  ...identityProviderRoutes(services),
  ...userRoutes(services),
  ...roleRoutes(services),
  ...clientRoutes(services),
  ...oauthRoutes({ ...services, tokens }),
  ...approvalRoutes(services),
  ...areaRoutes(services),
  ...auditRoutes(services),
  ...auditHeadRoutes(services),
  ...historyRoutes(services),
  ...jobRoutes(services),
  ...messageRoutes(services),
  ...notificationRoutes(services),
  ...registryRoutes(services),
  ...searchRoutes(services),
  ...importRoutes(services),
  ...programRoutes(services),
  ...cycleRoutes(services),
  ...fundRoutes(services),
  ...inventoryRoutes(services),
  ...credentialRoutes(services),
  ...distributionRoutes(services),
  ...paymentRoutes(services),
})
