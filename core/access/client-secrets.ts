import { randomBytes } from 'node:crypto'
import sql from 'sql-template-tag'
import { type Ctx, conflict, formatReference, notFound, refFromPath, sha256 } from '../kernel/index.ts'
import {
  type ClientDeps,
  type ClientStore,
  type ClientView,
  endTokens,
  isLive,
  knower,
  ownerOf,
} from './client-store.ts'

/** What an installation decides about clients: days that a new secret lasts; 0 for no end. */
export type ClientSettings = { clientSecretDays: number }
export type SecretDeps = ClientDeps & { settings: ClientSettings }

/** A secret as it is shown once. */
export type NewSecret = { id: string; secret: string; expiresAt: Date | null }

/** So that one can come into use before the other goes. */
const MAX_LIVE = 2
const HINT = 4

const hoursAfter = (at: Date, hours: number) => new Date(at.getTime() + hours * 3_600_000)

/** Gives a client a secret that the actor knows from now on, in the caller's unit of work. Made here unless they bring one. */
export const addSecret = async (
  { db, clock, ids, settings }: SecretDeps,
  { actor }: Ctx,
  clientId: string,
  secret: string = randomBytes(32).toString('base64url'),
): Promise<NewSecret> => {
  const ref = ids.ref()
  const now = clock.now()
  const { clientSecretDays: days } = settings
  const expiresAt = days === 0 ? null : hoursAfter(now, days * 24)
  await db.run(sql`
    INSERT INTO access.client_secrets (id, ref, client_id, hash, hint, shown_to, created_at, expires_at)
    VALUES (${ids.uuid()}, ${ref}, ${clientId}, ${sha256(secret)}, ${secret.slice(-HINT)}, ${knower(actor)}, ${now},
      ${expiresAt})`)
  return { id: formatReference('secret', ref), secret, expiresAt }
}

/** Secrets of API clients, one coming as another goes. */
export const createClientSecrets = (deps: SecretDeps, store: ClientStore) => {
  const { db, clock, outbox } = deps
  return {
    /**
     * Gives a client a new secret, shown once; those it has work for `graceHours` more. With 0 they end now, and with
     * them every access token. Whoever asks can act as the client from now on: its owner is told. Throws `conflict`
     * (`two-secrets`) when two work already and are not to end now.
     */
    rotateSecret: async (ctx: Ctx, clientId: string, graceHours: number): Promise<NewSecret> => {
      let made: NewSecret | undefined
      await store.change(ctx, clientId, undefined, 'client.secret-add', async client => {
        const now = clock.now()
        const ofClient = sql`s.client_id = ${client.id} AND s.revoked_at IS NULL`
        await db.run(sql`
          UPDATE access.client_secrets s SET revoked_at = ${now}
          WHERE ${ofClient} AND (${graceHours} = 0 OR s.expires_at <= ${now})`)
        const live = await db.run(sql`
          UPDATE access.client_secrets s SET expires_at = least(s.expires_at, ${hoursAfter(now, graceHours)})
          WHERE ${ofClient}`)
        if (live >= MAX_LIVE)
          throw conflict('Two secrets work already. Remove one, or give no grace.', 'two-secrets')
        if (graceHours === 0) await endTokens(client)
        made = await addSecret(deps, ctx, client.id)
        await outbox.publish('client.secret-added', client.id, {
          clientId,
          owner: await ownerOf(deps, client),
          addedBy: ctx.actor.name,
          graceHours,
        })
      })
      return made!
    },

    /** Ends a secret now, and with it every access token. */
    removeSecret: (ctx: Ctx, clientId: string, reference: string): Promise<ClientView> =>
      store.change(ctx, clientId, undefined, 'client.secret-remove', async client => {
        const now = clock.now()
        const ended = await db.run(sql`
          UPDATE access.client_secrets s SET revoked_at = ${now}
          WHERE s.client_id = ${client.id} AND s.ref = ${refFromPath('secret', reference)} AND ${isLive(now)}`)
        if (!ended) throw notFound('secret')
        await endTokens(client)
      }),
  }
}
