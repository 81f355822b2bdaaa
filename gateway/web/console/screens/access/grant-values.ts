import type { GrantOf } from './difference.ts'

/** A grant as it is edited. `key` stays with it while others come and go; `group` is for mappings of groups alone. */
export type GrantValues = {
  key: string
  group: string
  role: string
  where: string
  areas: readonly string[]
  which: string
  programs: readonly string[]
}

/** A grant that nothing is chosen for: least of all that it counts everywhere. */
export const newGrant = (): GrantValues => ({
  key: crypto.randomUUID(),
  group: '',
  role: '',
  where: '',
  areas: [],
  which: 'all',
  programs: [],
})

/** A grant as it is, to be edited. */
export const valuesOfGrant = (grant: GrantOf & { group?: string }): GrantValues => ({
  key: crypto.randomUUID(),
  group: grant.group ?? '',
  role: grant.role,
  where: grant.areas ? 'some' : 'all',
  areas: grant.areas ?? [],
  which: grant.programs ? 'some' : 'all',
  programs: grant.programs ?? [],
})

/** A grant as it is sent. */
export const grantOfValues = ({ role, where, areas, which, programs }: GrantValues) => ({
  role,
  ...(where === 'some' ? { areas: [...areas] } : {}),
  ...(which === 'some' ? { programs: [...programs] } : {}),
})

/** Those of which enough is chosen to say what they would change. */
export const completeGrants = (grants: readonly GrantValues[]): GrantOf[] =>
  grants
    .filter(
      ({ role, where, areas, which, programs }) =>
        role !== '' &&
        where !== '' &&
        (where === 'all' || areas.length > 0) &&
        (which === 'all' || programs.length > 0),
    )
    .map(grantOfValues)
