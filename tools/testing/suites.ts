import { globSync } from 'node:fs'

const FOLDERS = ['core', 'credentials', 'adapters', 'connectors', 'gateway', 'tests', 'tools', 'bench']

/** How a test file is run. The name decides it: `x.slow.test.ts` is slow, `x.test.ts` is for every day. */
export type Kind = 'everyday' | 'slow' | 'browser' | 'pg15'

/** A browser test, a slow test and a test of PostgreSQL 15 say so before `.test.ts`. */
export const kindOf = (file: string): Kind => {
  const named = /\.(slow|browser|pg15)\.test\.ts$/.exec(file)?.[1]
  return (named as Kind | undefined) ?? 'everyday'
}

/**
 * Every test file under `root`, sorted; with `patterns`, those whose path contains one of them. A pattern may be a
 * path as a shell completes it (`./core/kernel/money.test.ts`).
 */
export const findTests = (root: string, patterns: readonly string[] = []): string[] =>
  globSync(`{${FOLDERS.join(',')}}/**/*.test.ts`, {
    cwd: root,
    exclude: name => name.includes('node_modules'),
  })
    .filter(file => patterns.length === 0 || patterns.some(p => file.includes(p.replace(/^\.\//, ''))))
    .sort()
