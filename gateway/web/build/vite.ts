import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type InlineConfig } from 'vite'
import { logical } from './logical.ts'

const web = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(web, '../../package.json'), 'utf8')) as { version: string }

/** What nearly every screen needs comes with the first page, which needs some of it anyway. */
const BASE = new RegExp(
  [
    '/ui/api/(list|action)\\.ts$',
    '/console/(may|editing|paging)\\.tsx?$',
    '/ui/components/(button|icon|tag|text|page|tabs|stat|difference|differences|filters|selection|table)\\.tsx?$',
    '/ui/components/(form|form-draft|form-errors|use-form|dialog|progress|banner)\\.tsx?$',
    '/ui/components/(table/.*|fields/(field|text-fields|choice-fields|suggest-field)\\.tsx)$',
  ].join('|'),
)
const ENTRY = join(web, 'console/main.tsx')

type Graph = { getModuleInfo(id: string): { importedIds: readonly string[] } | null }

/**
 * One file for all that the first page needs, though screens need parts of it, too: where every question takes 400 ms
 * and six are asked at a time, twenty small files take longer than one of their weight.
 */
const firstPage = () => {
  let needed: Set<string> | undefined
  const reach = (id: string, graph: Graph, seen: Set<string>): Set<string> => {
    if (seen.has(id)) return seen
    seen.add(id)
    for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) reach(imported, graph, seen)
    return seen
  }
  return (id: string, graph: Graph): string | null => {
    needed ??= reach(ENTRY, graph, new Set())
    return id !== ENTRY && (needed.has(id) || BASE.test(id)) ? 'base' : null
  }
}

const config = (outDir: string): InlineConfig => ({
  configFile: false,
  root: join(web, 'console'),
  base: '/console/',
  publicDir: false,
  logLevel: 'warn',
  // GOV.UK Frontend has hacks for old browsers that Lightning CSS refuses; with this it leaves them out.
  css: {
    transformer: 'postcss',
    postcss: { plugins: [logical()] },
    lightningcss: { errorRecovery: true },
    preprocessorOptions: {
      scss: {
        loadPaths: [join(web, '../../node_modules')],
        quietDeps: true,
        silenceDeprecations: ['import'],
      },
    },
  },
  define: { 'import.meta.env.VERSION': JSON.stringify(version) },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    modulePreload: { polyfill: false },
    // Nothing becomes a data: address: the page's policy allows pictures alone from those.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // Who imports one field gets that one, not all that `fields.tsx` names: a component does nothing by being imported.
    rolldownOptions: {
      checks: { bundlerTimings: false },
      treeshake: { moduleSideEffects: path => !/\/ui\/components\/.*\.tsx?$/.test(path) },
      output: { codeSplitting: { groups: [{ debugName: 'first page', name: firstPage() }] } },
    },
  },
})

/** Builds the console into a folder. */
export const runVite = async (outDir: string): Promise<void> => {
  await build(config(outDir))
}
