/** Settings of `postgres`, as it spells them. */
export type Settings = Record<string, string | number>

/** What holds for every server of ours: loopback only, and a log that holds no one's data. */
const COMMON: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  jit: 'off',
  // statements that fail are the application's to log: their text and detail carry people's data
  log_min_messages: 'log',
  log_checkpoints: 'off',
}

/** A small server that keeps what it is given: a pilot, or a developer's machine. */
export const LASTING: Settings = {
  ...COMMON,
  max_connections: 100,
  shared_buffers: '256MB',
  effective_cache_size: '2GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  random_page_cost: 1.1,
  fsync: 'on',
  wal_compression: 'on',
  max_wal_size: '2GB',
}

/** A server for one run of tests: nothing in it need outlive a crash. */
export const FLEETING: Settings = {
  ...COMMON,
  max_connections: 200,
  shared_buffers: '128MB',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: '1GB',
  autovacuum_naptime: '10min',
  io_method: 'sync',
}

/** The settings as arguments of `postgres`. */
export const asArguments = (settings: Settings): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
