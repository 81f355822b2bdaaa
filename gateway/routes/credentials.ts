import type { CredentialFilter, Credentials } from '#core/credentials/index.ts'
import {
  accepted,
  type Call,
  created,
  filterOf,
  noContent,
  ok,
  page,
  paging,
  type Reply,
  type Routes,
} from './kit.ts'

const reasonOf = ({ body }: Call) => (body as { reason: string }).reason

const picture = (type: string, data: string | Buffer): Reply => ({ status: 200, raw: { type, data } })

export const credentialRoutes = ({ credentials }: { credentials: Credentials }): Routes => ({
  listCredentials: async ({ ctx, query }) => {
    const filter = filterOf<CredentialFilter>(query)
    return page(await credentials.list(ctx, filter, paging(query)), credential => credential)
  },

  issueCredentials: async ({ ctx, body }) =>
    accepted(await credentials.issueForCycle(ctx, (body as { cycle: string }).cycle)),

  getCredential: async ({ ctx, params }) => ok(await credentials.get(ctx, params.reference!)),

  getCredentialSvg: async ({ ctx, params }) =>
    picture('image/svg+xml', (await credentials.qrCode(ctx, params.reference!)).svg()),

  getCredentialPng: async ({ ctx, params }) =>
    picture('image/png', (await credentials.qrCode(ctx, params.reference!)).png()),

  revokeCredential: async call => {
    await credentials.revoke(call.ctx, call.params.reference!, reasonOf(call))
    return noContent
  },

  suspendCredential: async call => {
    await credentials.suspend(call.ctx, call.params.reference!, reasonOf(call))
    return noContent
  },

  restoreCredential: async call => {
    await credentials.restore(call.ctx, call.params.reference!, reasonOf(call))
    return noContent
  },

  reissueCredential: async call => {
    const made = await credentials.reissue(call.ctx, call.params.reference!, reasonOf(call))
    return created(`/api/v1/credentials/${made.reference}`, made)
  },
})
