import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { missingForStart, thisInstallation } from '../preflight.ts'
import { type KeptDatabase, keepDatabase } from '../start/keep-database.ts'

const PROJECT = dirname(dirname(import.meta.dirname))

/** The settings with everything in place to use them: data directory, master key, a running database. */
export type Environment = {
  config: Config
  /** Owner's address of the database, who migrates. */
  adminUrl: string
  embedded: KeptDatabase | undefined
  close(): Promise<void>
}

/** Settings with the data directory's place filled in. Touches nothing. */
const settledConfig = (): Config => {
  const config = readConfig()
  return Object.freeze({ ...config, dataDir: config.dataDir || join(PROJECT, 'data') })
}

/**
 * Makes ready what a command works on: the data directory and the master key the first time, and the embedded
 * server when no other is configured. Throws `ConfigError` naming everything that is missing.
 */
export const prepare = async (log: (message: string) => void): Promise<Environment> => {
  const config = settledConfig()
  const missing = missingForStart(thisInstallation(config.databaseUrl === ''))
  if (missing.length > 0) throw new ConfigError(missing)
  makeDirectory(config.dataDir)
  ensureMasterKey(config)
  if (config.databaseUrl)
    return {
      config,
      adminUrl: config.databaseAdminUrl || config.databaseUrl,
      embedded: undefined,
      close: async () => {},
    }
  const embedded = await keepDatabase(config.dataDir, log)
  const { appUrl, adminUrl } = embedded.current()
  return {
    config: Object.freeze({ ...config, databaseUrl: appUrl }),
    adminUrl,
    embedded,
    close: () => embedded.stop(),
  }
}

/** Makes a directory and those above it, one by one. Throws `ConfigError` when that cannot be done. */
const makeDirectory = (path: string) => {
  if (existsSync(path)) return
  if (dirname(path) !== path) makeDirectory(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    throw new ConfigError([`ANNONA_DATA_DIR cannot be made at ${path}: ${(error as Error).message}`])
  }
}

const ensureMasterKey = (config: Config) => {
  const path = join(config.dataDir, 'master.key')
  if (config.masterKey || existsSync(path)) return
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new ConfigError([`ANNONA_DATA_DIR cannot be written to: ${(error as Error).message}`])
  }
}
