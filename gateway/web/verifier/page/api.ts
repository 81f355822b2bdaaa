export type Verdict =
  | 'valid'
  | 'valid_stale'
  | 'revoked'
  | 'suspended'
  | 'expired'
  | 'not_yet_valid'
  | 'already_redeemed'
  | 'wrong_point'
  | 'unknown_issuer'
  | 'tampered'
  | 'malformed'

export type Point = { code: string; name: string }

/** What is due: whole numbers of the item's unit, or a decimal amount of a currency. */
export type Benefit = Goods | { kind: 'cash'; currency: string; amount: string; remaining: string }
export type Goods = { kind: 'in_kind'; item: Item; quantity: number; remaining: number }
export type Item = { code: string; name: string; unit: string }

export type Due = {
  entitlement: string
  holderName: string
  program: string
  cycle: string
  benefit: Benefit
}
/** `servedAt`: with `wrong_point`, where the card is served. */
export type Verification = { verdict: Verdict; advice: string; servedAt?: Point; due?: Due }

/** Handed over, or the verdict that stood against it. */
export type Outcome = { redemption: { reference: string }; remaining: number } | Verification

/** Why the server gave no answer to work with. `refused` comes with the server's own words; `code`: it asks for one. */
export type Trouble = 'offline' | 'ended' | 'code' | 'forbidden' | 'busy' | 'broken' | 'refused'

export class ApiError extends Error {
  readonly trouble: Trouble
  /** The server's rule that was against it, if it named one. */
  readonly rule: string | undefined
  constructor(trouble: Trouble, detail = '', rule?: string) {
    super(detail)
    this.name = 'ApiError'
    this.trouble = trouble
    this.rule = rule
  }
}

const PATIENCE_MS = 15_000
/** The longest text the server looks at. Ours are far shorter: what is cut was none of ours. */
const MAX_QR = 4096
const SAVED = 'annona-verifier'

/** What is kept until the tab is closed: never in a place that other tabs or the next user see. */
type Saved = { token?: string | undefined; point?: Point | 'none' }

type Call = { body?: unknown; key?: string }

/** Who is signed in to the console in this browser, and the proof that a request comes from a page of ours. */
type Shared = { name: string; csrf: string }
type Me = {
  name: string
  permissions: string[]
  mustEnrol: boolean
  mustChangePassword: boolean
  csrf?: string
}

/** A sign-in to the console counts here too, when it is complete and of somebody who may verify. */
const sharedOf = ({ name, permissions, mustEnrol, mustChangePassword, csrf }: Me): Shared | undefined =>
  csrf && !mustEnrol && !mustChangePassword && permissions.includes('verification:perform')
    ? { name, csrf }
    : undefined

/** The gateway's public API, and the sign-in to it. */
export const createApi = (storage: Storage) => {
  const saved = (): Saved => JSON.parse(storage.getItem(SAVED) ?? '{}') as Saved
  const save = (changes: Saved) => storage.setItem(SAVED, JSON.stringify({ ...saved(), ...changes }))

  let shared: Shared | undefined

  const call = async <T>(method: string, path: string, { body, key }: Call = {}): Promise<T> => {
    const { token } = saved()
    const csrf = token ? undefined : shared?.csrf
    const response = await fetch(path, {
      method,
      headers: {
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(csrf && { 'X-CSRF-Token': csrf }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(key && { 'Idempotency-Key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch(() => {
      throw new ApiError('offline')
    })
    if (!response.ok && !isVerdict(response)) {
      const error = await errorOf(response)
      if (error.rule === 'csrf' && (await isSameAnew())) return call(method, path, { body, key } as Call)
      throw error
    }
    return (response.status === 204 ? undefined : await jsonOf(response)) as T
  }

  const readShared = (): Promise<Shared | undefined> =>
    call<Me>('GET', '/api/v1/sessions/current').then(sharedOf, () => undefined)

  /** Whether the same person has signed in to the console anew, in another tab: then nothing was done yet. */
  const isSameAnew = async (): Promise<boolean> => {
    const before = shared
    shared = await readShared()
    return shared !== undefined && shared.name === before?.name && shared.csrf !== before.csrf
  }

  return {
    /** Whether somebody is signed in: here, or else to the console in this browser. */
    resume: async (): Promise<boolean> => {
      if (saved().token !== undefined) return true
      shared = await readShared()
      return shared !== undefined
    },

    /** Whether it is the sign-in of the console that counts. */
    isShared: () => saved().token === undefined && shared !== undefined,

    /** `code` is that of an authenticator app, six digits, or a recovery code. */
    signIn: async (username: string, password: string, code: string): Promise<void> => {
      shared = undefined
      save({ token: undefined })
      const { token } = await call<{ token: string }>('POST', '/api/v1/sessions', {
        body: { username, password, ...(code && { [/^\d{6}$/.test(code) ? 'code' : 'recoveryCode']: code }) },
      })
      save({ token })
    },

    /** Forgets the sign-in here at once; the server is told if it can be reached. */
    signOut: async (): Promise<void> => {
      const told = call('DELETE', '/api/v1/sessions/current').catch(() => {})
      storage.removeItem(SAVED)
      await told
    },

    /** After the sign-in has ended; the chosen point stays. */
    forgetSignIn: () => {
      shared = undefined
      save({ token: undefined })
    },

    /** Every service point within reach. */
    points: async (): Promise<Point[]> => {
      const found: Point[] = []
      for (let next: string | undefined = ''; next !== undefined; ) {
        const from: string = next ? `&cursor=${encodeURIComponent(next)}` : ''
        const path = `/api/v1/locations?kind=service_point&limit=200${from}`
        const page: { items: Point[]; next?: string } = await call('GET', path)
        found.push(...page.items)
        next = page.next
      }
      return found
    },

    /** The chosen service point; `none` to check only; undefined before it was chosen. */
    point: () => saved().point,
    choose: (point: Point | 'none') => save({ point }),

    verify: (qr: string, point: string | undefined) =>
      call<Verification>('POST', '/api/v1/verifications', {
        body: { qr: qr.slice(0, MAX_QR), ...(point && { point }) },
      }),

    /** Books a handover. With the same key sent again it is booked only once. */
    redeem: (qr: string, point: string, quantity: number, key: string) =>
      call<Outcome>('POST', '/api/v1/redemptions', { body: { qr, point, quantity, receipt: key }, key }),
  }
}
export type Api = ReturnType<typeof createApi>

/** A refusal because of the verdict is no problem document, but an answer like any other. */
const isVerdict = ({ status, headers }: Response): boolean =>
  status === 409 && /^application\/json\b/.test(headers.get('Content-Type') ?? '')

const jsonOf = (response: Response): Promise<unknown> =>
  response.json().catch(() => {
    throw new ApiError('broken')
  })

const TROUBLES: Readonly<Record<number, Trouble>> = { 401: 'ended', 403: 'forbidden', 429: 'busy' }

const errorOf = async (response: Response): Promise<ApiError> => {
  const known = TROUBLES[response.status] ?? (response.status >= 500 ? 'broken' : undefined)
  const { rule, detail } = (await jsonOf(response).catch(() => ({}))) as { rule?: string; detail?: string }
  if (rule === 'second-factor-required') return new ApiError('code')
  if (rule === 'csrf') return new ApiError('ended', detail, rule)
  if (known) return new ApiError(known)
  return new ApiError('refused', detail, rule)
}
