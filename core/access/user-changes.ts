import { type Ctx, invalidField, ruleViolated } from '../kernel/index.ts'
import { changesOf } from './changes.ts'
import type { Granting, GrantRequest } from './grants.ts'
import type { Machines } from './machines.ts'
import type { User } from './model.ts'
import type { Persons } from './persons.ts'
import type { UserDetail } from './read-users.ts'
import { emailOf, type UserDeps, type UserStore } from './user-store.ts'

/** What is left out stays. `samePersonAs: null` makes the account a person of its own again. */
export type UserChange = {
  name?: string
  email?: string | null
  supervisor?: string | null
  samePersonAs?: string | null
}

type Parts = {
  store: UserStore
  granting: Granting
  persons: Persons
  machines: Machines
  detailOf: (username: string) => Promise<UserDetail>
}

/** What happens to users after they are made. */
export const createUserChanges = (
  deps: UserDeps,
  { store, granting, persons, machines, detailOf }: Parts,
) => {
  const { outbox, sessions } = deps

  /** Whose account it is to be. An email links it to whoever has the same; nothing but saying so sets it apart. */
  const personFor = async (ctx: Ctx, user: User, email: string | null, { samePersonAs }: UserChange) => {
    const withEmail = await store.personWith(email, user.id)
    if (email !== user.email) await persons.requireKnown(ctx, user.id, email, withEmail)
    if (samePersonAs !== null) {
      const same = samePersonAs === undefined ? undefined : await store.named('/samePersonAs', samePersonAs)
      const [first, ...others] = [same?.person_id, withEmail].filter(p => p !== undefined)
      if (first) await persons.unite(ctx, [first, ...others, user.person_id], user.id)
      return first ?? user.person_id
    }
    if (await persons.isOwn(ctx, user.id))
      throw ruleViolated('own-person', 'Nobody says of their own account that it is somebody else.')
    if (withEmail) throw ruleViolated('same-email', 'Another account has the same email: change that first.')
    return persons.apart(ctx, user)
  }

  const supervisorFor = async (ctx: Ctx, user: User, username: string | null, personId: string) => {
    if (await persons.isOwn(ctx, user.id))
      throw ruleViolated('own-supervisor', 'Nobody chooses their own supervisor.')
    if (username === null) return null
    const supervisor = await store.named('/supervisor', username)
    if (supervisor.person_id === personId)
      throw invalidField('/supervisor', 'same-person', 'A supervisor is another person.')
    return supervisor.id
  }

  return {
    /**
     * Changes a user. Throws `rule_violated`: `own-supervisor` for an account of the actor's, `own-person` for one that
     * would become somebody else's, or theirs; `same-email` for one set apart from another with its email.
     */
    updateUser: async (
      ctx: Ctx,
      username: string,
      change: UserChange,
      version?: number,
    ): Promise<UserDetail> => {
      await store.change(ctx, username, version, async user => {
        const { name, email, supervisor_id: supervisorId, person_id: personId } = user
        const before = { name, email, supervisorId, personId }
        const after = { ...before, name: change.name ?? name }
        if (change.email !== undefined) after.email = emailOf(change.email)
        after.personId = await personFor(ctx, user, after.email, change)
        if (change.supervisor !== undefined)
          after.supervisorId = await supervisorFor(ctx, user, change.supervisor, after.personId)
        await user.update({
          name: after.name,
          email: after.email,
          supervisor_id: after.supervisorId,
          person_id: after.personId,
        })
        const changes = changesOf(before, after)
        return changes && { action: 'user.update', ...changes }
      })
      return detailOf(username)
    },

    /** Stops a user from signing in and ends what is signed in, also as a client of theirs, on every gateway within a second. */
    disableUser: async (ctx: Ctx, username: string): Promise<UserDetail> => {
      await store.change(ctx, username, undefined, async user => {
        if (user.status === 'disabled') return undefined
        await user.update({ status: 'disabled' })
        await sessions.endSessionsOf(ctx, user.id)
        await machines.endTokensOf(ctx, user.id)
        await outbox.publish('user.disabled', user.id, { username })
        return { action: 'user.disable', before: { status: 'active' }, after: { status: 'disabled' } }
      })
      return detailOf(username)
    },

    /** Lets a user sign in again. Throws `rule_violated` (`own-grants`) for another account of the actor's. */
    enableUser: async (ctx: Ctx, username: string): Promise<UserDetail> => {
      await store.change(ctx, username, undefined, async user => {
        if (user.status === 'active') return undefined
        await persons.requireOther(ctx, user.id)
        await user.update({ status: 'active' })
        await outbox.publish('user.enabled', user.id, { username })
        return { action: 'user.enable', before: { status: 'disabled' }, after: { status: 'active' } }
      })
      return detailOf(username)
    },

    /**
     * Puts grants in the place of those that administrators gave; what follows from an identity provider's groups
     * stays. Throws `rule_violated` (`own-grants`) for an account of the actor's.
     */
    replaceGrants: async (
      ctx: Ctx,
      username: string,
      grants: readonly GrantRequest[],
      version?: number,
    ): Promise<UserDetail> => {
      await store.change(ctx, username, version, async user => {
        await persons.requireOther(ctx, user.id)
        await machines.requireByHand(ctx, grants)
        const { before, after } = await granting.regrant(user.id, grants)
        const changes = changesOf({ grants: before }, { grants: after })
        if (!changes) return undefined
        await outbox.publish('user.granted', user.id, { username })
        return { action: 'user.grant', ...changes }
      })
      return detailOf(username)
    },
  }
}
