/**
 * A permission the actor holds, and where: in the subtrees of these areas (`null`: everywhere) and in these
 * programs (`null`: all). A role gives permissions; a grant gives a role with a scope.
 */
export type Grant = {
  permissions: ReadonlySet<string>
  areaIds: readonly string[] | null
  programIds: readonly string[] | null
  /** The role that it gives. Left out for those of the product itself. */
  role?: string
  /** Fields of people that this grant shows only in part (`core/access/masks.ts`). Left out: none. */
  masks?: ReadonlySet<string>
}

/** Who acts. `system` is the product itself (a schedule, a job without a person behind it). */
export type Actor = {
  kind: 'user' | 'client' | 'system'
  id: string
  name: string
  grants: readonly Grant[]
  /** The human behind the account, when that is not the account alone: see `personOf`. */
  personId?: string
  /** The permissions that the token it came with was narrowed to. Left out: none. */
  scope?: readonly string[]
  /** The identity provider of the sign-in it came by, as `oidc:<code>`: what its groups are granted counts. */
  signedInBy?: string
}

/** The account with no more than a scope of what it is granted, where it is granted. */
export const narrowedTo = (actor: Actor, scope: readonly string[]): Actor => {
  const asked = new Set(scope)
  return {
    ...actor,
    scope,
    grants: actor.grants.map(g => ({ ...g, permissions: g.permissions.intersection(asked) })),
  }
}

/**
 * Who is behind an account: somebody with two accounts, or with an API client of their own, is one person. What one
 * person may do only once, or not at all, is asked of this.
 */
export const personOf = (actor: Actor): string => actor.personId ?? actor.id

/** The sign-in that a call came by. */
export type Session = {
  id: string
  /** What its user has to do before anything else; until then they may do nothing. */
  must?: 'enrol' | 'change-password' | undefined
}

/** What every use case is told about the call it serves. */
export type Ctx = {
  actor: Actor
  requestId: string
  address?: string | undefined
  reason?: string | undefined
  /** When it came by a person's sign-in. */
  session?: Session | undefined
  /** For whom the actor acts, when as somebody's deputy. */
  behalf?: { id: string; name: string } | undefined
}

const EVERYTHING: Grant = { permissions: new Set(['*']), areaIds: null, programIds: null }

/** The context of work that the product does on its own account. */
export const systemCtx = (name: string, requestId: string): Ctx => ({
  actor: { kind: 'system', id: '00000000-0000-0000-0000-000000000000', name, grants: [EVERYTHING] },
  requestId,
})
