import assert from 'node:assert/strict'
import { exportJWK, generateKeyPair } from 'jose'
import sql from 'sql-template-tag'
import { assertProblem } from '#tests/support/hostile.ts'
import {
  CLIENT_ID,
  CLIENT_SECRET,
  idToken,
  json,
  startOidcProvider,
  type TestProvider,
} from '#tests/support/oidc-provider.ts'
import {
  BEGIN,
  CALLBACK,
  DISCOVERY,
  HOME,
  isCallback,
  ministryAt,
  type SingleSignOnRig,
  startSingleSignOn,
} from '#tests/support/single-sign-on.ts'

describe('single sign-on under attack', function () {
  this.timeout(60_000)
  let sso: SingleSignOnRig
  before(async () => {
    sso = await startSingleSignOn()
  })
  beforeEach(() => {
    sso.provider.instead.clear()
    sso.provider.asked.clear()
  })
  after(() => sso.close())

  describe('a sign-in', () => {
    it('is completed in the browser it was begun in alone', async () => {
      sso.person('victim', ['finance'])
      const { browser, back } = await sso.signedInThere('victim')
      const other = sso.fresh()
      await sso.assertRefused(other, await other.ask(back.href), 403, 'sign-in-not-begun')
      await other.go(BEGIN, isCallback) // with a cookie of its own
      await sso.assertRefused(other, await other.ask(back.href), 403, 'sign-in-not-begun')
      const planted = sso.fresh()
      const cookie = [...other.cookies(HOME)].find(([name]) => name.endsWith('annona-sign-in'))!
      planted.cookies(HOME).set(...cookie)
      planted.cookies(HOME).set(` ${cookie[0]}`, browser.cookies(HOME).get(cookie[0])!)
      await sso.assertRefused(planted, await planted.ask(back.href), 403, 'sign-in-not-begun')
      assert.equal((await browser.ask(back.href)).status, 303)
    })

    it('is completed once, also when it comes back many times at the same moment', async () => {
      sso.person('twice', ['finance'])
      const { browser, back } = await sso.signedInThere('twice')
      const answers = await Promise.all(Array.from({ length: 6 }, () => browser.ask(back.href)))
      assert.deepEqual(
        answers.map(a => a.status).toSorted((a, b) => a - b),
        [303, 403, 403, 403, 403, 403],
      )
      assert.equal((await browser.ask(back.href)).status, 403)
    })

    it('is not completed with another state, after ten minutes, or by another provider', async () => {
      sso.person('late', ['finance'])
      const { browser, back } = await sso.signedInThere('late')
      const tampered = new URL(back)
      tampered.searchParams.set('state', `${back.searchParams.get('state')!.slice(0, -1)}!`)
      await sso.assertRefused(browser, await browser.ask(tampered.href), 403, 'sign-in-not-begun')
      tampered.searchParams.delete('state')
      await sso.assertRefused(browser, await browser.ask(tampered.href), 403, 'sign-in-not-begun')
      await sso.g.call('POST', '/api/v1/identity-providers', {
        token: sso.admin,
        body: { ...ministryAt(sso.provider.issuer), code: 'other' },
      })
      const elsewhere = back.href.replace('/ministry/', '/other/')
      await sso.assertRefused(browser, await browser.ask(elsewhere), 403, 'sign-in-not-begun')
      await sso.g.db.run(sql`UPDATE access.identity_sign_ins SET expires_at = now() - interval '1 second'`)
      await sso.assertRefused(browser, await browser.ask(back.href), 403, 'sign-in-not-begun')
      await sso.g.services.access.sweepIdentitySignIns()
      assert.equal((await sso.g.db.query(sql`SELECT FROM access.identity_sign_ins`)).length, 0)
    })

    it('does not take the code of another, which was stolen', async () => {
      sso.person('owner', ['finance'])
      sso.person('robber', ['finance'])
      const stolen = (await sso.signedInThere('owner')).back.searchParams.get('code')!
      const { browser, back } = await sso.signedInThere('robber')
      back.searchParams.set('code', stolen)
      await sso.assertRefused(browser, await browser.ask(back.href), 403, 'identity-not-proven')
      assert.equal((await sso.lastRefusal()).detail, 'invalid_grant')
    })

    it('does not take an answer of another issuer', async () => {
      sso.person('mixed', ['finance'])
      for (const iss of ['https://evil.example', undefined]) {
        const { browser, back } = await sso.signedInThere('mixed')
        back.searchParams.delete('iss')
        if (iss) back.searchParams.set('iss', iss)
        await sso.assertRefused(browser, await browser.ask(back.href), 403, 'identity-not-proven')
      }
      assert.equal(sso.provider.asked.get('/token'), undefined)
    })

    it('is told in a problem to who does not read pages, and takes no parameter twice', async () => {
      assertProblem(await sso.g.call('GET', '/api/v1/sign-in/ministry/callback?state=x&code=y'), 403, {
        rule: 'sign-in-not-begun',
      })
      assertProblem(await sso.g.call('GET', '/api/v1/sign-in/nowhere'), 404)
      for (const query of ['state=a&state=b', 'code[x]=1', `state=${'a'.repeat(300)}`])
        assertProblem(await sso.g.call('GET', `/api/v1/sign-in/ministry/callback?${query}`), 400)
    })

    it('returns to nowhere but this installation', async () => {
      const elsewhere = [
        'https://evil.example/',
        '//evil.example',
        '/\\evil.example',
        '\\\\evil.example',
        '/\t/evil.example',
        '/\n/evil.example',
        '/.//evil.example',
        '/a/..//evil.example',
        '/%2e//evil.example',
        'evil',
        '',
        ' /verify',
        'javascript:alert(1)',
        '/é',
      ]
      for (const path of elsewhere) {
        const answer = await sso.fresh().ask(`${BEGIN}?return=${encodeURIComponent(path)}`)
        assert.equal(answer.status, 400, JSON.stringify(path))
        assert.doesNotMatch(answer.body, /evil/)
      }
      for (const path of ['/', '/verify?x=1#y', '/a//b', '/%2f%2fevil.example'])
        assert.equal((await sso.fresh().ask(`${BEGIN}?return=${encodeURIComponent(path)}`)).status, 302, path)
    })

    it('asks with PKCE, state and nonce, and keeps what is secret in sealed and hashed form', async () => {
      const browser = sso.fresh()
      const { headers } = await browser.ask(BEGIN)
      const { searchParams: asked } = new URL(headers.get('Location')!)
      assert.equal(asked.get('code_challenge_method'), 'S256')
      assert.equal(asked.get('redirect_uri'), CALLBACK)
      for (const name of ['state', 'nonce', 'code_challenge']) assert.match(asked.get(name)!, /^[\w-]{43}$/)
      assert.match(
        headers.get('Set-Cookie')!,
        /^__Host-annona-sign-in=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax;/,
      )
      assert.match(headers.get('Set-Cookie')!, /; Secure$/)
      const kept = JSON.stringify(await sso.g.db.query(sql`SELECT t::text FROM access.identity_sign_ins t`))
      for (const secret of [asked.get('state')!, asked.get('nonce')!, ...browser.cookies(HOME).values()]) {
        assert.ok(!kept.includes(secret))
        assert.ok(!kept.includes(Buffer.from(secret).toString('hex')))
      }
    })
  })

  describe('an ID token', () => {
    const claims = (nonce: string) => ({ sub: 'forged', nonce, realm_access: { roles: ['finance'] } })
    /** Answers the code with a token made by the test from the nonce of the request, and completes the sign-in. */
    const completeWith = async (make: (nonce: string) => Promise<string>) => {
      sso.provider.signsIn = 'forged'
      sso.person('forged', ['finance'])
      const browser = sso.fresh()
      const begun = await browser.ask(BEGIN)
      const nonce = new URL(begun.headers.get('Location')!).searchParams.get('nonce')!
      const { url } = await browser.go(begun.headers.get('Location')!, isCallback)
      const id_token = await make(nonce)
      sso.provider.instead.set('/token', json({ access_token: 'at', token_type: 'Bearer', id_token }))
      sso.provider.instead.set('/me', json({ sub: 'forged', preferred_username: 'forged' }))
      return { browser, answer: await browser.ask(url.href) }
    }
    const unsigned = (nonce: string) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const now = Math.floor(Date.now() / 1_000)
      const body = { iss: sso.provider.issuer, aud: CLIENT_ID, iat: now, exp: now + 60, ...claims(nonce) }
      return Promise.resolve(`${part({ alg: 'none' })}.${part(body)}.`)
    }

    it('is believed when it is right', async () => {
      const { browser, answer } = await completeWith(nonce => idToken(sso.provider, claims(nonce)))
      assert.equal(answer.status, 303, answer.body)
      assert.equal((await sso.whoIs(browser))?.name, 'forged')
    })

    const other = async () => (await generateKeyPair('RS256')).privateKey
    const forged = (nonce: string, more: object) => idToken(sso.provider, { ...claims(nonce), ...more })
    /** What is wrong with it: how it is made, and the code that says what was noticed. */
    const WRONG: Record<string, [make: (nonce: string) => Promise<string>, detail: string]> = {
      'has another nonce': [() => forged('another', {}), 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'],
      'has no nonce': [() => forged('', { nonce: undefined }), 'OAUTH_INVALID_RESPONSE'],
      'is for another client': [
        nonce => forged(nonce, { aud: 'other' }),
        'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      ],
      'is of another issuer': [
        nonce => forged(nonce, { iss: 'https://evil.example' }),
        'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      ],
      'has expired': [
        nonce => forged(nonce, { exp: Math.floor(Date.now() / 1_000) - 60 }),
        'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
      ],
      'has a subject that is none': [nonce => forged(nonce, { sub: 'a\0b' }), 'subject'],
      'is signed by another key': [
        async nonce => idToken(sso.provider, claims(nonce), { with: await other() }),
        'OAUTH_INVALID_RESPONSE',
      ],
      'is signed with HS256 under the client secret': [
        nonce => idToken(sso.provider, claims(nonce), { alg: 'HS256', with: Buffer.from(CLIENT_SECRET) }),
        'OAUTH_INVALID_RESPONSE',
      ],
      'is signed in a way that the provider does not say it uses': [
        async nonce =>
          idToken(sso.provider, claims(nonce), {
            alg: 'ES512',
            with: (await generateKeyPair('ES512')).privateKey,
          }),
        'OAUTH_INVALID_RESPONSE',
      ],
      'is not signed': [unsigned, 'OAUTH_INVALID_RESPONSE'],
      'is none': [() => Promise.resolve('not a token'), 'OAUTH_INVALID_RESPONSE'],
    }
    const assertNoticed = async (make: (nonce: string) => Promise<string>, detail: string) => {
      const { browser, answer } = await completeWith(make)
      await sso.assertRefused(browser, answer, 403, 'identity-not-proven')
      const refusal = await sso.lastRefusal()
      assert.deepEqual(refusal, { provider: 'ministry', reason: 'identity-not-proven', detail })
    }
    for (const [how, [make, detail]] of Object.entries(WRONG))
      it(`is refused when it ${how}`, () => assertNoticed(make, detail))

    it('is refused with HS256 or unsigned even when the provider says that it uses it', async () => {
      const discovery = await (await fetch(sso.provider.issuer + DISCOVERY)).json()
      const weak = {
        ...(discovery as object),
        id_token_signing_alg_values_supported: ['HS256', 'none', 'RS256'],
      }
      await sso.afresh()
      for (const how of ['is signed with HS256 under the client secret', 'is not signed']) {
        sso.provider.instead.set(DISCOVERY, json(weak))
        await assertNoticed(...WRONG[how]!)
      }
      await sso.afresh()
    })

    it('is not believed by keys that it names itself', async () => {
      const { privateKey, publicKey } = await generateKeyPair('RS256')
      const jwk = { ...(await exportJWK(publicKey)), kid: 'signing', alg: 'RS256' }
      sso.provider.instead.set('/evil', json({ keys: [jwk] }))
      const jku = `${sso.provider.issuer}/evil`
      const bySignature = [{ jku }, { jwk }, { x5u: jku }].map(h => [h, 'OAUTH_INVALID_RESPONSE'] as const)
      const byKid = [{ jku, kid: 'evil' }, { kid: "' OR 1=1 --" }, { kid: '../../dev/null' }].map(
        h => [h, 'OAUTH_KEY_SELECTION_FAILED'] as const,
      )
      for (const [header, detail] of [...bySignature, ...byKid])
        await assertNoticed(
          nonce => idToken(sso.provider, claims(nonce), { with: privateKey, header }),
          detail,
        )
      assert.equal(sso.provider.asked.get('/evil'), undefined)
    })
  })

  describe('a provider', () => {
    const brokenAt = async (path: string, answer: Parameters<TestProvider['instead']['set']>[1]) => {
      sso.person('waiting', ['finance'])
      const { browser, back } = await sso.signedInThere('waiting')
      sso.provider.instead.set(path, answer)
      const started = performance.now()
      const visit = await browser.ask(back.href)
      assert.ok(performance.now() - started < 9_000)
      await sso.assertRefused(browser, visit, 503, 'identity-provider-unavailable')
    }

    it('that is another than it should be is not spoken with', async () => {
      const discovery = (await (await fetch(sso.provider.issuer + DISCOVERY)).json()) as object
      for (const document of [
        { ...discovery, issuer: 'https://evil.example' },
        { ...discovery, issuer: undefined },
        { ...discovery, authorization_endpoint: 'javascript:alert(1)' },
        [],
        'x',
      ]) {
        await sso.afresh()
        sso.provider.instead.set(DISCOVERY, json(document))
        const browser = sso.fresh()
        await sso.assertRefused(browser, await browser.ask(BEGIN), 503, 'identity-provider-unavailable')
      }
      sso.provider.instead.clear()
      assert.equal((await sso.fresh().ask(BEGIN)).status, 302)
    })

    it('that leads the server to a place inside is not followed there', async () => {
      const discovery = (await (await fetch(sso.provider.issuer + DISCOVERY)).json()) as object
      await sso.afresh()
      sso.provider.instead.set(
        DISCOVERY,
        json({ ...discovery, token_endpoint: 'http://169.254.169.254/latest' }),
      )
      sso.person('inside', ['finance'])
      const { browser, back } = await sso.signedInThere('inside')
      await sso.assertRefused(browser, await browser.ask(back.href), 503, 'identity-provider-unavailable')
      await sso.afresh()
    })

    it('that answers the code with an error of its own, a redirect, too much or nonsense is unavailable', async () => {
      await brokenAt('/token', json({ error: 'server_error' }, 500))
      await brokenAt('/token', json({ error: 'invalid_client', error_description: '<script>' }, 401))
      await brokenAt('/token', (_request, response) => response.writeHead(302, { Location: '/x' }).end())
      await brokenAt('/token', (_request, response) => response.writeHead(200).end('<html>'))
      await brokenAt('/token', json({ access_token: 'x'.repeat(2_000_000) }))
      await brokenAt('/jwks', json({}, 500))
    })

    it('that does not answer in time is unavailable', async () => {
      await brokenAt('/token', () => {})
    })

    it('that is down is a problem with when to try again', async () => {
      const gone = await startOidcProvider(CALLBACK)
      await gone.close()
      const body = { ...ministryAt(sso.provider.issuer), code: 'gone', issuer: gone.issuer }
      await sso.g.call('POST', '/api/v1/identity-providers', { token: sso.admin, body })
      const answer = await sso.g.call('GET', '/api/v1/sign-in/gone')
      assertProblem(answer, 503, { rule: 'identity-provider-unavailable' })
      assert.ok(Number(answer.headers.get('Retry-After')) > 0)
    })
  })
})
