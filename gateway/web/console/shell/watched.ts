/** Jobs whose progress is on the page: whoever looks on need not be told that they ended. */
const watched = new Map<string, number>()

/** Marks a job as looked on at. The answer ends it. */
export const watch = (reference: string): (() => void) => {
  watched.set(reference, (watched.get(reference) ?? 0) + 1)
  return () => {
    const left = (watched.get(reference) ?? 1) - 1
    if (left > 0) watched.set(reference, left)
    else watched.delete(reference)
  }
}

/** Whether anybody looks on. */
export const isWatched = (reference: string): boolean => watched.has(reference)
