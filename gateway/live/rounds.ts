/**
 * Work that is done again and again, never twice at a time. `again` says in how many milliseconds, when a round is over;
 * `within` asks for one that soon, or right after the one that goes on.
 */
export const createRounds = (work: () => Promise<void>, again: () => number | undefined) => {
  let timer: NodeJS.Timeout | undefined
  let due = Number.POSITIVE_INFINITY
  let isAtWork = false
  let isStopped = false

  const within = (ms: number): void => {
    if (isStopped || Date.now() + ms >= due) return
    due = Date.now() + ms
    clearTimeout(timer)
    if (!isAtWork) timer = setTimeout(() => void run(), ms)
  }

  const run = async () => {
    isAtWork = true
    due = Number.POSITIVE_INFINITY
    await work()
    isAtWork = false
    const asked = due - Date.now()
    const ms = Math.min(again() ?? Number.POSITIVE_INFINITY, Math.max(0, asked))
    due = Number.POSITIVE_INFINITY
    if (Number.isFinite(ms)) within(ms)
  }

  return {
    within,
    stop: (): void => {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
