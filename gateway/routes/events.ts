import type { CameBy } from '#core/live/index.ts'
import type { Tokens } from '../auth/tokens.ts'
import type { Events } from '../live/events.ts'
import type { Call, Routes } from './kit.ts'

type EventDeps = { events: Events; tokens: Tokens }

/** What happens to what is the caller's, as it happens. */
export const eventRoutes = ({ events, tokens }: EventDeps): Routes => ({
  streamEvents: async call => {
    const { id, scope } = call.ctx.actor
    const data = events.open({ accountId: id, scope, by: await cameBy(tokens, call) })
    return {
      status: 200,
      // Proxies keep nothing back; and the connection ends with the stream, so that a gateway that stops waits for none.
      headers: { 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no', Connection: 'close' },
      raw: { type: 'text/event-stream', data },
    }
  },
})

const cameBy = async (tokens: Tokens, { ctx, headers }: Call): Promise<CameBy> =>
  ctx.session
    ? { session: { id: ctx.session.id, signedInBy: ctx.actor.signedInBy } }
    : { token: await tokens.claimsOf(headers.authorization!.replace(/^Bearer /i, '')) }
