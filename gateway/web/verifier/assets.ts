/*
 * What the verifier's page is made of, read once when the gateway starts: its scripts, which are TypeScript
 * without their types, its style, and the QR decoder from its package. Nothing is built beforehand, and nothing
 * comes from another host.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type VerifierPage = {
  html: string
  /** Every file of the page by its path. A path holds a hash of the content, so that it may be kept forever. */
  assets: Record<string, { type: string; data: Buffer }>
}

const TYPES: Record<string, string> = {
  '.ts': 'text/javascript',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
}

/** The decoder's files, at the same distance from each other as in the package: they import one another. */
const DECODER = 'zxing-wasm/reader'
const decoderModule = fileURLToPath(import.meta.resolve(DECODER))
const decoderFiles = (): Record<string, Buffer> => ({
  'reader/index.js': readFileSync(decoderModule),
  'share.js': readFileSync(join(decoderModule, '../../share.js')),
  'zxing_reader.wasm': readFileSync(fileURLToPath(import.meta.resolve(`${DECODER}/zxing_reader.wasm`))),
})

/** Reads the page and all it needs. */
export const readVerifierPage = (): VerifierPage => {
  const decoder = inFolder('decoder', decoderFiles())
  const page = inFolder('page', {
    'verifier.css': read('verifier.css'),
    'icon.svg': read('icon.svg'),
    ...scripts(source => source.replaceAll(`'${DECODER}'`, `'${decoder.path}/reader/index.js'`)),
  })
  return {
    html: read('index.html').toString('utf8').replaceAll('{{page}}', page.path),
    assets: { ...decoder.assets, ...page.assets },
  }
}

const read = (...path: string[]): Buffer => readFileSync(join(import.meta.dirname, ...path))

const scripts = (link: (source: string) => string): Record<string, Buffer> =>
  Object.fromEntries(
    readdirSync(join(import.meta.dirname, 'page')).map(file => [
      file,
      Buffer.from(link(withoutTypes(read('page', file).toString('utf8')))),
    ]),
  )

/** Node says once that this function is experimental; all of our own code runs by it, so nobody need be told. */
const withoutTypes = (source: string): string => {
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = () => {}
  try {
    return stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}

/** Files under a path that names their content. */
const inFolder = (name: string, files: Record<string, Buffer>) => {
  const hash = createHash('sha256')
  for (const [file, data] of Object.entries(files)) hash.update(file).update(data)
  const path = `/verify/assets/${name}-${hash.digest('hex').slice(0, 12)}`
  const assets = Object.entries(files).map(
    ([file, data]) => [`${path}/${file}`, { type: TYPES[extname(file)]!, data }] as const,
  )
  return { path, assets: Object.fromEntries(assets) }
}
