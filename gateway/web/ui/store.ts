import { useEffect, useState } from 'preact/hooks'

/** A value that many parts of the page look at. Whoever uses it is drawn again when it changes. */
export type Store<T> = { get(): T; set(value: T): void; subscribe(listener: () => void): () => void }

/** Makes a store. */
export const createStore = <T>(initial: T): Store<T> => {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set: next => {
      if (Object.is(next, value)) return
      value = next
      for (const listener of new Set(listeners)) listener()
    },
    subscribe: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The value of a store, kept up to date. */
export const useStore = <T>(store: Store<T>): T => {
  const [, redraw] = useState({})
  useEffect(() => {
    const seen = store.get()
    const stop = store.subscribe(() => redraw({}))
    // It may have changed between the drawing and this effect.
    if (!Object.is(seen, store.get())) redraw({})
    return stop
  }, [store])
  return store.get()
}
