import type { Messages } from '#core/messages/index.ts'
import { ok, paging, type Routes } from './kit.ts'

export const messageRoutes = ({ messages }: { messages: Messages }): Routes => ({
  listMessages: async ({ ctx, query }) =>
    ok(await messages.after(ctx, query as { type?: string }, paging(query))),
})
