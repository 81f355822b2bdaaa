import { PasswordField, TextField } from '../../ui/components/fields.tsx'
import { Form, useForm } from '../../ui/components/form.tsx'
import { useText } from '../../ui/i18n/index.ts'
import { signIn } from './signing.ts'

/** Signing in by name and password. */
export const SignIn = () => {
  const t = useText('shell')
  const form = useForm({ initial: { username: '', password: '' }, submit: signIn })
  return (
    <main class="an-sign-in">
      <h1 class="govuk-heading-l">{t('signIn.title')}</h1>
      <Form form={form} submit={t('signIn.submit')}>
        <TextField form={form} name="username" label={t('signIn.username')} autocomplete="username" />
        <PasswordField
          form={form}
          name="password"
          label={t('signIn.password')}
          autocomplete="current-password"
        />
      </Form>
    </main>
  )
}
