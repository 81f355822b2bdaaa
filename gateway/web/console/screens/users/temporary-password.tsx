import { useState } from 'preact/hooks'
import { api } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { Button } from '../../../ui/components/button.tsx'
import { Dialog } from '../../../ui/components/dialog.tsx'
import { PasswordField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { Once } from '../access/once.tsx'
import { temporaryPassword } from '../access/temporary.ts'

type Props = { user: { username: string; name: string }; onClose: () => void }

/** Gives somebody who has forgotten theirs a password that opens nothing but choosing a new one. */
export const TemporaryPassword = ({ user, onClose }: Props) => {
  const t = useText('users')
  const [set, setSet] = useState<string>()
  const form = useForm({
    initial: { password: temporaryPassword() },
    submit: async ({ password }) => {
      const path = { username: user.username }
      await api.PUT('/api/v1/users/{username}/password', { params: { path }, body: { password } })
      return password
    },
    onDone: password => {
      void changed()
      setSet(password)
    },
  })
  return (
    <Dialog title={t('password.title', { name: user.name })} open onClose={onClose}>
      {set === undefined ? (
        <Form form={form} submit={t('password.set')}>
          <p>{t('password.text')}</p>
          <PasswordField
            form={form}
            name="password"
            label={t('password.temporary')}
            hint={t('password.hint')}
            autocomplete="new-password"
          />
          <Button kind="quiet" icon="refresh" onClick={() => form.set('password', temporaryPassword())}>
            {t('password.another')}
          </Button>
        </Form>
      ) : (
        <Once title={t('password.shown')} secret={set} onKept={onClose}>
          {`${user.name} (${user.username})`}
        </Once>
      )}
    </Dialog>
  )
}
