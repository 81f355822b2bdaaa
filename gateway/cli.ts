import { exit } from 'node:process'
import { commands } from './commands/index.ts'
import { ConfigError } from './config.ts'

/** `annona COMMAND [options]`: finds the command, runs it, and turns its errors into one clear line. */
const [asked = 'help', ...args] = process.argv.slice(2)
const name = ['--help', '-h'].includes(asked) ? 'help' : asked
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (!command) {
  process.stderr.write(`There is no command ${name}. Try: annona help\n`)
  exit(2)
}
try {
  const { run } = await command.load()
  exit(await run(args))
} catch (error) {
  const expected =
    error instanceof ConfigError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  const domain = (error as Error).name === 'DomainError'
  process.stderr.write(`${expected || domain ? (error as Error).message : (error as Error).stack}\n`)
  exit(1)
}
