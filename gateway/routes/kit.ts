import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { type Ctx, DomainError, type Page, type PageRequest } from '#core/kernel/index.ts'

/** A request as a handler gets it: authenticated, permitted, and valid by the API document. */
export type Call = {
  ctx: Ctx
  params: Record<string, string>
  query: Record<string, unknown>
  /** Valid by the operation's schema; a handler states its type. */
  body: unknown
  headers: IncomingMessage['headers']
  /** For operations with `x-stream`: the bytes as they come. */
  stream: () => AsyncIterable<Uint8Array>
}

/** What a handler answers. A `version` becomes the `ETag`. */
export type Reply = {
  status: number
  body?: unknown
  headers?: Record<string, string>
  version?: number
  /** A body that is not JSON: its media type and its bytes. */
  raw?: { type: string; data: string | Buffer | Readable }
}

export type Handler = (call: Call) => Promise<Reply>
export type Routes = Record<string, Handler>

export const ok = (body: unknown, version?: number): Reply => ({
  status: 200,
  body,
  ...(version === undefined ? {} : { version }),
})
export const created = (location: string, body: unknown, version?: number): Reply => ({
  ...ok(body, version),
  status: 201,
  headers: { Location: location },
})
export const noContent: Reply = { status: 204 }

/** The work goes on in the background, under a job. */
export const accepted = (job: { reference: string }): Reply => ({
  status: 202,
  body: { job: job.reference },
  headers: { Location: `/api/v1/jobs/${job.reference}` },
})

/** A page as every list presents it: `items`, and `next` unless it is the last. */
export const page = <T, P>(found: Page<T>, present: (item: T) => P): Reply =>
  ok({ items: found.items.map(present), ...(found.next === undefined ? {} : { next: found.next }) })

/** The paging part of a query. */
export const paging = (query: Record<string, unknown>): PageRequest => ({
  limit: (query.limit as number | undefined) ?? 50,
  ...(query.cursor === undefined ? {} : { cursor: query.cursor as string }),
  ...(query.sort === undefined ? {} : { sort: query.sort as string }),
})

/** The rest of a list's query: what narrows it. */
export const filterOf = <T>({ limit: _limit, cursor: _cursor, sort: _sort, ...filter }: Call['query']): T =>
  filter as T

/** The version that the caller read, from `If-Match`; undefined when it did not say. Throws for one we never gave. */
export const expectedVersion = (call: Call): number | undefined => {
  const header = call.headers['if-match']
  if (header === undefined || header === '*') return undefined
  const version = /^"v(\d{1,9})"$/.exec(header)?.[1]
  if (version === undefined)
    throw new DomainError(
      'precondition_failed',
      'If-Match is not an ETag that this resource ever had. Read it again.',
    )
  return Number(version)
}
