import type { Access, GrantRequest } from '#core/access/index.ts'
import type { Areas } from '#core/areas/index.ts'
import { invalidField } from '#core/kernel/index.ts'

/** An account whose grants name areas and programs by their codes, as the API does. */
export type ByCode<T> = Omit<T, 'grants'> & {
  grants: { role: string; areas?: string[]; programs?: string[] }[]
}

/** Puts ids in the place of the codes of areas and programs. Throws `invalid` with pointers into `grants`. */
export const scoping =
  ({ access, areas }: { access: Access; areas: Areas }) =>
  async <T>(account: ByCode<T>): Promise<Omit<T, 'grants'> & { grants: GrantRequest[] }> => {
    const areaIds = await areas.idsOf(account.grants.flatMap(g => g.areas ?? []))
    const programIds = await access.programIdsOf(account.grants.flatMap(g => g.programs ?? []))
    const grants = account.grants.map(({ role, areas: areaCodes, programs }, i) => ({
      role,
      ...(areaCodes ? { areaIds: idsFor(areaCodes, areaIds, `/grants/${i}/areas`, 'area') } : {}),
      ...(programs ? { programIds: idsFor(programs, programIds, `/grants/${i}/programs`, 'program') } : {}),
    }))
    return { ...account, grants }
  }

const idsFor = (codes: string[], ids: Map<string, string>, pointer: string, what: string): string[] =>
  codes.map(code => {
    const id = ids.get(code)
    if (!id) throw invalidField(pointer, what, `There is no ${what} ${code}.`)
    return id
  })
