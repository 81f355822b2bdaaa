import type { GrantRequest } from './grants.ts'

/** What a provider says of somebody: the claims of the ID token and of the user info. */
export type Claims = Readonly<Record<string, unknown>>
/** Whoever is in the group has the grant. */
export type Mapping = GrantRequest & { group: string }

const MAX_GROUPS = 2_000

/**
 * The claim at a path of simple keys such as `realm_access.roles`. A claim whose whole name is the path comes first:
 * names with dots (`https://example.org/groups`) are usual too. Only what the claims hold themselves is found.
 */
export const claimAt = (claims: Claims, path: string): unknown => {
  if (Object.hasOwn(claims, path)) return claims[path]
  return path
    .split('.')
    .reduce<unknown>(
      (at, key) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, key)
          ? (at as Record<string, unknown>)[key]
          : undefined,
      claims,
    )
}

/** The groups at a path: a list of texts, or one text. Whatever else is in the list is no group. */
export const groupsAt = (claims: Claims, path: string): ReadonlySet<string> =>
  new Set(
    [claimAt(claims, path)]
      .flat()
      .slice(0, MAX_GROUPS)
      .filter(g => typeof g === 'string'),
  )

/** What somebody in these groups is granted, each grant once. Groups match exactly. */
export const grantsFor = (mappings: readonly Mapping[], groups: ReadonlySet<string>): GrantRequest[] => {
  const grants = mappings
    .filter(m => groups.has(m.group))
    .map(({ group: _group, ...grant }) => [JSON.stringify(grant), grant] as const)
  return [...new Map(grants).values()]
}

/**
 * A username made of what a provider calls somebody: lower case, every other character a hyphen. `undefined` when that
 * leaves nothing that could be one. It names a new account only; nobody is recognised by it.
 */
export const usernameOf = (claim: unknown): string | undefined => {
  if (typeof claim !== 'string') return undefined
  const name = claim
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 40)
  return name.length >= 2 ? name : undefined
}

/** How a new account is called in full: the provider's name for the person without control characters, or else `other`. */
export const nameOf = (claim: unknown, other: string): string =>
  (typeof claim === 'string'
    ? claim
        .replace(/\p{C}+/gu, ' ')
        .trim()
        .slice(0, 200)
    : '') || other

const EMAIL = /^[^\s\p{C}@]{1,64}@[^\s\p{C}@]{1,180}$/u

/** An email that the provider has verified, as it is kept. */
export const verifiedEmailOf = ({ email, email_verified }: Claims): string | null =>
  email_verified === true && typeof email === 'string' && EMAIL.test(email) ? email.toLowerCase() : null
