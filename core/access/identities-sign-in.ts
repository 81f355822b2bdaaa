import sql from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type Clock, type Ctx, forbidden, type Ids, notFound, systemCtx } from '../kernel/index.ts'
import { alone } from './administration.ts'
import { createIdentityAccounts, type IdentityUser } from './identities-accounts.ts'
import { sourceOf } from './identities-grants.ts'
import { type Claims, grantsFor, groupsAt } from './identity-providers-rules.ts'
import { mappingsOf, type ProviderRow, providersWhere } from './identity-providers-store.ts'
import type { OpenedSession, Sessions, SignInCall } from './sessions.ts'

/** Why somebody was not let in: the `rule` of the error, and the reason in the audit trail. */
const REFUSALS = {
  'identity-not-proven': 'The identity provider did not prove who you are. Sign in again.',
  'sign-in-declined': 'The sign-in was not completed at the identity provider.',
  'no-group': 'None of your groups at the identity provider has access here. Ask your administrator.',
  'identity-unconfirmed':
    'You have not confirmed yet that this identity is yours. Sign in another way, and confirm it there.',
  'unknown-person': 'Nobody here is linked to your identity. Ask your administrator.',
  'name-taken': 'The account to be made for you has a name that is taken, or none. Ask your administrator.',
  'account-disabled': 'Your account here is disabled.',
} as const
export type SignInRefusal = keyof typeof REFUSALS

type Deps = { db: Db; clock: Clock; ids: Ids; audit: Audit; sessions: Sessions }
type Outcome = { session: OpenedSession } | { refused: SignInRefusal }

/** Signing in by a provider: what is ours to decide. What the provider says is proved in the gateway. */
export const createIdentitySignIn = (deps: Deps) => {
  const { db, audit, sessions } = deps
  const accounts = createIdentityAccounts(deps)

  const ctxOf = ({ requestId, address }: SignInCall): Ctx => ({ ...systemCtx('sign-in', requestId), address })

  const recordRefusal = (
    call: SignInCall,
    userId: string | null,
    after: { provider: string; reason: SignInRefusal; subject?: string; detail?: string },
  ) =>
    audit.record(ctxOf(call), {
      action: 'user.sign-in-refused',
      subject: { type: 'user', id: userId },
      after,
    })

  const admit = async (
    call: SignInCall,
    provider: ProviderRow,
    subject: string,
    claims: Claims,
  ): Promise<Outcome> => {
    const how = sourceOf(provider.code)
    const mapped = grantsFor(await mappingsOf(db, provider.id), groupsAt(claims, provider.group_claim))
    const known = await db.one<IdentityUser & { status: string; confirmed_at: Date | null }>(sql`
      SELECT u.id, u.username, u.status, i.confirmed_at FROM access.identities i JOIN access.users u ON u.id = i.user_id
      WHERE i.provider_id = ${provider.id} AND i.subject = ${subject}`)
    const refuse = async (reason: SignInRefusal): Promise<Outcome> => {
      await recordRefusal(call, known?.id ?? null, { provider: provider.code, reason, subject })
      return { refused: reason }
    }
    if (known && !known.confirmed_at) return refuse('identity-unconfirmed')
    // Also of those who do not get in: a group that somebody has left gives them nothing any more.
    const grants = known ? await accounts.applyGroups(ctxOf(call), known, how, mapped) : mapped
    if (known && known.status !== 'active') return refuse('account-disabled')
    if (grants.length === 0) return refuse('no-group')
    if (known) return { session: await sessions.openSession(call, known, how) }
    if (!provider.makes_accounts) return refuse('unknown-person')
    const made = await accounts.makeUser(ctxOf(call), provider, subject, claims)
    if (!made) return refuse('name-taken')
    await accounts.applyGroups(ctxOf(call), made, how, grants)
    return { session: await sessions.openSession(call, made, how) }
  }

  return {
    /**
     * Notes that somebody came back from their provider without proof of who they are, and throws `forbidden`.
     * `detail` tells administrators what was wrong, as a code.
     */
    refuseIdentitySignIn: async (
      call: SignInCall,
      provider: string,
      reason: 'identity-not-proven' | 'sign-in-declined',
      detail: string,
    ): Promise<never> => {
      await recordRefusal(call, null, { provider, reason, detail })
      throw forbidden(REFUSALS[reason], reason)
    },

    /**
     * Signs in whom a provider has proved to be `subject`, with what their groups are granted now. Throws `forbidden`
     * with the reason as its rule; what they were granted before is gone all the same.
     */
    signInByIdentity: async (
      call: SignInCall,
      providerId: string,
      subject: string,
      claims: Claims,
    ): Promise<OpenedSession> => {
      const outcome = await db.transaction(async () => {
        await alone(db)
        const [provider] = await providersWhere(
          db,
          sql`p.id = ${providerId} AND p.state = 'active' FOR SHARE`,
        )
        if (!provider) throw notFound('identity provider')
        return admit(call, provider, subject, claims)
      })
      if ('refused' in outcome) throw forbidden(REFUSALS[outcome.refused], outcome.refused)
      return outcome.session
    },
  }
}
