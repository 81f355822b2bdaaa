import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import sql, { empty, type Sql } from 'sql-template-tag'
import type { Audit } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import {
  type Actor,
  type Clock,
  type Ctx,
  DomainError,
  formatReference,
  type Ids,
  type Session,
  sha256,
} from '../kernel/index.ts'
import { networkOf } from '../limits/index.ts'
import type { createActors } from './actors.ts'

/** How long a sign-in lasts at most, used or not. */
export const SESSION_HOURS = 12
/** How often it is noted that a sign-in is used: a request costs no write of its own. */
const NOTED_EVERY_MS = 60_000
/** How long an ended sign-in is kept: people look for what was not theirs, and networks are known by them. */
const KEPT_DAYS = 90

/** A session's token is told from a JWT by its prefix. */
export const SESSION_PREFIX = 'ses_'
const TOKEN = /^ses_[\w-]{43}$/

/** The call that signs in: its address and browser are shown to the user later. */
export type SignInCall = Pick<Ctx, 'requestId' | 'address'> & { userAgent?: string | undefined }
/** How somebody proved who they are. */
export type SignInBy = 'password' | `oidc:${string}`
export type OpenedSession = { token: string; expiresAt: Date; csrf: string }

/** What an installation decides about sign-ins. */
export type SignInSettings = {
  /** Minutes without a request after which a sign-in ends. */
  sessionIdleMinutes: number
  /** Whether who signs in by password must have a second factor. Providers of single sign-on ask for their own. */
  secondFactor: 'optional' | 'required'
}

export type SessionDeps = {
  db: Db
  clock: Clock
  ids: Ids
  audit: Audit
  actors: ReturnType<typeof createActors>
  settings: SignInSettings
}
export type Sessions = ReturnType<typeof createSessions>

/**
 * What a request by cookie has to repeat in `X-CSRF-Token`. It follows from the session's token, so that nothing is
 * kept, and nothing of the token can be learnt from it.
 */
export const csrfOf = (token: string): string =>
  createHmac('sha256', token).update('annona csrf').digest('base64url')

/** Whether a CSRF token is that of the session. Takes the same time whether it is or not. */
export const csrfMatches = (token: string, given: string): boolean =>
  timingSafeEqual(sha256(csrfOf(token)), sha256(given))

/** Sign-ins: opened, recognised and ended. Only the hash of a token is kept. */
export const createSessions = (deps: SessionDeps) => {
  const { db, clock, audit, settings } = deps
  const lasts = () => sql`
    s.ended_at IS NULL AND s.expires_at > ${clock.now()}
    AND s.last_seen_at > ${ago(clock, settings.sessionIdleMinutes * 60_000)}`
  return {
    openSession: openSession(deps),
    sessionOf: sessionOf(deps, lasts),

    /** Whether a sign-in `s` of a query is one that a request may come by now. */
    lasts,

    /** Ends the sign-ins of a user, but for one if given; in the unit of work of the reason for it. Tells how many. */
    endSessionsOf: async (ctx: Ctx, userId: string, but?: Session): Promise<number> => {
      // Those that are only idle as well: with another setting they would last again.
      const ended = await db.query<{ id: string }>(sql`
        UPDATE access.sessions SET ended_at = ${clock.now()}
        WHERE user_id = ${userId} AND ended_at IS NULL AND expires_at > ${clock.now()}
          ${but ? sql`AND id <> ${but.id}` : empty}
        RETURNING id`)
      if (ended.length > 0)
        await audit.record(ctx, {
          action: 'session.end',
          subject: { type: 'user', id: userId },
          items: ended.length,
          itemIds: ended.map(s => s.id),
        })
      return ended.length
    },

    /** Notes that the user of a sign-in has shown their second factor during it. */
    showedSecondFactor: async ({ id }: Session): Promise<void> => {
      await db.run(sql`UPDATE access.sessions SET second_factor = true WHERE id = ${id}`)
    },

    /** Forgets sign-ins that ended long ago. Run by a schedule. */
    sweepSessions: () =>
      db.run(sql`DELETE FROM access.sessions WHERE expires_at < ${ago(clock, KEPT_DAYS * 86_400_000)}`),
  }
}

const ago = (clock: Clock, ms: number) => new Date(clock.now().getTime() - ms)

/**
 * Signs in somebody who has proved who they are, always under a new token. Throws `unauthenticated` when the account
 * was disabled meanwhile. Joins the unit of work it is called in.
 */
const openSession =
  ({ db, clock, ids, audit }: SessionDeps) =>
  (
    call: SignInCall,
    user: { id: string; username: string },
    how: SignInBy,
    secondFactor = false,
  ): Promise<OpenedSession> =>
    db.transaction(async () => {
      // Held against being disabled at the same moment, which would overlook this sign-in.
      const active = await db.one(
        sql`SELECT FROM access.users WHERE id = ${user.id} AND status = 'active' FOR SHARE`,
      )
      if (!active) throw new DomainError('unauthenticated', 'The account is disabled.')
      const token = SESSION_PREFIX + randomBytes(32).toString('base64url')
      const now = clock.now()
      const expiresAt = new Date(now.getTime() + SESSION_HOURS * 3_600_000)
      const [id, ref] = [ids.uuid(), ids.ref()]
      await db.run(sql`
        INSERT INTO access.sessions (id, ref, user_id, token_hash, created_at, last_seen_at, expires_at, how,
                                     second_factor, address, network, user_agent)
        VALUES (${id}, ${ref}, ${user.id}, ${sha256(token)}, ${now}, ${now}, ${expiresAt}, ${how},
                ${secondFactor}, ${call.address?.slice(0, 64) ?? null}, ${networkOf(call.address ?? '')},
                ${agentOf(call)})`)
      const actor: Actor = { kind: 'user', id: user.id, name: user.username, grants: [] }
      await audit.record(
        { actor, requestId: call.requestId, address: call.address },
        {
          action: 'user.sign-in',
          subject: { type: 'user', id: user.id },
          after: { how, secondFactor, session: formatReference('session', ref) },
        },
      )
      return { token, expiresAt, csrf: csrfOf(token) }
    })

/**
 * Whose a session's token is, while it lasts; noted as used once a minute, unless this is no use of it. Somebody who
 * still has something to set up (`session.must`) comes without their grants.
 */
const sessionOf =
  ({ db, clock, actors, settings }: SessionDeps, lasts: () => Sql) =>
  async (token: string, isUse = true): Promise<{ actor: Actor; session: Session } | undefined> => {
    if (!TOKEN.test(token)) return undefined
    const row = await db.one<SessionRow>(sql`
      SELECT s.id, s.user_id, s.how, s.last_seen_at, u.must_change_password,
             EXISTS (SELECT FROM access.totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL) AS enrolled
      FROM access.sessions s JOIN access.users u ON u.id = s.user_id
      WHERE s.token_hash = ${sha256(token)} AND ${lasts()}`)
    const actor = row && (await actors('user', row.user_id, row.how === 'password' ? undefined : row.how))
    if (!actor) return undefined
    const before = ago(clock, NOTED_EVERY_MS)
    if (isUse && row.last_seen_at <= before)
      await db.run(sql`
        UPDATE access.sessions SET last_seen_at = ${clock.now()} WHERE id = ${row.id} AND last_seen_at <= ${before}`)
    const must = mustOf(row, settings)
    return must
      ? { actor: { ...actor, grants: [] }, session: { id: row.id, must } }
      : { actor, session: { id: row.id } }
  }

const mustOf = (row: SessionRow, { secondFactor }: SignInSettings): Session['must'] => {
  if (row.how !== 'password') return undefined
  if (row.must_change_password) return 'change-password'
  return secondFactor === 'required' && !row.enrolled ? 'enrol' : undefined
}

type SessionRow = {
  id: string
  user_id: string
  how: string
  last_seen_at: Date
  must_change_password: boolean
  enrolled: boolean
}

/** What a browser says it is, as far as it may be shown again: a header is whatever the sender wrote. */
const agentOf = ({ userAgent }: SignInCall): string | null =>
  userAgent
    ?.replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200) || null
