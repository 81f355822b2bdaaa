import { useState } from 'preact/hooks'
import type { Me } from '../../../ui/api/session.ts'
import { Button } from '../../../ui/components/button.tsx'
import { PasswordField, TextField } from '../../../ui/components/fields.tsx'
import { useForm } from '../../../ui/components/form.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { CodeField } from '../../shell/code-field.tsx'
import { codeTyped, ShortForm } from '../../shell/sign-in-form.tsx'
import { told } from './told.ts'

type Shown = { password: string; code?: string; recoveryCode?: string }
type Props = {
  me: Me
  text: string
  submit: string
  send: (shown: Shown) => Promise<void>
  onCancel: () => void
}

/** Proves once more who one is, by password and code, for something that changes how one signs in. */
export const ProofForm = ({ me, text, submit, send, onCancel }: Props) => {
  const t = useText('account')
  const [byCode, setByCode] = useState(true)
  const form = useForm({
    initial: { password: '', code: '', recoveryCode: '' },
    submit: ({ password, code, recoveryCode }) =>
      told(
        send(byCode ? { password, code: codeTyped(code) } : { password, recoveryCode: recoveryCode.trim() }),
      ),
  })
  return (
    <div class="an-stack">
      <p>{text}</p>
      <ShortForm
        form={form}
        submit={submit}
        part="proof"
        actions={
          <>
            <Button kind="secondary" onClick={onCancel}>
              {t('factor.cancel')}
            </Button>
            <Button kind="quiet" onClick={() => setByCode(!byCode)}>
              {t(byCode ? 'factor.useRecoveryCode' : 'factor.useCode')}
            </Button>
          </>
        }
      >
        <input type="text" autocomplete="username" value={me.name} readOnly hidden />
        <PasswordField
          form={form}
          name="password"
          label={t('factor.password')}
          autocomplete="current-password"
        />
        {byCode ? (
          <CodeField
            key="code"
            form={form}
            name="code"
            label={t('factor.code')}
            hint={t('factor.codeHint')}
          />
        ) : (
          <TextField
            key="recoveryCode"
            form={form}
            name="recoveryCode"
            label={t('factor.recoveryCode')}
            dir="ltr"
            maxLength={40}
          />
        )}
      </ShortForm>
    </div>
  )
}
