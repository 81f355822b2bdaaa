import type { Access } from '../access/index.ts'
import type { Approvals } from '../approvals/index.ts'
import type { Areas } from '../areas/index.ts'
import type { Imports } from '../imports/index.ts'
import type { Jobs } from '../jobs/index.ts'
import { type Ctx, DomainError, invalidField } from '../kernel/index.ts'
import type { Payments } from '../payments/index.ts'
import type { Programs } from '../programs/index.ts'
import type { Registry } from '../registry/index.ts'
import type { Things } from '../things/index.ts'
import { byReference } from './by-reference.ts'

/** Something that was found. `kind`: a type of thing, as the trail knows it; `name`: its reference or code. */
export type Hit = { kind: string; name: string; title: string; subtitle: string | null }

export type SearchDeps = {
  access: Pick<Access, 'listUsers' | 'listClients'>
  approvals: Pick<Approvals, 'get'>
  areas: Pick<Areas, 'list'>
  imports: Pick<Imports, 'get'>
  jobs: Pick<Jobs, 'read'>
  payments: Pick<Payments, 'getBatch'>
  programs: Pick<Programs, 'listPrograms' | 'getCycle'>
  registry: Pick<Registry, 'find'>
  things: Pick<Things, 'find'>
}
export type Search = ReturnType<typeof createSearch>

const FEWEST = 2
const OF_A_KIND = 5
const SOME = { limit: OF_A_KIND }

/**
 * One box for everything. It finds what the lists and the pages of its kinds would show to whoever asks, through these
 * same use cases: within their reach, masked as for them, and whose data was shown is on the trail.
 */
export const createSearch = (deps: SearchDeps) => {
  const people = async (ctx: Ctx, filter: Parameters<Registry['find']>[1], sort?: string): Promise<Hit[]> => {
    const { items } = await deps.registry.find(ctx, filter, { ...SOME, sort })
    return items.map(r => ({ kind: 'registrant', name: r.reference, title: r.name, subtitle: r.area.name }))
  }

  /** What is called so, or begins so, of every kind that is looked for by words. */
  const byWords = (ctx: Ctx, q: string): Promise<Hit[]>[] => [
    people(ctx, { nameBegins: q }, 'name'),
    people(ctx, { identifier: q }),
    ...phones(q).map(phone => people(ctx, { phone })),
    deps.programs
      .listPrograms(ctx, { q }, SOME)
      .then(found => found.items.map(p => hit('program', p.code, p.name, p.state))),
    deps.areas
      .list(ctx, { q }, SOME)
      .then(found =>
        found.items.map(a => hit('area', a.code, a.name, a.ancestors.map(up => up.name).join(' › ') || null)),
      ),
    deps.access
      .listUsers(ctx, { q }, SOME)
      .then(found => found.items.map(u => hit('user', u.username, u.name, u.email))),
    deps.access
      .listClients(ctx, { q }, SOME)
      .then(found => found.items.map(c => hit('client', c.clientId, c.name, c.owner))),
  ]

  /**
   * What the actor may see that has a reference, or else a name, an identifier or a phone number (E.164), a few of each
   * kind. Throws `invalid` at `/q` for less than two characters.
   */
  return async (ctx: Ctx, query: string): Promise<Hit[]> => {
    const q = query.trim()
    if (q.length < FEWEST) throw invalidField('/q', 'short', 'Type at least two characters.')
    const named = byReference(deps, people, ctx, q)
    const found = await Promise.all((named ? [named] : byWords(ctx, q)).map(orNothing))
    const unique = new Map(found.flat().map(h => [`${h.kind} ${h.name}`, h]))
    return [...unique.values()]
  }
}

const hit = (kind: string, name: string, title: string, subtitle: string | null): Hit => ({
  kind,
  name,
  title,
  subtitle,
})

/** A kind that is closed to whoever asks has nothing for them; what is out of reach is as if it were not there. */
const orNothing = (found: Promise<Hit[]>): Promise<Hit[]> =>
  found.catch(error => {
    if (error instanceof DomainError && ['forbidden', 'not_found'].includes(error.code)) return []
    throw error
  })

/** A phone number as the registry has it, when that is what was typed. */
const phones = (q: string): string[] => {
  const plain = q.replaceAll(/[\s()./-]/g, '')
  return /^\+\d{6,15}$/.test(plain) ? [plain] : []
}
