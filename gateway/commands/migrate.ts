import { migrate as migrateDatabase } from '#core/db/index.ts'
import { prepare } from './environment.ts'
import type { Command } from './index.ts'

export const migrate: Command = {
  usage: 'migrate',
  about: 'bring the database up to date (DATABASE_ADMIN_URL, else DATABASE_URL, else the embedded one)',
  run: async () => {
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
  },
}
