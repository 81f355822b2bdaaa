import { useState } from 'preact/hooks'

/** Which rows of a list are chosen, by their keys. */
export type Selection = {
  keys: ReadonlySet<string>
  toggle: (key: string) => void
  /** Chooses all of these, or none of them. */
  setAll: (keys: readonly string[], isOn: boolean) => void
  clear: () => void
}

const NONE: ReadonlySet<string> = new Set()

/** The rows that are chosen; they stay chosen from one page of the list to the next. */
export const useSelection = (): Selection => {
  const [keys, setKeys] = useState(NONE)
  const change = (all: readonly string[], isOn: (key: string, was: ReadonlySet<string>) => boolean): void =>
    setKeys(was => {
      const next = new Set(was)
      for (const key of all)
        if (isOn(key, was)) next.add(key)
        else next.delete(key)
      return next
    })
  return {
    keys,
    toggle: key => change([key], (one, was) => !was.has(one)),
    setAll: (all, isOn) => change(all, () => isOn),
    clear: () => setKeys(NONE),
  }
}
