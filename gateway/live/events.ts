import type { Readable } from 'node:stream'
import type { Logger } from 'pino'
import type { JobView } from '#core/jobs/index.ts'
import { unavailable } from '#core/kernel/index.ts'
import type { Changes, Live, Watcher } from '#core/live/index.ts'
import { createEventStream, type EventStream } from './event-stream.ts'
import { createRounds } from './rounds.ts'

/** How soon who is new is told how things are, and how often a quiet stream shows that it is alive. */
const NEW_MS = 100
const BEAT_MS = 15_000

/** Streams of one account, and of all, that one gateway keeps open. */
const MOST_OF_ONE = 8
const MOST = 10_000
/** When browsers come back after a stream broke: not all at once. */
const RETRY_MS = [2_000, 5_000] as const

/** An open stream: who looks on, what they were told of it already. */
type Open = Watcher & {
  stream: EventStream
  /** Versions of jobs that were told. */
  told: Map<string, string>
  unread: number | undefined
}

/** `present`: a job as the API shows it. */
export type EventsDeps = { live: Live; log: Logger; present: (job: JobView) => object }
export type Events = ReturnType<typeof createEvents>

/**
 * The open streams of this gateway. While there are any, one statement every `lookMs` finds what changed for all of them; each
 * is told what concerns it, as far as its reader may know it at that moment.
 */
export const createEvents = ({ live, log, present }: EventsDeps, lookMs: number) => {
  const streams = new Set<Open>()
  let since: string | undefined
  let lastBeat = Date.now()
  let isClosed = false

  const round = async () => {
    if (Date.now() - lastBeat >= BEAT_MS) {
      lastBeat = Date.now()
      for (const { stream } of streams) stream.beat()
    }
    const looking = [...streams]
    for (const open of looking) if (open.stream.hasMissed()) renew(open)
    const shown = looking.filter(open => open.isNew)
    const changes = await live.look(looking, since)
    since = changes.until
    for (const open of shown) open.isNew = false
    for (const open of pass(looking, changes, present)) streams.delete(open)
  }

  const rounds = createRounds(
    () => round().catch(error => log.warn({ err: error }, 'open streams were told nothing this time')),
    () => {
      if (streams.size > 0) return lookMs
      // What changes while nobody looks on is nothing to anybody.
      since = undefined
      return undefined
    },
  )

  return {
    /** Opens a stream for somebody. The first thing it tells is how things are. */
    open: (watcher: Omit<Watcher, 'isNew' | 'digest'>): Readable => {
      if (isClosed || streams.size >= MOST) throw unavailable('This gateway has no room for another stream.')
      const [least, most] = RETRY_MS
      const stream = createEventStream(Math.round(least + Math.random() * (most - least)), () =>
        streams.delete(open),
      )
      const open: Open = { ...watcher, isNew: true, stream, told: new Map(), unread: undefined }
      const others = [...streams].filter(s => s.accountId === watcher.accountId)
      for (const oldest of others.slice(0, Math.max(0, others.length + 1 - MOST_OF_ONE))) {
        streams.delete(oldest)
        oldest.stream.end('replaced')
      }
      streams.add(open)
      rounds.within(NEW_MS)
      return stream.readable
    },

    /** How many are open. */
    count: (): number => streams.size,

    /** Ends all of them, as the gateway stops: browsers come back to another. */
    close: (): void => {
      isClosed = true
      rounds.stop()
      for (const { stream } of streams) stream.end()
      streams.clear()
    },
  }
}

/** Tells each what concerns them. Gives those whose stream ends, since they can no longer be who they were. */
const pass = (
  looking: readonly Open[],
  { standing, jobs, unread }: Changes,
  present: EventsDeps['present'],
): Open[] => {
  const gone: Open[] = []
  for (const { of, stands, digest } of standing) {
    const open = looking[of]!
    if (!stands) {
      open.stream.end('signed-out')
      gone.push(open)
    } else if (open.digest !== undefined) {
      open.stream.tell('access', {})
      renew(open)
    }
    open.digest = digest
  }
  for (const { of, version, job } of jobs)
    if (isNews(looking[of]!, job.reference, version))
      looking[of]!.stream.tell('job', present(job), job.reference)
  for (const { of, unread: n } of unread) {
    const open = looking[of]!
    if (open.unread !== n) open.stream.tell('notifications', { unread: n })
    open.unread = n
  }
  return gone
}

/** From the next round on it is told again how things are. */
const renew = (open: Open) => {
  open.isNew = true
  open.unread = undefined
  open.told.clear()
}

/** Versions that are remembered: more than change between two rounds, so that little is told twice. */
const REMEMBERED = 200

const isNews = ({ told }: Open, reference: string, version: string): boolean => {
  if (told.get(reference) === version) return false
  told.delete(reference)
  told.set(reference, version)
  if (told.size > REMEMBERED) told.delete(told.keys().next().value!)
  return true
}
