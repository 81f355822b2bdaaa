/**
 * A permission the actor holds, and where: in the subtrees of these areas (`null`: everywhere) and in these
 * programs (`null`: all). A role gives permissions; a grant gives a role with a scope.
 */
export type Grant = {
  permissions: ReadonlySet<string>
  areaIds: readonly string[] | null
  programIds: readonly string[] | null
}

/** Who acts. `system` is the product itself (a schedule, a job without a person behind it). */
export type Actor = {
  kind: 'user' | 'client' | 'system'
  id: string
  name: string
  grants: readonly Grant[]
}

/** What every use case is told about the call it serves. */
export type Ctx = {
  actor: Actor
  requestId: string
  address?: string | undefined
  reason?: string | undefined
}

const EVERYTHING: Grant = { permissions: new Set(['*']), areaIds: null, programIds: null }

/** The context of work that the product does on its own account. */
export const systemCtx = (name: string, requestId: string): Ctx => ({
  actor: { kind: 'system', id: '00000000-0000-0000-0000-000000000000', name, grants: [EVERYTHING] },
  requestId,
})
