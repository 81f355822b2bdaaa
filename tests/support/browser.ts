import assert from 'node:assert/strict'

/** Where a browser came to: the address and what was answered there. */
export type Visit = { url: URL; status: number; headers: Headers; body: string }
export type Browser = ReturnType<typeof createBrowser>

const MOST_REDIRECTS = 20

/**
 * As much of a browser as sign-ins need: it keeps cookies by origin and follows redirects. `reachedAt` says where an
 * origin really is, when the name that the product knows itself by leads nowhere.
 */
export const createBrowser = (reachedAt: Record<string, string> = {}) => {
  const jars = new Map<string, Map<string, string>>()

  const jarOf = (origin: string) => {
    const jar = jars.get(origin) ?? new Map<string, string>()
    jars.set(origin, jar)
    return jar
  }

  const visit = async (url: URL, init: RequestInit = {}): Promise<Visit> => {
    const jar = jarOf(url.origin)
    const headers = new Headers(init.headers)
    if (!headers.has('Accept')) headers.set('Accept', 'text/html,*/*')
    if (jar.size > 0) headers.set('Cookie', [...jar].map(pair => pair.join('=')).join('; '))
    const place = (reachedAt[url.origin] ?? url.origin) + url.pathname + url.search
    const answer = await fetch(place, { ...init, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) keep(jar, line)
    return { url, status: answer.status, headers: answer.headers, body: await answer.text() }
  }

  return {
    /** The cookies of an origin: to look at, to plant and to steal. */
    cookies: jarOf,

    /** One request, its redirect not followed. */
    ask: (url: string, init?: RequestInit) => visit(new URL(url), init),

    /** Goes to an address and on wherever it is sent; stops before one that `until` holds for, with status 0. */
    go: async (start: string, until: (url: URL) => boolean = () => false): Promise<Visit> => {
      let url = new URL(start)
      for (let i = 0; i < MOST_REDIRECTS; i++) {
        if (until(url)) return { url, status: 0, headers: new Headers(), body: '' }
        const here = await visit(url)
        const location = here.headers.get('Location')
        if (here.status < 300 || here.status > 399 || location === null) return here
        url = new URL(location, url)
      }
      return assert.fail(`sent on and on, at last to ${url.href}`)
    },
  }
}

const keep = (jar: Map<string, string>, line: string) => {
  const [pair = '', ...attributes] = line.split(';').map(part => part.trim())
  const at = pair.indexOf('=')
  const isGone = attributes.some(
    a => /^max-age=0$/i.test(a) || (/^expires=/i.test(a) && Date.parse(a.slice(8)) < Date.now()),
  )
  if (isGone) jar.delete(pair.slice(0, at))
  else jar.set(pair.slice(0, at), pair.slice(at + 1))
}
