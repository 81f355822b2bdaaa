import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useText } from '../i18n/index.ts'
import { createStore, useStore } from '../store.ts'
import { Button, IconButton } from './button.tsx'

export type DialogProps = {
  title: string
  open: boolean
  /** Asked for by Escape, the cross, or, when nothing can be typed in it, a click beside it. */
  onClose: () => void
  children?: ComponentChildren
  /** Buttons at its foot: what it is for first. */
  actions?: ComponentChildren
}

/** A modal dialog: what is behind it cannot be reached until it is closed, and the focus returns to where it was. */
export const Dialog = ({ title, open, onClose, children, actions }: DialogProps) => {
  const t = useText('ui')
  const id = useId()
  const element = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const dialog = element.current
    if (!open || !dialog) return
    const before = document.activeElement
    dialog.showModal()
    // To what has to be filled in, else to what is asked: never to the button that does it.
    const field = dialog.querySelector<HTMLElement>('input, select, textarea')
    ;(field ?? dialog.querySelector('h2'))?.focus()
    return () => {
      dialog.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [open])
  if (!open) return null
  return (
    <dialog
      ref={element}
      class="an-dialog"
      aria-labelledby={id}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      onMouseDown={event => event.target === element.current && !isForm(element.current) && onClose()}
    >
      <div class="an-dialog__box">
        <div class="an-dialog__head">
          <h2 class="an-dialog__title" id={id} tabIndex={-1}>
            {title}
          </h2>
          <IconButton icon="close" label={t('dialog.close')} onClick={onClose} />
        </div>
        <div class="an-dialog__body">{children}</div>
        {actions !== undefined && <div class="an-actions an-dialog__actions">{actions}</div>}
      </div>
    </dialog>
  )
}

const isForm = (dialog: HTMLDialogElement | null): boolean =>
  dialog?.querySelector('input, select, textarea') !== null

export type Question = {
  title: string
  body?: ComponentChildren
  /** What the button says that does it, such as "Cancel the batch". */
  confirm: string
  kind?: 'primary' | 'warning'
  /** What has to be typed before the button works, for what cannot be taken back. */
  typed?: string
}

type Asked = Question & { id: number; answer: (yes: boolean) => void }

const asked = createStore<readonly Asked[]>([])
let lastId = 0

/** Asks before something is done; true when the user agrees. `<Confirmations/>` shows it. */
export const confirm = (question: Question): Promise<boolean> =>
  new Promise(resolve => {
    const id = ++lastId
    const answer = (yes: boolean): void => {
      asked.set(asked.get().filter(other => other.id !== id))
      resolve(yes)
    }
    asked.set([...asked.get(), { ...question, id, answer }])
  })

/** `const confirm = useConfirm()`, then `if (await confirm({ title, confirm }))`. */
export const useConfirm = (): ((question: Question) => Promise<boolean>) => confirm

/** Where `confirm` asks. Once, in the shell. */
export const Confirmations = () => (
  <>
    {useStore(asked).map(question => (
      <Confirmation key={question.id} {...question} />
    ))}
  </>
)

const Confirmation = ({ title, body, confirm: label, kind = 'primary', typed, answer }: Asked) => {
  const t = useText('ui')
  const id = useId()
  const [text, setText] = useState('')
  const isReady = typed === undefined || text.trim() === typed
  return (
    <Dialog
      title={title}
      open
      onClose={() => answer(false)}
      actions={
        <>
          <Button kind={kind} disabled={!isReady} onClick={() => answer(true)}>
            {label}
          </Button>
          <Button kind="secondary" onClick={() => answer(false)}>
            {t('dialog.back')}
          </Button>
        </>
      }
    >
      {body}
      {typed !== undefined && (
        <div class="govuk-form-group">
          <label class="govuk-label" for={id}>
            {t('dialog.type', { text: typed })}
          </label>
          <input
            id={id}
            class="govuk-input"
            value={text}
            autocomplete="off"
            onInput={event => setText(event.currentTarget.value)}
          />
        </div>
      )}
    </Dialog>
  )
}
