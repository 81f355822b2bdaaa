import type { Notifications } from '#core/notifications/index.ts'
import { ok, page, paging, type Routes } from './kit.ts'

export const notificationRoutes = ({ notifications }: { notifications: Notifications }): Routes => ({
  listNotifications: async ({ ctx, query }) => {
    const found = await notifications.list(ctx, query as { unread?: boolean }, paging(query))
    const listed = page(found, notification => notification)
    return { ...listed, body: { ...(listed.body as object), unread: found.unread } }
  },

  readNotifications: async ({ ctx, body }) => {
    const { ids, upTo } = body as { ids?: string[]; upTo?: string }
    return ok({ unread: await notifications.read(ctx, { ids, upTo: upTo ? new Date(upTo) : undefined }) })
  },
})
