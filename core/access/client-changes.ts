import { type Ctx, invalidField } from '../kernel/index.ts'
import { changesOf } from './changes.ts'
import { type ClientDeps, type ClientStore, type ClientView, endTokens } from './client-store.ts'
import { createGranting, type GrantRequest } from './grants.ts'
import { createMachines } from './machines.ts'
import { type Client, User } from './model.ts'
import { createPersons } from './persons.ts'

/** What may be changed of a client; `owner` is a username, null for nobody. */
export type ClientUpdate = { name?: string; owner?: string | null }

/** What happens to API clients after they are made. */
export const createClientChanges = (deps: ClientDeps, store: ClientStore) => {
  const { outbox } = deps
  const granting = createGranting(deps)
  const persons = createPersons(deps)
  const machines = createMachines(deps)

  /** The id of who is to answer for a client now. Who took one, or set one of theirs free, would have what it is granted. */
  const nextOwner = async (ctx: Ctx, client: Client, username: string | null): Promise<string | null> => {
    const owner = username === null ? null : await ownerNamed(username)
    const ownerId = owner?.id ?? null
    if (ownerId === client.owner_id) return ownerId
    await persons.requireOther(ctx, client.id)
    if (owner) await persons.requireOther(ctx, owner.id)
    return ownerId
  }

  return {
    /**
     * Renames a client, or has another user answer for it. Throws `rule_violated` (`own-grants`) when a client of the
     * actor's would change hands, or another become theirs.
     */
    updateClient: (ctx: Ctx, clientId: string, change: ClientUpdate, version?: number): Promise<ClientView> =>
      store.change(ctx, clientId, version, 'client.update', async client => {
        const { name = client.name, owner } = change
        const ownerId = owner === undefined ? client.owner_id : await nextOwner(ctx, client, owner)
        await client.update({ name, owner_id: ownerId })
      }),

    /** Puts grants in the place of those it has. Throws `rule_violated` (`own-grants`) for a client of the actor's. */
    replaceClientGrants: (
      ctx: Ctx,
      clientId: string,
      grants: readonly GrantRequest[],
      version?: number,
    ): Promise<ClientView> =>
      store.change(ctx, clientId, version, 'client.grant', async client => {
        await persons.requireOther(ctx, client.id)
        await machines.requireByHand(ctx, grants)
        const { before, after } = await granting.regrant(client.id, grants)
        if (changesOf({ grants: before }, { grants: after }))
          await outbox.publish('client.granted', client.id, { clientId })
      }),

    /** Ends every access token of a client, on every gateway within a second. It may ask for new ones. */
    revokeClientTokens: (ctx: Ctx, clientId: string): Promise<ClientView> =>
      store.change(ctx, clientId, undefined, 'client.tokens-revoke', endTokens),

    /** Stops a client and ends its access tokens for good, on every gateway within a second. */
    disableClient: (ctx: Ctx, clientId: string): Promise<ClientView> =>
      store.change(ctx, clientId, undefined, 'client.disable', async client => {
        if (client.status === 'disabled') return
        await client.update({ status: 'disabled' })
        await endTokens(client)
        await outbox.publish('client.disabled', client.id, { clientId })
      }),

    /** Lets a client work again. Throws `rule_violated` (`own-grants`) for a client of the actor's. */
    enableClient: (ctx: Ctx, clientId: string): Promise<ClientView> =>
      store.change(ctx, clientId, undefined, 'client.enable', async client => {
        if (client.status === 'active') return
        await persons.requireOther(ctx, client.id)
        await client.update({ status: 'active' })
        await outbox.publish('client.enabled', client.id, { clientId })
      }),
  }
}

/** The user who is to answer for a client. */
export const ownerNamed = async (username: string): Promise<User> => {
  const user = await User.findOne({ where: { username, status: 'active' } })
  if (!user) throw invalidField('/owner', 'user', `There is no active user ${username}.`)
  return user
}
