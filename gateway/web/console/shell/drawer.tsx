import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { IconButton } from '../../ui/components/button.tsx'
import { useText } from '../../ui/i18n/index.ts'

type Props = { open: boolean; close: () => void; children: ComponentChildren }

/** The navigation where there is no room for it: over the page, until somebody has chosen. */
export const Drawer = ({ open, close, children }: Props) => {
  const t = useText('shell')
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const drawer = element.current
    if (!open || !drawer) return
    drawer.showModal()
    return () => drawer.close()
  }, [open])
  if (!open) return null
  return (
    <dialog
      ref={element}
      class="an-drawer"
      aria-label={t('menu.title')}
      onCancel={event => {
        event.preventDefault()
        close()
      }}
      onMouseDown={event => event.target === element.current && close()}
    >
      <div class="an-drawer__box">
        <div class="an-drawer__head">
          <IconButton icon="close" label={t('menu.close')} onClick={close} />
        </div>
        {children}
      </div>
    </dialog>
  )
}
