import type { IncomingMessage } from 'node:http'
import { DomainError, invalidField } from '#core/kernel/index.ts'

const MAX_JSON = 1024 * 1024
const MAX_DEPTH = 24
const MAX_VALUES = 100_000
/** A body without a file arrives within this time, however slowly it is fed. */
const MAX_MS = 15_000

const late = () =>
  new DomainError('invalid', 'The body did not arrive in time. Send it whole, within fifteen seconds.', {
    rule: 'slow-body',
  })

/** Reads a body whole, within a size and a time. Throws `too_large`, or `invalid` when it comes too slowly. */
export const readBody = async (request: IncomingMessage, maxBytes = MAX_JSON): Promise<Buffer> => {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  const chunks: Buffer[] = []
  let size = 0
  const timer = setTimeout(() => request.destroy(late()), MAX_MS)
  try {
    for await (const chunk of request) {
      size += (chunk as Buffer).length
      if (size > maxBytes) throw tooLarge(maxBytes)
      chunks.push(chunk as Buffer)
    }
  } finally {
    clearTimeout(timer)
  }
  return Buffer.concat(chunks)
}

const tooLarge = (maxBytes: number) =>
  new DomainError(
    'too_large',
    `The body is larger than the ${Math.floor(maxBytes / 1024)} KiB accepted here.`,
  )

/**
 * Parses JSON (RFC 8259) that came from outside: UTF-8 only, no deeper and no larger than anything we ask for,
 * no NUL characters, no lone surrogates, no `__proto__`. Throws `invalid` with a pointer to the place.
 */
export const parseJson = (bytes: Buffer): unknown => {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message.replace(/^JSON\.parse: /, '') : 'it is not UTF-8'
    throw invalidField('', 'json', `The body is not JSON: ${why.slice(0, 200)}`)
  }
  inspect(value)
  return value
}

const inspect = (root: unknown) => {
  const stack: { value: unknown; pointer: string; depth: number }[] = [{ value: root, pointer: '', depth: 0 }]
  for (let seen = 0; stack.length > 0; seen++) {
    const { value, pointer, depth } = stack.pop()!
    if (depth > MAX_DEPTH)
      throw invalidField(
        pointer.slice(0, 200),
        'depth',
        `The body is nested deeper than ${MAX_DEPTH} levels.`,
      )
    if (seen > MAX_VALUES) throw invalidField('', 'size', `The body has more than ${MAX_VALUES} values.`)
    if (typeof value === 'string') checkText(value, pointer)
    if (typeof value !== 'object' || value === null) continue
    for (const [key, child] of Object.entries(value)) {
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
      checkText(key, pointer)
      if (key === '__proto__') throw invalidField(at, 'field', 'There is no such field.')
      stack.push({ value: child, pointer: at, depth: depth + 1 })
    }
  }
}

/** What PostgreSQL and other systems cannot hold as text. */
export const checkText = (text: string, pointer: string): void => {
  if (text.includes('\0'))
    throw invalidField(pointer, 'null-character', 'A text must not contain NUL characters.')
  if (!text.isWellFormed())
    throw invalidField(
      pointer,
      'surrogate',
      'A text must be well-formed Unicode; this one has a lone surrogate.',
    )
}

/** A file's bytes as they come. Throws when nothing comes for a while, so that no connection is held for ever. */
export async function* streamBody(request: IncomingMessage): AsyncGenerator<Buffer> {
  let timer = setTimeout(() => request.destroy(late()), MAX_MS)
  try {
    for await (const chunk of request) {
      clearTimeout(timer)
      yield chunk as Buffer
      timer = setTimeout(() => request.destroy(late()), MAX_MS)
    }
  } finally {
    clearTimeout(timer)
  }
}
