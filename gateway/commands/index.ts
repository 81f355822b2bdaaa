/** Does the work of a command. Resolves to the exit status. */
export type Run = (args: string[]) => Promise<number>

type Command = { usage: string; about: string; load: () => Promise<{ run: Run }> }

/** Every command of `annona`. What a command needs is loaded when it is called, so that each starts quickly. */
export const commands: Record<string, Command> = {
  start: {
    usage: 'start',
    about: 'database, migrations, demo, gateway and worker: everything, until it is stopped',
    load: () => import('./start.ts'),
  },
  migrate: {
    usage: 'migrate',
    about: 'bring the database up to date (DATABASE_ADMIN_URL, else DATABASE_URL, else the embedded one)',
    load: () => import('./migrate.ts'),
  },
  user: {
    usage: 'user --name NAME [--role ROLE …] | user list',
    about: 'add a user, such as the first administrator, and print the password once; list the users',
    load: () => import('./user.ts'),
  },
  seed: {
    usage: 'seed --households N [--seed S]',
    about: 'import N made households (1 to 1,000,000) into the demo country, the same for the same seed',
    load: () => import('./seed.ts'),
  },
  audit: {
    usage: 'audit verify | heads | keys | retire …',
    about: 'check the audit trail (exit status 1 when it is broken), export its heads, take old entries out',
    load: () => import('./audit.ts'),
  },
  help: { usage: 'help', about: 'this list', load: async () => ({ run: help }) },
}

const help: Run = async () => {
  const width = Math.max(...Object.values(commands).map(c => c.usage.length))
  const lines = Object.values(commands).map(c => `  annona ${c.usage.padEnd(width)}  ${c.about}`)
  process.stdout.write(`Annona, a social protection management information system.\n\n${lines.join('\n')}\n`)
  return 0
}
