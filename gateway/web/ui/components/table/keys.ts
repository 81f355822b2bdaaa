import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

/** Whether keys belong to what has the focus: somebody types there, or a dialog or a menu is open. */
const isTaken = (target: EventTarget | null): boolean =>
  document.querySelector('dialog[open], [role=menu]') !== null ||
  (target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('select, textarea, input:not([type=checkbox]), [role=tablist]') !== null))

/** The table that the keys are for: the one with the focus in it, else the first of the page. */
const isMine = (box: HTMLElement): boolean => {
  const focused = document.activeElement?.closest('[data-keys]')
  return (focused ?? document.querySelector('[data-keys]')) === box
}

/** `j` and `k` go down and up the rows, `x` chooses the row with the focus; Enter opens it, as it is a link. */
export const useRowKeys = (
  box: RefObject<HTMLElement>,
  choose: ((key: string) => void) | undefined,
): void => {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { current } = box
      if (
        !current ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isTaken(event.target) ||
        !isMine(current)
      )
        return
      const rows = [...current.querySelectorAll<HTMLElement>('[data-row]')]
      const at = rows.findIndex(row => row.contains(document.activeElement))
      const row = rows[at]
      if (event.key === 'j') focusRow(rows[Math.min(at + 1, rows.length - 1)])
      else if (event.key === 'k') focusRow(rows[Math.max(at - 1, 0)])
      else if (event.key === 'x' && choose && row?.dataset.row !== undefined) choose(row.dataset.row)
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [box, choose])
}

const focusRow = (row: HTMLElement | undefined): void => {
  const target = row?.querySelector<HTMLElement>('[data-open]') ?? row
  target?.focus()
  row?.scrollIntoView({ block: 'nearest' })
}
