import { useGet } from '../../../ui/api/queries.ts'
import type { components } from '../../../ui/api/schema.generated.ts'
import { formatNow } from '../../../ui/i18n/format.ts'
import { textOr } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { GROUPS } from './groups.ts'

export type Role = components['schemas']['Role']

/** What a permission, or a field seen in full (`field:<mask>`), lets somebody do, in plain words. */
export const permissionName = (code: string, otherwise = code): string =>
  textOr('access', `permissions.${code.replace(':', '.')}`, otherwise)

/** What a field of people that can be masked is. */
export const maskName = (code: string, otherwise = code): string =>
  textOr('access', `masks.${code}`, otherwise)

/** Fields of people, named one after another within a sentence. */
export const fieldsInWords = (codes: readonly string[]): string =>
  formatNow().list(codes.map(code => textOr('access', `fields.${code}`, code)))

/** What a group of permissions is about. */
export const groupName = (group: string): string => textOr('access', `groups.${group}`, group)

/** Predefined roles are called by the language of whoever reads, others by the name that they were given. */
export const roleName = (role: Pick<Role, 'code' | 'name' | 'predefined'>): string =>
  role.predefined ? textOr('access', `roles.${role.code}`, role.name) : role.name

/** For whom a role is. */
export const roleDescription = (role: Role): string =>
  role.predefined ? textOr('access', `roleHints.${role.code}`, role.description) : role.description

/** Permissions by what they are about, in the order of the groups; those of no known group come last. */
export const inGroups = (permissions: readonly string[]): { group: string; permissions: string[] }[] => {
  const groupOf = (code: string): string =>
    Object.keys(GROUPS).find(group => GROUPS[group]!.includes(code.split(':')[0]!)) ?? 'other'
  return [...Object.keys(GROUPS), 'other']
    .map(group => ({ group, permissions: permissions.filter(code => groupOf(code) === group) }))
    .filter(({ permissions: within }) => within.length > 0)
}

export type Roles = {
  all: readonly Role[]
  /** What a role is called; its code when roles may not be read. */
  name: (code: string) => string
}

/** All roles, for those who may read them. */
export const useRoles = (): Roles => {
  const all = useGet('/api/v1/roles', {}, { when: useMay('role:read') }).data?.items ?? []
  const name = (code: string): string => {
    const role = all.find(r => r.code === code)
    return role ? roleName(role) : textOr('access', `roles.${code}`, code)
  }
  return { all, name }
}
