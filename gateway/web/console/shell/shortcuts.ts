import { useEffect } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import { type Me, may } from '../../ui/api/session.ts'
import { createStore } from '../../ui/store.ts'
import { navigation } from '../routes.ts'

/** Whether the list of the keys is wanted. */
export const shortcutsAsked = createStore(false)

const seekers = new Set<() => void>()

/** Has something done when somebody wants to search. The answer ends it. */
export const searchAsked = (seek: () => void): (() => void) => {
  seekers.add(seek)
  return () => void seekers.delete(seek)
}

/** After `g` the next letter counts for so long. */
const GOING_MS = 1500

/** Whether keys belong to what has the focus: somebody types, or has to answer something first. */
const isTaken = (target: EventTarget | null): boolean =>
  document.querySelector('dialog[open], [role=menu], [data-keys-taken]') !== null ||
  (target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('select, textarea, input:not([type=checkbox], [type=radio])') !== null))

/** Keys that hold on every page: `/` searches, `?` tells the keys, `g` and a letter go somewhere. */
export const useShortcuts = (me: Me): void => {
  const [, go] = useLocation()
  useEffect(() => {
    let goingSince = Number.NEGATIVE_INFINITY
    const letters = new Map(
      navigation.flatMap(({ letter, permission, path }) =>
        letter && may(me, permission) ? [[letter, path] as const] : [],
      ),
    )
    const act = (key: string): boolean => {
      const path = performance.now() - goingSince < GOING_MS ? letters.get(key) : undefined
      goingSince = key === 'g' && path === undefined ? performance.now() : Number.NEGATIVE_INFINITY
      if (path !== undefined) go(path)
      else if (key === '/') for (const seek of seekers) seek()
      else if (key === '?') shortcutsAsked.set(true)
      else return key === 'g'
      return true
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTaken(event.target)) return
      if (!act(event.key)) return
      event.preventDefault()
      // `g j` goes to the jobs, and no row further down.
      event.stopImmediatePropagation()
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [me, go])
}
