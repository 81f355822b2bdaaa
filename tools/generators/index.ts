import { configurationPage } from './configuration.ts'
import { consoleTypes } from './console-types.ts'
import { rolesPage } from './roles.ts'
import { thirdPartyPage } from './third-party.ts'

/** A file that is made from the sources and committed. `make` gives its whole text, the same for the same sources. */
export type Generator = { path: string; make: (root: string) => string | Promise<string> }

/** Every generated file. Add a generator here; `npm run check` then sees that its file is up to date. */
export const generators: readonly Generator[] = [
  { path: 'docs/configuration.md', make: configurationPage },
  { path: 'docs/roles.md', make: rolesPage },
  { path: 'docs/third-party.md', make: thirdPartyPage },
  { path: 'gateway/web/ui/api/schema.generated.ts', make: consoleTypes },
]
