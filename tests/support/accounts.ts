import sql from 'sql-template-tag'
import type { GrantRequest, NewUser } from '#core/access/index.ts'
import { type Actor, type Ctx, systemCtx } from '#core/kernel/index.ts'
import type { TestGateway } from './gateway.ts'

export const SYSTEM: Ctx = systemCtx('test', 'test')
export const PASSWORD = 'stable winter lamp'

/** A user made for a test: what they act with at the moment they are asked, and the token of a sign-in of theirs. */
export type Somebody = {
  id: string
  username: string
  ctx: () => Promise<Ctx>
  signIn: () => Promise<string>
}

/** Makes users for tests of a gateway. Roles are granted everywhere when given by name. */
export const userMaker =
  (g: TestGateway) =>
  async (
    username: string,
    grants: readonly (string | GrantRequest)[] = [],
    more: Partial<NewUser> = {},
  ): Promise<Somebody> => {
    await g.services.access.createUser(SYSTEM, {
      username,
      name: username,
      password: PASSWORD,
      grants: grants.map(grant => (typeof grant === 'string' ? { role: grant } : grant)),
      ...more,
    })
    const row = await g.db.one<{ id: string }>(sql`SELECT id FROM access.users WHERE username = ${username}`)
    const who = { ...({ kind: 'user', name: username, grants: [] } as const), id: row!.id }
    return {
      id: row!.id,
      username,
      ctx: async () => ({
        actor: (await g.services.access.actorAtThisMoment(who)) as Actor,
        requestId: 'test',
      }),
      signIn: async () => {
        const { body } = await g.call('POST', '/api/v1/sessions', { body: { username, password: PASSWORD } })
        return body.token as string
      },
    }
  }
