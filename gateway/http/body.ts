import type { IncomingMessage } from 'node:http'
import { DomainError, invalidField } from '#core/kernel/index.ts'

const MAX_JSON = 1024 * 1024
const MAX_FORM = 16 * 1024
const MAX_DEPTH = 24
const MAX_VALUES = 100_000

/** Reads a JSON body whole. Throws `too_large`, or `invalid` when it comes too slowly, is cut off or is not JSON. */
export const readJson = async (request: IncomingMessage, maxMs: number): Promise<unknown> =>
  parseJson(await readWhole(request, MAX_JSON, maxMs))

/** Reads the fields of a form, each given once (RFC 6749 section 3.2). Throws like `readJson`. */
export const readForm = async (request: IncomingMessage, maxMs: number): Promise<Record<string, string>> => {
  const text = (await readWhole(request, MAX_FORM, maxMs)).toString('latin1')
  decodeOrRefuse(text, 'The form')
  const fields = [...new URLSearchParams(text)]
  const seen = new Set<string>()
  for (const [name, value] of fields) {
    if (seen.has(name)) throw invalidField(`/${name}`, 'duplicate', 'A field is given once.')
    seen.add(name)
    checkText(value, `/${name}`)
  }
  return Object.fromEntries(fields)
}

/** A file's bytes as they come. Throws like `readJson`; too slow is when nothing comes for `stallMs`. */
export const streamBody = (
  request: IncomingMessage,
  maxBytes: number,
  stallMs: number,
): AsyncGenerator<Buffer> => incoming(request, maxBytes, () => stallMs)

const readWhole = async (request: IncomingMessage, maxBytes: number, maxMs: number): Promise<Buffer> => {
  const end = performance.now() + maxMs
  return Buffer.concat(await Array.fromAsync(incoming(request, maxBytes, () => end - performance.now())))
}

/**
 * The pieces of a body. Leaves the connection open when it throws, so that the refusal can be answered; what
 * still comes is thrown away after the answer.
 */
async function* incoming(
  request: IncomingMessage,
  maxBytes: number,
  msLeft: () => number,
): AsyncGenerator<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  const pieces = request.iterator({ destroyOnReturn: false }) as AsyncGenerator<Buffer>
  try {
    for (let size = 0; ; ) {
      const { done, value } = await within(msLeft(), pieces.next().catch(cutOff))
      if (done) return
      size += value.length
      if (size > maxBytes) throw tooLarge(maxBytes)
      yield value
    }
  } finally {
    void pieces.return(undefined) // not waited for: it comes after a piece that may never come
  }
}

const within = async <T>(ms: number, coming: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooSlow()), Math.max(0, ms))
  })
  try {
    return await Promise.race([coming, late])
  } finally {
    clearTimeout(timer)
  }
}

const tooLarge = (maxBytes: number) =>
  new DomainError(
    'too_large',
    `The body is larger than the ${Math.floor(maxBytes / 1024)} KiB accepted here.`,
  )

const tooSlow = () =>
  new DomainError('invalid', 'The body did not arrive in time. Send it whole.', { rule: 'slow-body' })

/** The caller went away: nobody will read the answer, and it is no error of ours. */
const cutOff = (cause: unknown): never => {
  throw new DomainError('invalid', 'The body ended before it was whole.', { rule: 'incomplete-body', cause })
}

/**
 * Parses JSON (RFC 8259) that came from outside: an object or array, UTF-8 only, no deeper and no larger than
 * anything we ask for, no number that would not stay what it is, no NUL characters, no lone surrogates, no
 * `__proto__`. Throws `invalid` with a pointer to the place.
 */
const parseJson = (bytes: Buffer): unknown => {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message.replace(/^JSON\.parse: /, '') : 'it is not UTF-8'
    throw invalidField('', 'json', `The body is not JSON: ${why.slice(0, 200)}`)
  }
  // A text would be parsed a second time further on, as if what is inside it had been checked.
  if (typeof value !== 'object' || value === null)
    throw invalidField('', 'type', 'The body must be a JSON object.')
  inspect(value)
  return value
}

const inspect = (root: unknown) => {
  const stack: { value: unknown; pointer: string; depth: number }[] = [{ value: root, pointer: '', depth: 0 }]
  let seen = 1
  while (stack.length > 0) {
    const { value, pointer, depth } = stack.pop()!
    if (depth > MAX_DEPTH)
      throw invalidField(
        pointer.slice(0, 200),
        'depth',
        `The body is nested deeper than ${MAX_DEPTH} levels.`,
      )
    if (typeof value === 'string') checkText(value, pointer)
    if (typeof value === 'number') checkNumber(value, pointer)
    if (typeof value !== 'object' || value === null) continue
    for (const [key, child] of Object.entries(value)) {
      if (++seen > MAX_VALUES) throw invalidField('', 'size', `The body has more than ${MAX_VALUES} values.`)
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
      checkText(key, pointer)
      if (key === '__proto__') throw invalidField(at, 'field', 'There is no such field.')
      stack.push({ value: child, pointer: at, depth: depth + 1 })
    }
  }
}

/** What a double holds only nearly (RFC 8259 section 6): it would be stored as another number than was sent. */
const checkNumber = (value: number, pointer: string) => {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)))
    throw invalidField(pointer, 'number', 'The number is too large to be exact (beyond 2^53).')
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

/** Decodes a part of an address or a form. Throws `invalid` when it is not well-formed percent-encoded UTF-8. */
export const decodeOrRefuse = (text: string, what: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new DomainError('invalid', `${what} is not well-formed percent-encoded UTF-8.`)
  }
}
