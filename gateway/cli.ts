import { exit } from 'node:process'
import { inWords } from './commands/in-words.ts'
import { commands } from './commands/index.ts'

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
  process.stderr.write(`${inWords(error)}\n`)
  exit(1)
}
