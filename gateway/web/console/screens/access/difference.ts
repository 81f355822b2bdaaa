/*
 * What somebody may do before and after a change of their grants, worked out from what the roles hold: where they gain
 * what, and where they lose it. The server decides by the same rules (core/access/scope.ts).
 */

/** A role with where it counts, by P-codes of areas and codes of programs; left out: everywhere, in all. */
export type GrantOf = {
  role: string
  areas?: readonly string[] | undefined
  programs?: readonly string[] | undefined
}
/** What a role gives, as far as it matters here. */
export type RoleOf = { code: string; permissions: readonly string[]; masks: readonly string[] }

/** Where something counts: null is everywhere, and all programs. */
export type Scope = { areas: readonly string[] | null; programs: readonly string[] | null }
/** Permissions, and fields of people in full (`field:<mask>`), with where they come or go, and where they are all the same. */
export type Change = { scope: Scope; what: readonly string[]; butFor: readonly Scope[] }
export type Difference = { gains: readonly Change[]; losses: readonly Change[] }

type Cell = { area: string | null; program: string | null }
/** Where each thing may be done. */
type Reach = ReadonlyMap<string, readonly Cell[]>

/** The areas above one, by their codes; unknown areas have none. */
export type AncestorsOf = (area: string) => readonly string[]

const EVERYWHERE = [null]
const SEES_PEOPLE = 'registrant:read'

/** Fields of people that roles may show in part. */
export const FIELDS = ['identifier', 'contact', 'account', 'birth', 'name'] as const

/**
 * The difference that other grants make. Of what is gained everywhere by whoever had it somewhere, and lost everywhere
 * by whoever keeps it somewhere, `butFor` says where.
 */
export const differenceOf = (
  before: readonly GrantOf[],
  after: readonly GrantOf[],
  roles: readonly RoleOf[],
  fields: readonly string[],
  ancestorsOf: AncestorsOf,
): Difference => {
  const [had, has] = [reachOf(before, roles, fields), reachOf(after, roles, fields)]
  return { gains: beyond(has, had, ancestorsOf), losses: beyond(had, has, ancestorsOf) }
}

/** What a role gives wherever it counts: its permissions, and the fields of people that it shows in full. */
export const givenBy = (
  { permissions, masks }: Omit<RoleOf, 'code'>,
  fields: readonly string[],
): readonly string[] => {
  if (!permissions.includes(SEES_PEOPLE)) return permissions
  return [...permissions, ...fields.filter(field => !masks.includes(field)).map(field => `field:${field}`)]
}

const reachOf = (grants: readonly GrantOf[], roles: readonly RoleOf[], fields: readonly string[]): Reach => {
  const reach = new Map<string, Cell[]>()
  for (const grant of grants) {
    const role = roles.find(({ code }) => code === grant.role)
    if (!role) continue
    for (const what of givenBy(role, fields)) reach.set(what, [...(reach.get(what) ?? []), ...cellsOf(grant)])
  }
  return reach
}

const cellsOf = ({ areas, programs }: GrantOf): Cell[] =>
  (areas ?? EVERYWHERE).flatMap(area => (programs ?? EVERYWHERE).map(program => ({ area, program })))

/** What one reach has and the other has not, with the same places together. */
const beyond = (of: Reach, other: Reach, ancestorsOf: AncestorsOf): Change[] => {
  const includes = (outer: Cell, inner: Cell): boolean =>
    (outer.area === null ||
      outer.area === inner.area ||
      (inner.area !== null && ancestorsOf(inner.area).includes(outer.area))) &&
    (outer.program === null || outer.program === inner.program)
  const changes = new Map<string, { scope: Scope; what: string[]; butFor: Scope[] }>()
  for (const [what, cells] of of) {
    const others = other.get(what) ?? []
    const open = cells.filter(cell => !others.some(o => includes(o, cell)))
    const wide = open.filter(
      (cell, i) => !open.some((o, j) => i !== j && includes(o, cell) && (j < i || !includes(cell, o))),
    )
    for (const scope of scopesOf(wide)) {
      const within = others.filter(o => cellsOf(grantOf(scope)).some(cell => includes(cell, o)))
      const butFor = scopesOf(within)
      const key = JSON.stringify([scope, butFor])
      const known = changes.get(key) ?? { scope, what: [], butFor }
      known.what.push(what)
      changes.set(key, known)
    }
  }
  return [...changes.values()]
}

const grantOf = ({ areas, programs }: Scope): GrantOf => ({
  role: '',
  areas: areas ?? undefined,
  programs: programs ?? undefined,
})

/** Cells as few scopes: the areas of the same programs together. */
const scopesOf = (cells: readonly Cell[]): Scope[] => {
  const programsOf = new Map<string | null, Set<string | null>>()
  for (const { area, program } of cells)
    programsOf.set(area, (programsOf.get(area) ?? new Set()).add(program))
  const together = new Map<string, { areas: (string | null)[]; programs: (string | null)[] }>()
  for (const [area, programs] of programsOf) {
    const list = [...programs].sort((a, b) => (a ?? '').localeCompare(b ?? ''))
    const key = JSON.stringify(list)
    together.set(key, { areas: [...(together.get(key)?.areas ?? []), area], programs: list })
  }
  return [...together.values()].map(({ areas, programs }) => ({
    areas: areas.includes(null) ? null : (areas as string[]).sort(),
    programs: programs.includes(null) ? null : (programs as string[]),
  }))
}
