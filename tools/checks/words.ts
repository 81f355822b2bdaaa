import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A text that no committed file may hold, and why. */
export type Forbidden = { pattern: RegExp; why: string }

const BINARY = /\.(png|jpe?g|gif|ico|woff2?|ttf|otf|pdf|zip|xlsx|wasm|gz)$/
/** A path of one machine: a folder of these at the root, in quotation marks or after a space, say. */
const MACHINE_PATH = /(?<![\w.\-/*}>])\/(?:work|root|Users)(?![\w-])/

/** What is forbidden on this machine: absolute paths and the host that packages come from. */
export const forbiddenHere = (registry: string): Forbidden[] => [
  { pattern: MACHINE_PATH, why: 'a path of one machine' },
  { pattern: /registry\.(?:npmjs|yarnpkg|npmmirror)/, why: "a package registry's host" },
  ...[URL.parse(registry)?.host]
    .filter(host => host !== undefined && host !== '')
    .map(host => ({
      pattern: new RegExp(host!.replace(/[.[\]]/g, '\\$&')),
      why: "a package registry's host",
    })),
]

/** Where the text holds something forbidden, as `path:line: why`. */
export const judgeWords = (path: string, text: string, forbidden: readonly Forbidden[]): string[] =>
  forbidden.some(({ pattern }) => pattern.test(text))
    ? text
        .split('\n')
        .flatMap((line, n) =>
          forbidden.filter(f => f.pattern.test(line)).map(f => `${path}:${n + 1}: ${f.why}`),
        )
    : []

/** Checks every file that git has or would take. */
export const checkWords = async (root: string): Promise<string[]> => {
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  const paths = run('git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0')
  const texts = [...new Set(paths)].filter(path => path !== '' && !BINARY.test(path))
  if (texts.length < 50) return [`saw ${texts.length} files; there must be more`]
  const forbidden = forbiddenHere(run('npm', 'config', 'get', 'registry').trim())
  return texts.flatMap(path => judgeWords(path, readIfThere(join(root, path)), forbidden))
}

/** A file that git knows may have been removed just now. */
const readIfThere = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
