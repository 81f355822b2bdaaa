import { useEffect } from 'preact/hooks'

/** After `g` a letter leads to another part of the console: it is not for the page then. */
const SEQUENCE_MS = 1500

/** Keys that begin a decision, while nobody types and nothing is open above the page. */
export const useDecisionKeys = (deeds: Record<string, () => void>, isOn: boolean): void => {
  useEffect(() => {
    if (!isOn) return
    let wentAt = 0
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyped(event.target)) return
      const follows = event.timeStamp - wentAt < SEQUENCE_MS
      if (event.key === 'g') wentAt = event.timeStamp
      const deed = deeds[event.key]
      if (!deed || follows || document.querySelector('dialog[open], [role=menu]')) return
      event.preventDefault()
      deed()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [isOn])
}

const isTyped = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
