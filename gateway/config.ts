import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readAllowList } from '#connectors/kit/index.ts'

/** One setting: the environment variable it comes from, what it means, and how its text is read. */
type Setting<T> = {
  env: string
  about: string
  fallback: T
  read: (text: string) => T
  secret?: boolean
}

const text = (env: string, about: string, fallback: string, secret = false): Setting<string> => ({
  env,
  about,
  fallback,
  read: t => t,
  secret,
})

const whole = (env: string, about: string, fallback: number, min: number, max: number): Setting<number> => ({
  env,
  about: `${about} (${min} to ${max})`,
  fallback,
  read: t => {
    const n = Number(t)
    if (!Number.isInteger(n) || n < min || n > max)
      throw new Error(`must be a whole number from ${min} to ${max}`)
    return n
  },
})

const flag = (env: string, about: string, fallback: boolean): Setting<boolean> => ({
  env,
  about,
  fallback,
  read: t => {
    if (!['true', 'false', '1', '0'].includes(t)) throw new Error('must be true or false')
    return t === 'true' || t === '1'
  },
})

const oneOf = <T extends string>(
  env: string,
  about: string,
  fallback: T,
  values: readonly T[],
): Setting<T> => ({
  env,
  about: `${about}: ${values.join(', ')}`,
  fallback,
  read: t => {
    if (!values.includes(t as T)) throw new Error(`must be one of ${values.join(', ')}`)
    return t as T
  },
})

const url = (env: string, about: string): Setting<string> => ({
  env,
  about,
  fallback: '',
  secret: true,
  read: t => {
    if (!/^postgres(ql)?:$/.test(URL.canParse(t) ? new URL(t).protocol : ''))
      throw new Error('must be a postgres:// address')
    return t
  },
})

/** Every setting there is. `docs/configuration.md` is made from this table. */
export const SETTINGS = {
  host: text('HOST', 'Address that the gateway listens on', '127.0.0.1'),
  port: whole('PORT', 'Port that the gateway listens on', 8080, 0, 65_535),
  databaseUrl: url(
    'DATABASE_URL',
    'PostgreSQL of the application; without it the embedded server is started',
  ),
  databaseAdminUrl: url(
    'DATABASE_ADMIN_URL',
    'PostgreSQL as the owner of the schema, who migrates; else DATABASE_URL',
  ),
  dataDir: text('ANNONA_DATA_DIR', 'Where keys, logs, demo access and the embedded database are kept', ''),
  masterKey: text(
    'ANNONA_MASTER_KEY',
    'Base64 of 32 bytes that encrypt private keys; else `master.key` in the data directory',
    '',
    true,
  ),
  demo: flag('ANNONA_DEMO', 'Whether `start` loads the demo country into an empty database', true),
  poolSize: whole('ANNONA_POOL_SIZE', 'Database connections of one process', 10, 2, 200),
  workerConcurrency: whole(
    'ANNONA_WORKER_CONCURRENCY',
    'Jobs that one worker runs at the same time',
    2,
    1,
    32,
  ),
  issuer: text(
    'ANNONA_ISSUER',
    'Public address of this installation, the same for every process: named in tokens, in what API clients sign, and to identity providers. `start` takes the address it listens on, another at each start when PORT is 0. Without one there is no `private_key_jwt`, no `/.well-known/oauth-authorization-server` and no single sign-on',
    '',
  ),
  tlsCertFile: text('TLS_CERT_FILE', 'PEM certificate chain; with TLS_KEY_FILE the gateway serves HTTPS', ''),
  tlsKeyFile: text('TLS_KEY_FILE', 'PEM private key of the certificate', ''),
  trustProxy: flag('TRUST_PROXY', 'Whether X-Forwarded-* of a proxy in front is believed', false),
  maxUploadMiB: whole('ANNONA_MAX_UPLOAD_MIB', 'Largest file accepted', 512, 1, 10_240),
  requestsPerMinute: whole(
    'ANNONA_REQUESTS_PER_MINUTE',
    'Requests of one account or address in a minute; 0 for no limit',
    60_000,
    0,
    10_000_000,
  ),
  sessionIdleMinutes: whole(
    'ANNONA_SESSION_IDLE_MINUTES',
    'Minutes without a request after which a sign-in ends',
    60,
    1,
    720,
  ),
  secondFactor: oneOf(
    'ANNONA_SECOND_FACTOR',
    'Whether who signs in by password must have a second factor',
    'optional',
    ['optional', 'required'] as const,
  ),
  clientSecretDays: whole(
    'ANNONA_CLIENT_SECRET_DAYS',
    'Days that a new secret of an API client lasts; 0 for no end',
    0,
    0,
    3_650,
  ),
  outboundAllow: {
    env: 'ANNONA_OUTBOUND_ALLOW',
    about:
      'Other systems that are called although they are inside, without TLS or on another port: host[:port], …',
    fallback: '',
    read: t => {
      readAllowList(t)
      return t
    },
  } as Setting<string>,
  validateResponses: flag(
    'ANNONA_VALIDATE_RESPONSES',
    'Whether every response is checked against the API document (tests, development)',
    false,
  ),
  auditUnsealedSeconds: whole(
    'ANNONA_AUDIT_UNSEALED_SECONDS',
    'Seconds that an audit entry may wait for its seal before a warning is logged',
    120,
    60,
    86_400,
  ),
  auditKeepDays: whole(
    'ANNONA_AUDIT_KEEP_DAYS',
    'Days that audit entries stay in the database before `audit retire` may take them out',
    365,
    1,
    36_500,
  ),
  metricsToken: text(
    'ANNONA_METRICS_TOKEN',
    'Bearer token for /metrics; without it only this machine may read them',
    '',
    true,
  ),
  logLevel: oneOf('LOG_LEVEL', 'Least important messages that are logged', 'info', [
    'debug',
    'info',
    'warn',
    'error',
  ] as const),
} as const

type Values = { [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never }
export type Config = Readonly<Values>

/** All that is wrong with the settings, at once. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`The settings are not right:\n${problems.map(p => `  - ${p}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

/** Reads the settings from an environment. Throws `ConfigError` listing every problem. */
export const readConfig = (env: Record<string, string | undefined> = process.env): Config => {
  const problems: string[] = []
  const values = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, setting]: [string, Setting<unknown>]) => {
      const given = env[setting.env]
      if (given === undefined || given === '') return [name, setting.fallback]
      try {
        return [name, setting.read(given)]
      } catch (error) {
        problems.push(`${setting.env} ${(error as Error).message}`)
        return [name, setting.fallback]
      }
    }),
  ) as Values
  if (Boolean(values.tlsCertFile) !== Boolean(values.tlsKeyFile))
    problems.push('TLS_CERT_FILE and TLS_KEY_FILE go together')
  if (values.databaseAdminUrl && !values.databaseUrl)
    problems.push('DATABASE_ADMIN_URL is given without DATABASE_URL')
  if (values.masterKey && Buffer.from(values.masterKey, 'base64').length !== 32)
    problems.push('ANNONA_MASTER_KEY must be the base64 text of 32 bytes')
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(values)
}

/** The settings as environment variables, beside what this process was given: for the processes it starts. */
export const environmentOf = (config: Config): Record<string, string | undefined> => ({
  ...process.env,
  ...Object.fromEntries(
    Object.entries(SETTINGS).map(([name, s]) => [s.env, String(config[name as keyof Config])]),
  ),
})

/** Whether npm runs this process: then a killed npm shows only as another parent. */
export const isRunByNpm = (): boolean => process.env.npm_lifecycle_event !== undefined

/** The settings as they may be shown: secrets only as set or not. */
export const redacted = (config: Config): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(SETTINGS).map(([name, s]: [string, Setting<unknown>]) => {
      const value = config[name as keyof Config]
      return [s.env, s.secret ? (value ? '(set)' : '(not set)') : value]
    }),
  )

/** The key that encrypts private keys: from the settings, else from the data directory. */
export const masterKeyOf = (config: Config): Buffer => {
  if (config.masterKey) return Buffer.from(config.masterKey, 'base64')
  const key = Buffer.from(readFileSync(join(config.dataDir, 'master.key'), 'utf8').trim(), 'base64')
  if (key.length !== 32)
    throw new ConfigError([`master.key in ${config.dataDir} is not the base64 text of 32 bytes`])
  return key
}
