import { api } from '../../../ui/api/client.ts'
import { ApiProblem } from '../../../ui/api/problem.ts'
import type { Me } from '../../../ui/api/session.ts'
import { PasswordField } from '../../../ui/components/fields.tsx'
import { useForm } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { ShortForm } from '../../shell/sign-in-form.tsx'
import { told } from './told.ts'

/** Choosing another password. It ends one's other sign-ins. */
export const PasswordForm = ({ me, onDone }: { me: Me; onDone: () => void }) => {
  const t = useText('account')
  const form = useForm({
    initial: { password: '', newPassword: '', again: '' },
    submit: async ({ password, newPassword, again }) => {
      if (newPassword !== again) throw differs(t('password.differs'))
      await told(api.PUT('/api/v1/password', { body: { password, newPassword } }))
    },
    onDone: () => {
      form.reset()
      onDone()
    },
  })
  return (
    <ShortForm form={form} submit={t('password.submit')}>
      {/* For what keeps passwords: whose it is. */}
      <input type="text" autocomplete="username" value={me.name} readOnly hidden />
      <PasswordField form={form} name="password" label={t('password.now')} autocomplete="current-password" />
      <PasswordField
        form={form}
        name="newPassword"
        label={t('password.new')}
        hint={t('password.hint')}
        autocomplete="new-password"
      />
      <PasswordField form={form} name="again" label={t('password.again')} autocomplete="new-password" />
    </ShortForm>
  )
}

const differs = (detail: string) =>
  new ApiProblem({
    status: 422,
    title: detail,
    detail,
    errors: [{ pointer: '/again', code: 'differs', detail }],
  })
