import type { Access, NewClient } from '#core/access/index.ts'
import type { Areas } from '#core/areas/index.ts'
import { invalidField } from '#core/kernel/index.ts'
import type { Tokens } from '../auth/tokens.ts'
import { type ByCode, scoping } from './grants.ts'
import { created, ok, type Routes } from './kit.ts'

type TokenRequest = { grant_type: string; client_id?: string; client_secret?: string }

/** API clients, and the tokens they ask for. */
export const clientRoutes = (deps: { access: Access; areas: Areas; tokens: Tokens }): Routes => {
  const { access, tokens } = deps
  const withScopes = scoping(deps)
  return {
    createToken: async ({ ctx, body, headers }) => {
      const { id, secret } = clientOf(body as TokenRequest, headers.authorization)
      const actor = await access.authenticateClient(ctx, id, secret)
      return ok(await tokens.issue(actor))
    },

    createClient: async ({ ctx, body }) => {
      const client = await access.createClient(ctx, await withScopes(body as ByCode<NewClient>))
      return created(`/api/v1/clients/${client.clientId}`, client)
    },
  }
}

/** Client credentials from the form or from HTTP Basic (RFC 6749 section 2.3.1). */
const clientOf = (form: TokenRequest, authorization: string | undefined): { id: string; secret: string } => {
  const basic = /^Basic ([A-Za-z0-9+/=]{1,1000})$/i.exec(authorization ?? '')?.[1]
  if (basic) {
    const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':', 2).map(formDecode)
    return { id, secret }
  }
  if (!form.client_id || !form.client_secret)
    throw invalidField(
      '/client_id',
      'required',
      'Send client_id and client_secret in the form or as HTTP Basic.',
    )
  return { id: form.client_id, secret: form.client_secret }
}

const formDecode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
