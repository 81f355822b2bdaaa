import { Readable } from 'node:stream'

/** Bytes that wait in the stream itself; what is newer waits by what it is about, and only the latest of it. */
const BUFFERED = 16_384
/** Things that something waits to be told about, at most. */
const MOST_WAITING = 100
/** How long a reader has to take the last event before it is cut off. */
const LAST_MS = 5_000

export type EventStream = ReturnType<typeof createEventStream>

/**
 * A stream of server-sent events (WHATWG HTML, section 9.2) that holds a bounded amount for a reader who is slow: of each
 * thing the latest event alone, and when there is too much of that, nothing, but that the reader missed something.
 */
export const createEventStream = (retryMs: number, closed: () => void) => {
  const waiting = new Map<string, string>()
  let isWanted = true
  let isEnding = false
  let isDone = false
  let missed = false

  const flow = () => {
    if (isDone || readable.destroyed) return
    for (const [about, text] of waiting) {
      if (!isWanted) return
      waiting.delete(about)
      isWanted = readable.push(text)
    }
    isDone = isEnding
    if (isDone) readable.push(null)
  }
  const readable = new Readable({
    highWaterMark: BUFFERED,
    read: () => {
      isWanted = true
      flow()
    },
    destroy: (error, done) => {
      waiting.clear()
      closed()
      done(error)
    },
  })

  const put = (about: string, text: string) => {
    if (isEnding || readable.destroyed) return
    waiting.set(about, text)
    if (waiting.size > MOST_WAITING) {
      waiting.clear()
      missed = true
    }
    flow()
  }
  put('retry', `retry: ${retryMs}\n\n`)

  return {
    readable,

    /** Tells something, in the place of what still waits to be told about the same. */
    tell: (event: string, data: unknown, about = event): void =>
      put(about, `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),

    /** Shows both sides, and all between, that the stream is alive. */
    beat: (): void => put('beat', ':\n\n'),

    /** Whether something was left out, and there is room again: how things are has to be told anew. Says so once. */
    hasMissed: (): boolean => {
      const hasNow = missed && isWanted && waiting.size === 0
      if (hasNow) missed = false
      return hasNow
    },

    /** Tells nothing more that waits, but why it ends if that is given. */
    end: (why?: string): void => {
      waiting.clear()
      if (why) put(why, `event: ${why}\ndata: {}\n\n`)
      isEnding = true
      flow()
      setTimeout(() => readable.destroy(), LAST_MS).unref()
    },
  }
}
