import type { Ctx } from '../kernel/index.ts'
import { alone } from './administration.ts'
import { createGranting, type GrantRequest } from './grants.ts'
import { createMachines } from './machines.ts'
import { User } from './model.ts'
import { unique } from './names.ts'
import { hashPassword, requireGoodPassword } from './passwords.ts'
import { createPersons } from './persons.ts'
import { readUsers, type UserDetail } from './read-users.ts'
import { requireEverywhere } from './scope.ts'
import { createUserChanges } from './user-changes.ts'
import { createUserStore, emailOf, requireUsername, type UserDeps } from './user-store.ts'

/**
 * `supervisor` and `samePersonAs` are usernames. Whoever has the same email is the same person without saying so. A
 * password that an account chose for another is `temporary` always; one of the product itself, when it says so.
 */
export type NewUser = {
  username: string
  name: string
  password: string
  temporary?: boolean
  email?: string
  supervisor?: string
  samePersonAs?: string
  grants: readonly GrantRequest[]
}

/** Users: made, changed, granted, disabled and enabled again. */
export const createUsers = (deps: UserDeps) => {
  const { db, ids, audit } = deps
  const granting = createGranting(deps)
  const persons = createPersons(deps)
  const machines = createMachines(deps)
  const store = createUserStore(deps)
  const { detailOf, ...reads } = readUsers({ db, granting, persons })

  /** Whose the account is to be: of whom it is said to be, of whoever has the email, or of somebody new. */
  const personFor = async (ctx: Ctx, id: string, email: string | null, input: NewUser): Promise<string> => {
    const same = input.samePersonAs ? await store.named('/samePersonAs', input.samePersonAs) : undefined
    const withEmail = await store.personWith(email, id)
    const known = [same?.person_id, withEmail].filter(p => p !== undefined)
    if (same) await persons.requireKnown(ctx, same.person_id, email, withEmail)
    await persons.unite(ctx, known)
    if (known[0] && input.grants.length > 0) await persons.requireOther(ctx, known[0])
    return known[0] ?? id
  }

  /**
   * Makes a user. Throws `conflict` (`username-taken`), `rule_violated`: `own-grants` for an account of one's own that
   * would be granted something, `own-person` where somebody else would become oneself.
   */
  const createUser = async (ctx: Ctx, input: NewUser): Promise<UserDetail> => {
    requireEverywhere(ctx, 'user:write')
    const { username, name, password, grants } = input
    requireUsername(username)
    requireGoodPassword('/password', password, input)
    const password_hash = await hashPassword(password)
    const create = async () => {
      await alone(db)
      const id = ids.uuid()
      const email = emailOf(input.email ?? null)
      const supervisor = input.supervisor ? await store.named('/supervisor', input.supervisor) : null
      const person_id = await personFor(ctx, id, email, input)
      await machines.requireByHand(ctx, grants)
      await User.create({
        id,
        username,
        name,
        email,
        password_hash,
        must_change_password: ctx.actor.kind !== 'system' || input.temporary === true,
        person_id,
        supervisor_id: supervisor?.id ?? null,
      })
      await granting.grant(id, grants)
      const after = { username, name, email, supervisorId: supervisor?.id ?? null, personId: person_id }
      await audit.record(ctx, {
        action: 'user.create',
        subject: { type: 'user', id },
        after: { ...after, status: 'active', secondFactor: false, grants: await granting.grantsFrom(id) },
      })
      return detailOf(username)
    }
    return db.transaction(create).catch(unique('username', username))
  }

  return {
    ...reads,
    createUser,
    ...createUserChanges(deps, { store, granting, persons, machines, detailOf }),
  }
}
