import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'

type Props = {
  /** What the button is called, with whatever its picture tells. */
  label: string
  face: ComponentChildren
  /** What the panel is called. */
  title: string
  children: (close: () => void) => ComponentChildren
}

/** Questions that were asked from the panel stand over it, and belong to it. */
const isDialog = (node: Node | null): boolean => node instanceof Element && node.closest('dialog') !== null

/** A button of the bar that opens a panel below it. Escape, a click or the focus elsewhere close it. */
export const Popover = ({ label, face, title, children }: Props) => {
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!isOpen) return
    panel.current?.focus()
    const elsewhere = (event: Event) => {
      const to = event instanceof FocusEvent ? (event.relatedTarget as Node | null) : (event.target as Node)
      if (to && !box.current?.contains(to) && !isDialog(to)) setOpen(false)
    }
    const inside = box.current
    document.addEventListener('pointerdown', elsewhere)
    inside?.addEventListener('focusout', elsewhere)
    return () => {
      document.removeEventListener('pointerdown', elsewhere)
      inside?.removeEventListener('focusout', elsewhere)
    }
  }, [isOpen])
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  const onKey = (event: KeyboardEvent) => {
    if (!isOpen || isDialog(event.target as Node)) return
    // Letters are for the panel, not for the table behind it.
    if (event.key.length === 1) event.stopPropagation()
    if (event.key !== 'Escape') return
    event.stopPropagation()
    close()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys are heard wherever in it the focus is
    <div class="an-popover" ref={box} onKeyDown={onKey}>
      <button
        ref={button}
        type="button"
        class="an-bar__button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-label={label}
        title={title}
        onClick={() => setOpen(!isOpen)}
      >
        {face}
      </button>
      {isOpen && (
        <div
          class="an-popover__panel"
          id={id}
          role="dialog"
          aria-label={title}
          tabIndex={-1}
          ref={panel}
          data-keys-taken
        >
          {children(close)}
        </div>
      )}
    </div>
  )
}
