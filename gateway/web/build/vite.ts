import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, type InlineConfig } from 'vite'
import { logical } from './logical.ts'

const web = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(web, '../../package.json'), 'utf8')) as { version: string }

/** What nearly every screen needs comes with the first page. */
const BASE =
  /\/ui\/components\/(button|icon|form|form-draft|form-errors|use-form|fields\/(field|text-fields|choice-fields))\.tsx?$/

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
      treeshake: { moduleSideEffects: path => !/\/ui\/components\/.*\.tsx?$/.test(path) },
      output: { codeSplitting: { groups: [{ name: 'base', test: BASE }] } },
    },
  },
})

/** Builds the console into a folder. */
export const runVite = async (outDir: string): Promise<void> => {
  await build(config(outDir))
}
