import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import { refusal } from './refusals.ts'

const UNPACK: Record<string, () => Duplex> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  br: createBrotliDecompress,
}

/** Passes bytes on until there are more than `max`. */
const atMost = (max: number) =>
  async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let size = 0
    for await (const chunk of chunks) {
      size += chunk.length
      if (size > max) throw refusal('outbound-too-large', `more than ${max} bytes`)
      yield chunk
    }
  }

/**
 * The body of an answer, whole and unpacked. Both what comes and what it becomes are counted while they come, so that
 * little that becomes much stops early. Throws `unavailable`.
 */
export const readBody = async (answer: IncomingMessage, maxBytes: number): Promise<Buffer<ArrayBuffer>> => {
  const encoding = answer.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  const unpack = UNPACK[encoding]
  if (!unpack && encoding !== 'identity')
    throw refusal('outbound-unreachable', `an answer encoded as ${encoding}`)
  const chunks: Buffer[] = []
  const gather = async (body: AsyncIterable<Buffer>) => {
    for await (const chunk of body) chunks.push(chunk)
  }
  if (unpack) await pipeline(answer, atMost(maxBytes), unpack(), atMost(maxBytes), gather)
  else await pipeline(answer, atMost(maxBytes), gather)
  return Buffer.concat(chunks)
}
