import assert from 'node:assert/strict'
import sql from 'sql-template-tag'
import { type Browser, createBrowser, type Visit } from './browser.ts'
import { startTestGateway, type TestGateway } from './gateway.ts'
import { CLIENT_ID, CLIENT_SECRET, startOidcProvider, type TestProvider } from './oidc-provider.ts'

/** The public address of the installation, as the provider knows it. */
export const HOME = 'https://annona.test'
export const BEGIN = `${HOME}/api/v1/sign-in/ministry`
export const CALLBACK = `${BEGIN}/callback`
export const DISCOVERY = '/.well-known/openid-configuration'

export const isCallback = (url: URL): boolean => url.href.startsWith(CALLBACK)

/** How the provider `ministry` is described to the product. */
export const ministryAt = (issuer: string) => ({
  code: 'ministry',
  name: 'Ministry <staff>',
  issuer,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  scopes: ['profile', 'email', 'groups'],
  groupClaim: 'realm_access.roles',
  mappings: [
    { group: 'registry', role: 'registry-manager' },
    { group: 'finance', role: 'finance-officer' },
    { group: 'payments', role: 'payment-approver' },
  ],
  makesAccounts: true,
})

export type SingleSignOnRig = Awaited<ReturnType<typeof startSingleSignOn>>

/** A gateway, an identity provider that it knows as `ministry`, and people with browsers. */
export const startSingleSignOn = async () => {
  const provider = await startOidcProvider(CALLBACK)
  const g = await startTestGateway({ outboundAllow: provider.place })
  const admin = await g.as('system-administrator')
  const made = await g.call('POST', '/api/v1/identity-providers', {
    token: admin,
    body: ministryAt(provider.issuer),
  })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return {
    g,
    provider,
    admin,
    ...peopleOf(g, provider),
    ...settingsOf(g, admin),
    close: closing(g, provider),
  }
}

const closing = (g: TestGateway, provider: TestProvider) => async () => {
  await g.close()
  await provider.close()
}

const peopleOf = (g: TestGateway, provider: TestProvider) => {
  const fresh = (): Browser => createBrowser({ [HOME]: g.url })

  /** A browser that has been at the provider as somebody (nobody: who declines), and the address it is sent back to. */
  const signedInThere = async (subject: string | undefined): Promise<{ browser: Browser; back: URL }> => {
    provider.signsIn = subject
    const browser = fresh()
    const { url, status, body } = await browser.go(`${BEGIN}?return=/verify`, isCallback)
    assert.equal(status, 0, body)
    return { browser, back: url }
  }

  /** Who is signed in, in a browser. */
  const whoIs = async (browser: Browser) => {
    const { status, body } = await browser.ask(`${HOME}/api/v1/sessions/current`)
    return status === 200
      ? (JSON.parse(body) as { name: string; permissions: string[]; csrf: string })
      : undefined
  }

  return {
    fresh,
    signedInThere,
    whoIs,

    /** Says who there is at the provider, in which groups. */
    person: (subject: string, groups: string[], more: object = {}) =>
      provider.accounts.set(subject, {
        preferred_username: subject,
        name: subject,
        realm_access: { roles: groups },
        ...more,
      }),

    /** All the way there and back, but not on to the page that one returns to. */
    signIn: async (subject: string): Promise<{ browser: Browser; answer: Visit }> => {
      const { browser, back } = await signedInThere(subject)
      return { browser, answer: await browser.ask(back.href) }
    },

    /** Asserts a refusal on a page, with its rule and nothing of the inside, and that nobody is signed in. */
    assertRefused: async (browser: Browser, answer: Visit, status: number, rule: string): Promise<void> => {
      assert.equal(answer.status, status, answer.body)
      assert.match(answer.headers.get('Content-Type')!, /^text\/html/)
      assert.match(answer.body, new RegExp(`<small>/problems/${rule} `))
      assert.doesNotMatch(answer.body, /<script|127\.0\.0\.1|\.ts\b|OAUTH/)
      assert.equal(await whoIs(browser), undefined)
    },

    /** What the audit trail says of the last refusal. */
    lastRefusal: async (): Promise<Record<string, unknown>> => {
      const row = await g.db.one<{ after: Record<string, unknown> }>(
        sql`SELECT after FROM audit.entries WHERE action = 'user.sign-in-refused' ORDER BY at DESC LIMIT 1`,
      )
      return row!.after
    },

    rolesOf: async (username: string): Promise<string[]> => {
      const rows = await g.db.query<{ role: string; source: string }>(sql`
        SELECT g.role, g.source FROM access.grants g JOIN access.users u ON u.id = g.holder_id
        WHERE u.username = ${username} ORDER BY g.role`)
      return rows.map(r => `${r.role} ${r.source}`)
    },
  }
}

const settingsOf = (g: TestGateway, token: string) => {
  const path = '/api/v1/identity-providers/ministry'
  /** What can be changed of the provider, as it is now. */
  const settings = async (): Promise<Record<string, unknown>> => {
    const {
      code: _code,
      issuer: _issuer,
      version: _version,
      redirectUri: _uri,
      ...changeable
    } = (await g.call('GET', path, { token })).body
    return changeable
  }
  const change = async (more: object): Promise<void> => {
    const changed = await g.call('PUT', path, { token, body: { ...(await settings()), ...more } })
    assert.equal(changed.status, 200, JSON.stringify(changed.body))
  }
  return {
    settings,
    change,
    /** Makes the product ask for the discovery document again, as it does when a provider was changed. */
    afresh: () => change({}),
  }
}
