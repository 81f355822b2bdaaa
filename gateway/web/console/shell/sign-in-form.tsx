import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiProblem, isOffline } from '../../ui/api/problem.ts'
import { Button } from '../../ui/components/button.tsx'
import { PasswordField, TextField } from '../../ui/components/fields.tsx'
import { type FormState, useForm } from '../../ui/components/form.tsx'
import { Icon } from '../../ui/components/icon.tsx'
import { type Text, useText } from '../../ui/i18n/index.ts'
import type { Namespaces } from '../../ui/i18n/namespaces.ts'
import { type Credentials, signIn } from './signing.ts'

/**
 * A short form that nobody minds leaving: what was wrong on top, the first field that is wrong gets the focus. `part`
 * names what is asked for now: its first field gets the focus when it is shown.
 */
export const ShortForm = <V extends object>(props: {
  form: FormState<V>
  submit: string
  part?: string
  children: ComponentChildren
  actions?: ComponentChildren
}) => {
  const { form, submit, part, children, actions } = props
  const element = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (part !== undefined) fieldsOf(element.current)[0]?.focus()
  }, [part])
  useEffect(() => {
    if (form.failed === 0) return
    const fields = fieldsOf(element.current)
    ;(fields.find(field => field.getAttribute('aria-invalid') === 'true') ?? fields.at(-1))?.focus()
  }, [form.failed])
  return (
    <form
      class="an-form"
      noValidate
      ref={element}
      onSubmit={event => {
        event.preventDefault()
        void form.send()
      }}
    >
      <div role="alert">
        {form.failures.map(text => (
          <p class="an-refused" key={text}>
            <Icon name="error" />
            <span>{text}</span>
          </p>
        ))}
      </div>
      {children}
      <div class="an-actions an-form__actions">
        <Button type="submit" busy={form.busy}>
          {submit}
        </Button>
        {actions}
      </div>
    </form>
  )
}

const fieldsOf = (form: HTMLFormElement | null): HTMLElement[] => [
  ...(form?.querySelectorAll<HTMLElement>('input:not([readonly], [hidden])') ?? []),
]

/** The same refusal, in words of ours, at a field (`/code`) or of no field in particular. */
export const refusedWith = (problem: ApiProblem, detail: string, pointer = ''): ApiProblem =>
  new ApiProblem({
    status: problem.status,
    title: problem.title,
    detail,
    errors: [{ pointer, code: 'told', detail }],
  })

/** Digits as authenticator apps show them, whatever digits they are typed in, without what stands between. */
export const codeTyped = (text: string): string =>
  text
    .replaceAll(/[٠-٩]/g, digit => String(digit.charCodeAt(0) - 0x660))
    .replaceAll(/[۰-۹]/g, digit => String(digit.charCodeAt(0) - 0x6f0))
    .replaceAll(/[^0-9]/g, '')

/** What is asked for: name and password, then a code where there is a second factor. */
type Part = 'password' | 'code' | 'recoveryCode'

/** Signing in by name and password, and by a code after that where one is needed. */
export const SignInForm = ({ username = '' }: { username?: string }) => {
  const t = useText('shell')
  const [part, setPart] = useState<Part>('password')
  const form = useForm({
    initial: { username, password: '', code: '', recoveryCode: '' },
    submit: async values => {
      try {
        await signIn(credentialsOf(values, part))
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error
        if (error.rule !== 'second-factor-required') throw inWords(error, part, t)
        setPart('code')
      }
    },
  })
  const show = (next: Part) => () => {
    form.reset({ ...form.values, code: '', recoveryCode: '' })
    setPart(next)
  }
  if (part === 'password')
    return (
      <ShortForm form={form} submit={t('signIn.submit')} {...(username ? { part } : {})}>
        <TextField
          form={form}
          name="username"
          label={t('signIn.username')}
          autocomplete="username"
          spellcheck={false}
          dir="ltr"
          maxLength={40}
          width="full"
        />
        <PasswordField
          form={form}
          name="password"
          label={t('signIn.password')}
          autocomplete="current-password"
          width="full"
        />
      </ShortForm>
    )
  const isCode = part === 'code'
  return (
    <ShortForm
      form={form}
      submit={t('signIn.submit')}
      part={part}
      actions={
        <>
          <Button kind="quiet" onClick={show(isCode ? 'recoveryCode' : 'code')}>
            {t(isCode ? 'signIn.useRecoveryCode' : 'signIn.useCode')}
          </Button>
          <Button kind="quiet" onClick={show('password')}>
            {t('signIn.back')}
          </Button>
        </>
      }
    >
      {isCode ? (
        <TextField
          key="code"
          form={form}
          name="code"
          label={t('signIn.code')}
          hint={t('signIn.codeHint')}
          autocomplete="one-time-code"
          inputMode="numeric"
          dir="ltr"
          maxLength={12}
          width="short"
        />
      ) : (
        <TextField
          key="recoveryCode"
          form={form}
          name="recoveryCode"
          label={t('signIn.recoveryCode')}
          hint={t('signIn.recoveryCodeHint')}
          spellcheck={false}
          dir="ltr"
          maxLength={40}
        />
      )}
    </ShortForm>
  )
}

type Typed = { username: string; password: string; code: string; recoveryCode: string }

const credentialsOf = (typed: Typed, part: Part): Credentials => ({
  username: typed.username.trim(),
  password: typed.password,
  ...(part === 'code' ? { code: codeTyped(typed.code) } : {}),
  ...(part === 'recoveryCode' ? { recoveryCode: typed.recoveryCode.trim() } : {}),
})

/** Why nobody was signed in, as people should read it. */
const inWords = (problem: ApiProblem, part: Part, t: Text<Namespaces['shell']>): ApiProblem => {
  if (isOffline(problem)) return refusedWith(problem, t('signIn.unreachable'))
  if (problem.status === 429)
    return refusedWith(problem, t('signIn.limited', { count: Math.ceil((problem.retryAfter ?? 60) / 60) }))
  if (problem.rule === 'cookie-needs-https') return refusedWith(problem, t('signIn.needsHttps'))
  if (problem.rule === 'csrf') return refusedWith(problem, t('signIn.otherAddress'))
  if (problem.status === 400 && part !== 'password')
    return refusedWith(problem, t('signIn.notACode'), `/${part}`)
  if (problem.status === 401 || problem.status === 400)
    return part === 'password'
      ? refusedWith(problem, t('signIn.refused'))
      : refusedWith(problem, t('signIn.codeRefused'), `/${part}`)
  return problem
}
