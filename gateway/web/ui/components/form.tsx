import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useLocation, useRouter } from 'wouter-preact'
import { useText } from '../i18n/index.ts'
import { Button, type ButtonKind, LinkButton } from './button.tsx'
import { confirm } from './dialog.tsx'
import { fieldId } from './fields/field.tsx'
import type { FormState } from './use-form.ts'

export { type FormOptions, type FormState, formPart, useForm } from './use-form.ts'

export type FormProps<V extends object> = {
  form: FormState<V>
  children: ComponentChildren
  /** What the button says that sends it; "Save" without it. */
  submit?: string | undefined
  /** Where leaving without sending leads. */
  cancel?: string | undefined
  kind?: ButtonKind | undefined
  /** More buttons after those. */
  actions?: ComponentChildren
}

/** A form with the summary of what is wrong on top, which takes the focus, and a guard against losing what was typed. */
export const Form = <V extends object>({ form, children, submit, cancel, kind, actions }: FormProps<V>) => {
  const t = useText('ui')
  useLeaveGuard(form.isDirty && !form.busy)
  return (
    <form
      class="an-form"
      noValidate
      onSubmit={event => {
        event.preventDefault()
        void form.send()
      }}
    >
      <ErrorSummary form={form} />
      {children}
      <div class="an-actions an-form__actions">
        <Button type="submit" kind={kind} busy={form.busy}>
          {submit ?? t('form.save')}
        </Button>
        {cancel !== undefined && <LinkButton href={cancel}>{t('form.cancel')}</LinkButton>}
        {actions}
      </div>
    </form>
  )
}

const ErrorSummary = <V extends object>({ form }: { form: FormState<V> }) => {
  const t = useText('ui')
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (form.failed > 0) box.current?.focus()
  }, [form.failed])
  const entries = Object.entries(form.errors)
  if (entries.length === 0 && form.failures.length === 0) return null
  return (
    <div class="govuk-error-summary" tabIndex={-1} ref={box} role="alert" aria-label={t('form.problem')}>
      <h2 class="govuk-error-summary__title">{t('form.problem')}</h2>
      <ul class="govuk-error-summary__list">
        {form.failures.map(text => (
          <li key={text}>{text}</li>
        ))}
        {entries.map(([pointer, text]) => (
          <li key={pointer}>
            <a href={`#${fieldId(form, pointer)}`} onClick={event => goTo(event, fieldId(form, pointer))}>
              {form.fields.get(pointer)?.label}: {text}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

const goTo = (event: Event, id: string): void => {
  const field = document.getElementById(id)
  if (!field) return
  event.preventDefault()
  field.focus()
  field.closest('.govuk-form-group')?.scrollIntoView({ block: 'center' })
}

/** Asks before typed values are left behind: by a link of the console, by going back, by closing the tab. */
const useLeaveGuard = (isOn: boolean): void => {
  const t = useText('ui')
  const [, navigate] = useLocation()
  const { base } = useRouter()
  const mayLeave = (): Promise<boolean> =>
    confirm({
      title: t('form.leaveTitle'),
      body: t('form.leaveText'),
      confirm: t('form.leave'),
      kind: 'warning',
    })
  useEffect(() => {
    if (!isOn) return
    let isLeaving = false
    const onClick = (event: MouseEvent): void => {
      const href = leavingBy(event)
      if (href === undefined) return
      event.preventDefault()
      event.stopPropagation()
      void mayLeave().then(may => {
        if (may) navigate(href.startsWith(base) ? href.slice(base.length) || '/' : `~${href}`)
      })
    }
    // Where the browser has no such event, what was typed is in the draft.
    const onNavigate = (event: NavigateEvent): void => {
      if (event.navigationType !== 'traverse' || !event.cancelable || isLeaving) return
      if (new URL(event.destination.url).pathname === location.pathname) return
      event.preventDefault()
      void mayLeave().then(may => {
        isLeaving = may
        if (may) navigation.traverseTo(event.destination.key)
      })
    }
    const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault()
    const from = 'navigation' in window ? navigation : undefined
    document.addEventListener('click', onClick, true)
    from?.addEventListener('navigate', onNavigate)
    window.addEventListener('beforeunload', onUnload)
    return () => {
      document.removeEventListener('click', onClick, true)
      from?.removeEventListener('navigate', onNavigate)
      window.removeEventListener('beforeunload', onUnload)
    }
  }, [isOn, base])
}

/** The address within this site to which a click would leave the page; undefined when it would not. */
const leavingBy = (event: MouseEvent): string | undefined => {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey)
    return undefined
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null
  if (!(link instanceof HTMLAnchorElement) || link.target !== '' || link.hasAttribute('download'))
    return undefined
  if (link.origin !== location.origin || link.pathname === location.pathname) return undefined
  return `${link.pathname}${link.search}${link.hash}`
}
