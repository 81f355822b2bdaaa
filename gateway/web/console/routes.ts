import type { Route } from './routing.ts'
import { areaRoutes } from './screens/areas/routes.ts'
import { componentRoutes } from './screens/components/routes.ts'
import { homeRoutes } from './screens/home/routes.ts'

/** Every screen. The first whose path fits is shown: `/users/new` stands before `/users/:username`. */
export const routes: readonly Route[] = [...homeRoutes, ...areaRoutes, ...componentRoutes]

/** An entry of the navigation. Its name is `shell:nav.<key>`. */
export type NavEntry = { key: NavKey; path: string; permission: string }
export type NavGroup = { key: NavGroupKey; entries: readonly NavEntry[] }
type NavKey = 'home' | 'areas'
type NavGroupKey = 'work' | 'administration'

/** The navigation, in the order of a day's work. What somebody may not do is not shown to them. */
export const navigation: readonly NavGroup[] = [
  { key: 'work', entries: [{ key: 'home', path: '/', permission: 'any' }] },
  { key: 'administration', entries: [{ key: 'areas', path: '/areas', permission: 'area:read' }] },
]
