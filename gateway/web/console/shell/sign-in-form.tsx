import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiProblem, isOffline } from '../../ui/api/problem.ts'
import { Button } from '../../ui/components/button.tsx'
import { PasswordField, TextField } from '../../ui/components/fields.tsx'
import { type FormState, useForm } from '../../ui/components/form.tsx'
import { Icon } from '../../ui/components/icon.tsx'
import { type Text, useText } from '../../ui/i18n/index.ts'
import type { Namespaces } from '../../ui/i18n/namespaces.ts'
import { CodeField } from './code-field.tsx'
import { type Credentials, signIn } from './signing.ts'

/**
 * A short form that nobody minds leaving: what was wrong on top, the first field that is wrong gets the focus. `part`
 * names what is asked for now: its first field that is empty gets the focus when it is shown.
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
    if (part !== undefined)
      fieldsOf(element.current)
        .find(field => field.value === '')
        ?.focus()
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

const fieldsOf = (form: HTMLFormElement | null): HTMLInputElement[] => [
  ...(form?.querySelectorAll<HTMLInputElement>('input:not([readonly], [hidden])') ?? []),
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
  const t = useText('sign-in')
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
      <ShortForm form={form} submit={t('submit')} part={part}>
        <TextField
          form={form}
          name="username"
          label={t('username')}
          autocomplete="username"
          spellcheck={false}
          dir="ltr"
          maxLength={40}
          width="full"
        />
        <PasswordField
          form={form}
          name="password"
          label={t('password')}
          autocomplete="current-password"
          width="full"
        />
      </ShortForm>
    )
  const isCode = part === 'code'
  return (
    <ShortForm
      form={form}
      submit={t('submit')}
      part={part}
      actions={
        <>
          <Button kind="quiet" onClick={show(isCode ? 'recoveryCode' : 'code')}>
            {t(isCode ? 'useRecoveryCode' : 'useCode')}
          </Button>
          <Button kind="quiet" onClick={show('password')}>
            {t('back')}
          </Button>
        </>
      }
    >
      {isCode ? (
        <CodeField key="code" form={form} name="code" label={t('code')} hint={t('codeHint')} />
      ) : (
        <TextField
          key="recoveryCode"
          form={form}
          name="recoveryCode"
          label={t('recoveryCode')}
          hint={t('recoveryCodeHint')}
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
const inWords = (problem: ApiProblem, part: Part, t: Text<Namespaces['sign-in']>): ApiProblem => {
  if (isOffline(problem)) return refusedWith(problem, t('unreachable'))
  if (problem.status === 429)
    return refusedWith(problem, t('limited', { count: Math.ceil((problem.retryAfter ?? 60) / 60) }))
  if (problem.rule === 'cookie-needs-https') return refusedWith(problem, t('needsHttps'))
  if (problem.rule === 'csrf') return refusedWith(problem, t('otherAddress'))
  if (problem.status === 400 && part !== 'password') return refusedWith(problem, t('notACode'), `/${part}`)
  if (problem.status === 401 || problem.status === 400)
    return part === 'password'
      ? refusedWith(problem, t('refused'))
      : refusedWith(problem, t('codeRefused'), `/${part}`)
  return problem
}
