import { useState } from 'preact/hooks'
import { api, dataOf } from '../../../ui/api/client.ts'
import type { Me } from '../../../ui/api/session.ts'
import { PasswordField } from '../../../ui/components/fields.tsx'
import { useForm } from '../../../ui/components/form.tsx'
import { Code, CopyButton } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { CodeField } from '../../shell/code-field.tsx'
import { codeTyped, ShortForm } from '../../shell/sign-in-form.tsx'
import { finishing } from '../../shell/signing.ts'
import { RecoveryCodes } from './recovery-codes.tsx'
import { told } from './told.ts'

type Secret = { secret: string; uri: string; qr: string }

/** Setting up a second factor: the password, the authenticator app, a code of it, and the recovery codes. */
export const SecondFactorSetup = ({ me, onDone }: { me: Me; onDone: () => void }) => {
  const [secret, setSecret] = useState<Secret>()
  const [codes, setCodes] = useState<readonly string[]>()
  if (codes) return <RecoveryCodes codes={codes} username={me.name} onDone={onDone} />
  return secret ? <Confirm secret={secret} onDone={setCodes} /> : <Begin me={me} onDone={setSecret} />
}

const Begin = ({ me, onDone }: { me: Me; onDone: (secret: Secret) => void }) => {
  const t = useText('account')
  const form = useForm({
    initial: { password: '' },
    submit: body => told(dataOf(api.POST('/api/v1/second-factor', { body }))),
    onDone,
  })
  return (
    <div class="an-stack">
      <p>{t('factor.why')}</p>
      <ShortForm form={form} submit={t('factor.begin')}>
        <input type="text" autocomplete="username" value={me.name} readOnly hidden />
        <PasswordField
          form={form}
          name="password"
          label={t('factor.password')}
          autocomplete="current-password"
        />
      </ShortForm>
    </div>
  )
}

const Confirm = ({ secret, onDone }: { secret: Secret; onDone: (codes: readonly string[]) => void }) => {
  const t = useText('account')
  const form = useForm({
    initial: { code: '' },
    submit: async ({ code }) => {
      // What comes of it is seen this once: nothing else takes the place of the page from here on.
      finishing.set(true)
      try {
        const body = { code: codeTyped(code) }
        return await told(dataOf(api.POST('/api/v1/second-factor/confirm', { body })))
      } catch (problem) {
        finishing.set(false)
        throw problem
      }
    },
    onDone: ({ recoveryCodes }) => onDone(recoveryCodes),
  })
  return (
    <div class="an-stack">
      <p>{t('factor.scan')}</p>
      <img
        class="an-qr"
        src={`data:image/svg+xml,${encodeURIComponent(secret.qr)}`}
        alt={t('factor.qr')}
        width="200"
        height="200"
      />
      <p>
        <a class="an-link" href={secret.uri}>
          {t('factor.open')}
        </a>
      </p>
      <p>
        {t('factor.type')}
        <br />
        <Code>{secret.secret.replaceAll(/.{4}(?=.)/g, '$& ')}</Code>{' '}
        <CopyButton text={secret.secret} label={t('factor.copy')} />
      </p>
      <ShortForm form={form} submit={t('factor.confirm')} part="code">
        <CodeField form={form} name="code" label={t('factor.code')} hint={t('factor.codeHint')} />
      </ShortForm>
    </div>
  )
}
