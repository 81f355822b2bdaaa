import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip, constants as zlib } from 'node:zlib'

const TEXT = /\.(js|css|svg|json)$/
const toGzip = promisify(gzip)
const toBrotli = promisify(brotliCompress)

/** Writes every text file of a folder also as gzip and Brotli, so that no gateway compresses while it serves. */
export const compress = async (folder: string): Promise<void> => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(path => TEXT.test(path) && statSync(path).isFile())
  await Promise.all(
    files.map(async path => {
      const data = readFileSync(path)
      const quality = { params: { [zlib.BROTLI_PARAM_QUALITY]: 10 } }
      writeFileSync(`${path}.gz`, await toGzip(data, { level: 9 }))
      writeFileSync(`${path}.br`, await toBrotli(data, quality))
    }),
  )
}
