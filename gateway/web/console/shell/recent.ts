import { createStore } from '../../ui/store.ts'

/** A page that somebody was on. */
export type Visited = { path: string; title: string }

const KEY = 'annona.recent'
const REMEMBERED = 6
const BASE = '/console'

const kept = (): Visited[] => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as Visited[]
  } catch {
    return []
  }
}

/** Where somebody was in this tab, the latest first. It goes with the sign-in. */
export const recent = createStore<readonly Visited[]>(kept())

const here = (): string => location.pathname.slice(BASE.length) || '/'

/** Remembers pages by their titles, as they are shown. The answer ends it. */
export const rememberPages = (): (() => void) => {
  recent.set(kept())
  const note = () => {
    const path = here()
    const title = document.title.replace(/ – Annona$/, '')
    if (path === '/' || title === 'Annona') return
    recent.set([{ path, title }, ...recent.get().filter(page => page.path !== path)].slice(0, REMEMBERED))
    sessionStorage.setItem(KEY, JSON.stringify(recent.get()))
  }
  const titles = new MutationObserver(note)
  titles.observe(document.querySelector('title')!, { childList: true })
  return () => titles.disconnect()
}
