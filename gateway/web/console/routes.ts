import type { NavEntry, Route } from './routing.ts'
import { areaNav, areaRoutes } from './screens/areas/routes.ts'
import { auditNav, auditRoutes } from './screens/audit/routes.ts'
import { componentRoutes } from './screens/components/routes.ts'
import { historyRoutes } from './screens/history/routes.ts'
import { homeNav, homeRoutes } from './screens/home/routes.ts'
import { jobNav, jobRoutes } from './screens/jobs/routes.ts'
import { notificationRoutes } from './screens/notifications/routes.ts'

/** Every screen. The first whose path fits is shown: `/users/new` stands before `/users/:username`. */
export const routes: readonly Route[] = [
  ...homeRoutes,
  ...jobRoutes,
  ...notificationRoutes,
  ...areaRoutes,
  ...auditRoutes,
  ...historyRoutes,
  ...componentRoutes,
]

/** The navigation: its groups stand in the order of `NAV_GROUPS`, the entries of a group in this one. */
export const navigation: readonly NavEntry[] = [...homeNav, ...jobNav, ...areaNav, ...auditNav]
