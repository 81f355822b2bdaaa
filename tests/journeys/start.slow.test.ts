import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { clientOf, signIn } from '#tests/support/client.ts'
import { testDatabase } from '#tests/support/database.ts'
import { type Product, processesWith, startProduct } from '#tests/support/product.ts'

describe('npm start', function () {
  this.timeout(180_000)
  let dataDir: string
  const running: Product[] = []

  const start = async (env: Record<string, string> = {}) => {
    const product = await startProduct(dataDir, env)
    running.push(product)
    return product
  }

  const token = async ({ url, ...product }: Product) => {
    const client = product.access().clients[0]!
    const response = await fetch(`${url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: client.clientId,
        client_secret: client.clientSecret,
      }),
    })
    return ((await response.json()) as { access_token: string }).access_token
  }

  const programs = async (product: Product) => {
    const response = await fetch(`${product.url}/api/v1/programs`, {
      headers: { Authorization: `Bearer ${await token(product)}` },
    })
    assert.equal(response.status, 200)
    return ((await response.json()) as { items: { code: string }[] }).items.map(p => p.code)
  }

  /** What the first approver of the demo can decide on. */
  const waitingForApproval = async (product: Product) => {
    const { username, password } = product.access().users.find(u => u.username === 'aster')!
    const approver = clientOf(product.url, await signIn(product.url, username, password))
    const { items } = await approver.get('/api/v1/approvals?mine=decidable')
    return items.map((i: { subjectType: string }) => i.subjectType).sort()
  }

  const eventually = async (what: string, check: () => Promise<boolean>) => {
    for (let n = 0; n < 300; n++) {
      if (await check().catch(() => false)) return
      await pause(100)
    }
    throw new Error(`never happened: ${what}`)
  }

  const pidsOf = async (script: string) => {
    const ours = new Set(await processesWith(dataDir))
    return (await processesWith(script)).filter(pid => ours.has(pid))
  }

  before(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'annona-start-'))
  })
  after(async () => {
    for (const product of running) await product.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  it('brings everything up on a bare directory, with the demo and how to get in', async () => {
    const product = await start()
    assert.equal((await fetch(`${product.url}/readyz`)).status, 200)
    const { clients, users } = product.access()
    assert.ok(clients.length >= 1 && users.length === 9)
    assert.equal(statSync(join(dataDir, 'demo-access.json')).mode & 0o777, 0o600)
    assert.equal(statSync(join(dataDir, 'master.key')).mode & 0o777, 0o600)
    assert.deepEqual((await programs(product)).sort(), ['CHILD-GRANT', 'FOOD-AID', 'PENSION'])
    for (const { username, password } of users)
      assert.ok(await signIn(product.url, username, password), username)
    assert.deepEqual(await waitingForApproval(product), ['cycle', 'payment-batch'])
    const about = await fetch(`${product.url}/.well-known/oauth-authorization-server`)
    assert.equal(((await about.json()) as { issuer: string }).issuer, product.url)
  })

  it('stops all that it started', async () => {
    assert.equal(await running.at(-1)!.stop(), 0)
    await eventually('nothing is left running', async () => (await processesWith(dataDir)).length === 0)
  })

  it('starts again with everything still there, and the same secrets', async () => {
    const before = readFileSync(join(dataDir, 'demo-access.json'), 'utf8')
    const product = await start()
    assert.equal((await programs(product)).length, 3)
    const secrets = (text: string) => JSON.parse(text).clients
    assert.deepEqual(secrets(readFileSync(join(dataDir, 'demo-access.json'), 'utf8')), secrets(before))
  })

  it('starts a killed gateway and a killed worker again', async () => {
    const product = running.at(-1)!
    for (const script of ['gateway/main.ts', 'gateway/worker.ts']) {
      const [pid] = await pidsOf(script)
      process.kill(pid!, 'SIGKILL')
      await eventually(`${script} runs again`, async () => {
        const [other] = await pidsOf(script)
        return other !== undefined && other !== pid
      })
    }
    await eventually('the gateway answers', async () => (await programs(product)).length === 3)
  })

  it('starts a killed database again, and goes on', async () => {
    const product = running.at(-1)!
    const pid = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGKILL')
    await eventually('the gateway answers', async () => (await programs(product)).length === 3)
    await product.stop()
    await eventually('nothing is left running', async () => (await processesWith(dataDir)).length === 0)
    await start()
  })

  it('leaves nothing behind but the database when it is killed, and starts on it again', async () => {
    const killed = running.at(-1)!
    killed.process.kill('SIGKILL')
    await once(killed.process, 'exit')
    const product = await start()
    assert.equal((await programs(product)).length, 3)
    assert.equal((await pidsOf('gateway/main.ts')).length, 1)
    await product.stop()
  })

  it('goes on with a demo that was cut off, and loads it once', async () => {
    rmSync(dataDir, { recursive: true, force: true })
    dataDir = mkdtempSync(join(tmpdir(), 'annona-start-'))
    for (const ms of [1_500, 3_000, 5_000]) {
      const cut = startProduct(dataDir)
        .then(p => running.push(p))
        .catch(() => {})
      await pause(ms)
      for (const pid of await pidsOf('gateway/cli.ts')) process.kill(pid, 'SIGKILL')
      await cut
    }
    const product = await start()
    const list = await fetch(`${product.url}/api/v1/audit-entries?action=import.commit&limit=200`, {
      headers: { Authorization: `Bearer ${await token(product)}` },
    })
    assert.equal(list.status, 200)
    assert.equal((await programs(product)).length, 3)
    const credentials = await fetch(`${product.url}/api/v1/credentials?limit=1`, {
      headers: { Authorization: `Bearer ${await token(product)}` },
    })
    assert.equal(((await credentials.json()) as { items: unknown[] }).items.length, 1)
    assert.deepEqual(await waitingForApproval(product), ['cycle', 'payment-batch'])
    await product.stop()
  })

  it('uses the database it is given, and then starts none of its own', async () => {
    const db = await testDatabase()
    const own = mkdtempSync(join(tmpdir(), 'annona-start-'))
    const product = await startProduct(own, { DATABASE_URL: db.url, DATABASE_ADMIN_URL: db.adminUrl })
    try {
      assert.equal((await programs(product)).length, 3)
      assert.throws(() => statSync(join(own, 'postgres')))
    } finally {
      await product.stop()
      await db.close()
      rmSync(own, { recursive: true, force: true })
    }
  })

  it('tells at once all that is wrong with the settings', () => {
    const cli = (env: Record<string, string>) => {
      try {
        execFileSync('sh', ['tools/node', 'gateway/cli.ts', 'start'], {
          env: { ...process.env, ...env },
          stdio: 'pipe',
        })
        return ''
      } catch (error) {
        return (error as { stderr: Buffer }).stderr.toString()
      }
    }
    const said = cli({ PORT: 'eighty', DATABASE_URL: 'mysql://x', LOG_LEVEL: 'loud' })
    for (const name of ['PORT', 'DATABASE_URL', 'LOG_LEVEL']) assert.match(said, new RegExp(name))
    assert.doesNotMatch(said, / {4}at /)
    assert.match(cli({ ANNONA_DATA_DIR: '/proc/none' }), /ANNONA_DATA_DIR cannot be made/)
  })
})
