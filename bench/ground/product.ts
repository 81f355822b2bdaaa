import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { compose, type Services } from '#gateway/compose.ts'
import { readConfig } from '#gateway/config.ts'
import { type TestDatabase, testDatabase } from '#tests/support/database.ts'

/** The product over a migrated database of its own. */
export type Product = {
  db: TestDatabase
  /** Its modules, in this process. */
  services: Services
  /** The settings for processes of it, as in production. */
  env: Record<string, string>
  close(): Promise<void>
}

export const openProduct = async (): Promise<Product> => {
  const db = await testDatabase()
  const dataDir = mkdtempSync(join(tmpdir(), 'annona-bench-'))
  const env = {
    DATABASE_URL: db.url,
    DATABASE_ADMIN_URL: db.adminUrl,
    ANNONA_DATA_DIR: dataDir,
    ANNONA_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    ANNONA_REQUESTS_PER_MINUTE: '0',
    ANNONA_DEMO: 'false',
    PORT: '0',
  }
  const log = pino({ level: 'silent' })
  const services = compose(readConfig(env), log, { name: 'bench', statementTimeoutMs: 0 })
  const close = async () => {
    await services.db.close()
    await db.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { db, services, env, close }
}

/** One for the length of `work`. */
export const withProduct = async <T>(work: (product: Product) => Promise<T>): Promise<T> => {
  const product = await openProduct()
  try {
    return await work(product)
  } finally {
    await product.close()
  }
}
