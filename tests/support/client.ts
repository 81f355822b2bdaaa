import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'

// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
type Json = any

/** Somebody who uses the API from outside: by their token, over HTTP. Every answer but the expected one fails the test. */
/** A change that was asked for and done. */
export type Deed = { what: string; requestId: string }

export type Client = {
  token: string
  /** Every change this client made, in order. */
  deeds: readonly Deed[]
  get(path: string, status?: number): Promise<Json>
  post(path: string, body?: unknown, status?: number): Promise<Json>
  /** Sends a file as it is. */
  send(path: string, type: string, content: string | Buffer, status?: number): Promise<Json>
  /** The bytes of an answer that is no JSON. */
  bytes(path: string): Promise<Buffer>
  /** The answer whatever its status. */
  try(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }>
  /** Waits for a job to succeed. */
  job(reference: string): Promise<Json>
}

export const clientOf = (url: string, token: string): Client => {
  const deeds: Deed[] = []
  const call = async (method: string, path: string, type?: string, content?: string | Buffer) => {
    const response = await fetch(url + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(type ? { 'Content-Type': type } : {}) },
      ...(content === undefined ? {} : { body: content as BodyInit }),
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    if (method !== 'GET' && response.ok)
      deeds.push({ what: `${method} ${path}`, requestId: response.headers.get('X-Request-Id')! })
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '')
    return {
      status: response.status,
      bytes,
      body: isJson ? (JSON.parse(bytes.toString()) as Json) : bytes.toString(),
    }
  }
  const expecting = async (
    status: number,
    method: string,
    path: string,
    type?: string,
    content?: string | Buffer,
  ) => {
    const answer = await call(method, path, type, content)
    assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const client: Client = {
    token,
    deeds,
    get: (path, status = 200) => expecting(status, 'GET', path),
    post: (path, body, status = 201) =>
      body === undefined
        ? expecting(status, 'POST', path)
        : expecting(status, 'POST', path, 'application/json', JSON.stringify(body)),
    send: (path, type, content, status = 201) => expecting(status, 'POST', path, type, content),
    bytes: async path => {
      const answer = await call('GET', path)
      assert.equal(answer.status, 200, path)
      return answer.bytes
    },
    try: (method, path, body) =>
      body === undefined ? call(method, path) : call(method, path, 'application/json', JSON.stringify(body)),
    job: async reference => {
      for (let waited = 0; waited < 120_000; waited += 100) {
        const job = await client.get(`/api/v1/jobs/${reference}`)
        if (job.state === 'succeeded') return job
        assert.ok(['waiting', 'running'].includes(job.state), `${job.kind} ended ${job.state}: ${job.error}`)
        await pause(100)
      }
      throw new Error(`job ${reference} did not end`)
    },
  }
  return client
}

/** An API client's token, by its secret. */
export const tokenFor = async (url: string, clientId: string, clientSecret: string): Promise<string> => {
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }
  const response = await fetch(`${url}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) })
  assert.equal(response.status, 200)
  return ((await response.json()) as { access_token: string }).access_token
}

/** A person's token, by signing in. */
export const signIn = async (url: string, username: string, password: string): Promise<string> => {
  const response = await fetch(`${url}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password }),
  })
  assert.equal(response.status, 201)
  return ((await response.json()) as { token: string }).token
}
