/*
 * The one stream of events of a tab. It breaks with every network it goes through: it is opened again, later each time,
 * as soon as the server answers; where it never stays open, what it would have told is asked for instead.
 */
import { api } from '../../ui/api/client.ts'
import { connection, session } from '../../ui/api/session.ts'
import { createStore } from '../../ui/store.ts'

/** Whether what happens is heard at once (`open`), will be again (`broken`), or has to be asked for (`off`). */
export const stream = createStore<'broken' | 'open' | 'off'>('broken')

const FIRST_MS = 1_000
const LONGEST_MS = 30_000
/** So many times in a row it may break before anybody counts on it no more. */
const GIVES_UP_AFTER = 3

export type Hearing = {
  /** By the name of the event: what to do with its data. */
  heard: Record<string, (data: unknown) => void>
  /** It is open again after it was broken: what was shown may be old. */
  resumed: () => void
}

/** Events after which nobody comes back by themselves. */
const LAST = ['signed-out', 'replaced']

/** Opens the stream and keeps it open. The answer ends it. */
export const keepListening = ({ heard, resumed }: Hearing): (() => void) => {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempts = 0
  let failures = 0
  let isTrying = false
  let isEnded = false

  const close = () => {
    source?.close()
    source = undefined
  }

  const open = () => {
    if (source || isEnded) return
    const opened = new EventSource('/api/v1/events')
    source = opened
    opened.onopen = () => {
      const wasBroken = attempts > 0
      attempts = 0
      failures = 0
      stream.set('open')
      connection.set('online')
      if (wasBroken) resumed()
    }
    opened.onerror = () => {
      close()
      failures++
      stream.set(failures >= GIVES_UP_AFTER ? 'off' : 'broken')
      later()
    }
    for (const [name, hear] of Object.entries(heard))
      opened.addEventListener(name, event => hear(JSON.parse((event as MessageEvent<string>).data)))
    for (const name of LAST)
      opened.addEventListener(name, () => {
        close()
        stream.set('off')
      })
  }

  const later = () => {
    if (timer !== undefined || isEnded) return
    const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempts++) * (0.75 + Math.random() / 2)
    timer = setTimeout(() => void tryNow(), wait)
  }

  /** Asks whether the server is there, and who one is: a stream does not say why it is refused. */
  const tryNow = async () => {
    clearTimeout(timer)
    timer = undefined
    if (isTrying) return
    isTrying = true
    try {
      await api.GET('/api/v1/sessions/current')
      open()
    } catch {
      later()
    } finally {
      isTrying = false
    }
  }

  const stops = [
    connection.subscribe(() => {
      if (connection.get() === 'offline') later()
      else if (!source && attempts > 0) void tryNow()
    }),
    session.subscribe(() => {
      if (session.get().state === 'signed-in') comeBack()
    }),
  ]
  const comeBack = () => {
    if (document.visibilityState === 'visible' && !source) void tryNow()
  }
  retryNow = () => void tryNow()
  document.addEventListener('visibilitychange', comeBack)
  window.addEventListener('online', comeBack)
  window.addEventListener('pagehide', close)
  open()
  return () => {
    isEnded = true
    clearTimeout(timer)
    close()
    for (const stop of stops) stop()
    document.removeEventListener('visibilitychange', comeBack)
    window.removeEventListener('online', comeBack)
    window.removeEventListener('pagehide', close)
  }
}

let retryNow = (): void => {}

/** Tries to reach the server without waiting any longer. */
export const reachNow = (): void => retryNow()
