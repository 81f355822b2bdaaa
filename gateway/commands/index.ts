import { audit } from './audit.ts'
import { migrate } from './migrate.ts'
import { seed } from './seed.ts'
import { start } from './start.ts'

/** One command of `annona`. Resolves to the exit status. */
export type Command = { usage: string; about: string; run: (args: string[]) => Promise<number> }

const help: Command = {
  usage: 'help',
  about: 'this list',
  run: async () => {
    const width = Math.max(...Object.values(commands).map(c => c.usage.length))
    const lines = Object.values(commands).map(c => `  annona ${c.usage.padEnd(width)}  ${c.about}`)
    process.stdout.write(
      `Annona, a social protection management information system.\n\n${lines.join('\n')}\n`,
    )
    return 0
  },
}

export const commands: Record<string, Command> = { start, migrate, seed, audit, help }
