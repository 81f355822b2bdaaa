import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { meNow, session } from '../../ui/api/session.ts'
import { Button } from '../../ui/components/button.tsx'
import { Name } from '../../ui/components/text.tsx'
import { useText } from '../../ui/i18n/index.ts'
import { useStore } from '../../ui/store.ts'
import { Finish } from './sign-in-finish.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { Providers } from './sign-in-providers.tsx'
import { forget, isUnfinished, signOut } from './signing.ts'

/**
 * Over the page whose sign-in has ended: the same person signs in again, and what waits goes on by itself. It cannot be
 * closed, only left, and then nothing of the page stays.
 */
export const SessionEnded = () => {
  const t = useText('sign-in')
  const id = useId()
  const hasEnded = useStore(session).state === 'ended'
  const element = useRef<HTMLDialogElement>(null)
  // Before the form in it takes the focus.
  useLayoutEffect(() => {
    const dialog = element.current
    if (!hasEnded || !dialog) return
    const before = document.activeElement
    dialog.showModal()
    return () => {
      dialog.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [hasEnded])
  const me = meNow()
  if (!hasEnded || !me) return null
  return (
    <dialog
      ref={element}
      class="an-dialog an-ended"
      aria-labelledby={id}
      onCancel={event => event.preventDefault()}
      // Twice Escape closes a dialog whatever it says to that.
      onClose={() =>
        element.current?.isConnected && session.get().state === 'ended' && element.current.showModal()
      }
    >
      <div class="an-dialog__box">
        <h2 class="an-dialog__title" id={id}>
          {t('ended.title')}
        </h2>
        <div class="an-dialog__body">
          {isUnfinished(me) ? (
            <Finish me={me} />
          ) : (
            <>
              <p>
                {t('ended.who')} <Name>{me.displayName}</Name>. {t('ended.text')}
              </p>
              <SignInForm username={me.name} />
              <Providers inNewWindow />
            </>
          )}
          <div class="an-ended__leave">
            <p class="an-muted">{t('ended.leaveHint')}</p>
            <Button kind="secondary" onClick={() => void signOut().catch(forget)}>
              {t('ended.leave')}
            </Button>
          </div>
        </div>
      </div>
    </dialog>
  )
}
