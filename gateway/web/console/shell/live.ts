import { api, dataOf } from '../../ui/api/client.ts'
import { changed, queries } from '../../ui/api/queries.ts'
import { may, meNow, session } from '../../ui/api/session.ts'
import { createStore } from '../../ui/store.ts'
import { isOver, type Job } from './jobs.ts'
import { keepListening, stream } from './live-connection.ts'
import { readSession } from './signing.ts'

/** One's own jobs that go on or ended lately, newest first. */
export const myJobs = createStore<readonly Job[]>([])
/** How many notifications are unread. */
export const unread = createStore(0)

/** What to do when a job of one's own has ended, which was seen to go on. */
type Ended = (job: Job) => void

const ASK_EVERY_MS = 10_000
const REMEMBERED = 50

/** Hears what happens to what is one's own, and keeps what the page knows up to date. The answer ends it. */
export const startLive = (ended: Ended): (() => void) => {
  const stop = keepListening({
    heard: {
      job: job => hearJob(job as Job, ended),
      notifications: data => hearUnread((data as { unread: number }).unread),
      access: () => void hearAccess(),
      'signed-out': () => void readSession(),
    },
    resumed: () => void changed(),
  })
  const timer = setInterval(() => {
    if (stream.get() === 'off' && document.visibilityState === 'visible') void ask(ended)
  }, ASK_EVERY_MS)
  return () => {
    clearInterval(timer)
    stop()
    myJobs.set([])
    unread.set(0)
  }
}

const hearJob = (job: Job, ended: Ended): void => {
  const before = myJobs.get().find(({ reference }) => reference === job.reference)
  const others = myJobs.get().filter(other => other !== before)
  myJobs.set([...others, job].sort((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, REMEMBERED))
  queries.setQueryData(['/api/v1/jobs/{reference}', { params: { path: { reference: job.reference } } }], job)
  queries.setQueriesData<{ items: Job[] }>(
    { queryKey: ['/api/v1/jobs'] },
    page => page && { ...page, items: page.items.map(row => (row.reference === job.reference ? job : row)) },
  )
  if (!before || isOver(before) || !isOver(job)) return
  void changed()
  ended(job)
}

const hearUnread = (n: number): void => {
  if (unread.get() === n) return
  unread.set(n)
  void queries.invalidateQueries({ queryKey: ['/api/v1/notifications'] })
}

/** One may do more than before, or less: the navigation follows, and so does what is on the page. */
const hearAccess = async (): Promise<void> => {
  await readSession()
  await changed()
}

/** Asks for what nobody tells. */
const ask = async (ended: Ended): Promise<void> => {
  if (session.get().state !== 'signed-in') return
  const told = dataOf(api.GET('/api/v1/notifications', { params: { query: { limit: 1 } } }))
  const mine = may(meNow(), 'job:read')
    ? dataOf(api.GET('/api/v1/jobs', { params: { query: { mine: true, limit: 20 } } }))
    : undefined
  await Promise.all([told, mine]).then(
    ([{ unread: n }, jobs]) => {
      hearUnread(n)
      for (const job of jobs?.items ?? []) hearJob(job, ended)
    },
    // Nobody answered: the banner says so, and it is asked again.
    () => undefined,
  )
}
