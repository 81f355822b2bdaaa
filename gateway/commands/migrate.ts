import { migrate as migrateDatabase } from '#core/db/index.ts'
import { prepare } from './environment.ts'
import type { Run } from './index.ts'

/** Migrates, and says what was applied. */
export const run: Run = async () => {
  const environment = await prepare(() => {})
  try {
    const { adminUrl, config } = environment
    const applied = await migrateDatabase({ adminUrl, appUrl: config.databaseUrl })
    process.stdout.write(
      applied.length > 0 ? `Applied:\n${applied.map(n => `  ${n}`).join('\n')}\n` : 'Up to date.\n',
    )
    return 0
  } finally {
    await environment.close()
  }
}
