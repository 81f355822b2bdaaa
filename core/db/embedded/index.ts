import { installBinaries, locateBinaries } from './binaries.ts'
import { makeCluster, openCluster } from './cluster.ts'
import { hold } from './holders.ts'
import { findHome } from './home.ts'
import { withLock } from './lock.ts'
import { findRunning, launch, shutDown } from './postmaster.ts'
import { ensureDatabase, urlOf } from './roles.ts'

/** A PostgreSQL server of ours that accepts connections. The URLs hold passwords: never log them. */
export type EmbeddedServer = {
  /** As `annona_owner`, who migrates: owns the database, is no superuser. */
  adminUrl: string
  /** As `annona_app`, who serves: owns nothing. */
  appUrl: string
  port: number
  /** Whether the server was running already: another process uses it, or its starter was killed. */
  adopted: boolean
  clusterDir: string
  /** Lets go of the server, and stops it when no other living process holds it. */
  stop(): Promise<void>
}

/**
 * Starts the embedded PostgreSQL that keeps its data under `dataDir`, or adopts the one already running there;
 * makes cluster, roles and database the first time. For pilots and tests, not for production: it listens on
 * loopback only and its bundled libraries are old. The server outlives a killed process; the next start adopts it.
 *
 * @throws `unavailable` when there is no PostgreSQL for this machine, or it does not start.
 * @throws `conflict` when what lies in `dataDir` is not ours, or not for this user or release.
 */
export async function startEmbedded({
  dataDir,
  log = () => undefined,
}: {
  dataDir: string
  log?: (message: string) => void
}): Promise<EmbeddedServer> {
  const binaries = locateBinaries()
  const home = await findHome(dataDir)
  return withLock(home, async () => {
    const found = await openCluster(home, binaries)
    if (!found) log(`Making a PostgreSQL ${binaries.version} database in ${home}: for pilots and tests only.`)
    const server = await installBinaries(binaries, home)
    const cluster = found ?? (await makeCluster(home, server))
    const running = await findRunning(cluster.dir)
    const { pid, port } = running ?? (await launch(home, server, cluster))
    const leave = await hold(home)
    const letGo = async () => {
      if (await leave()) await shutDown(pid, cluster.dir)
    }
    await ensureDatabase(cluster.passwords, port).catch(async error => {
      await letGo()
      throw error
    })
    log(`PostgreSQL ${running ? 'was already running' : 'runs'} on 127.0.0.1:${port} (pid ${pid}).`)
    return {
      adminUrl: urlOf('owner', cluster.passwords, port),
      appUrl: urlOf('app', cluster.passwords, port),
      port,
      adopted: running !== undefined,
      clusterDir: cluster.dir,
      stop: () => withLock(home, letGo),
    }
  })
}
