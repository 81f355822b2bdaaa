import { useState } from 'preact/hooks'
import { api } from '../../../ui/api/client.ts'
import { changed, useGet } from '../../../ui/api/queries.ts'
import type { Me } from '../../../ui/api/session.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { Columns, Section, Summary } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Tag } from '../../../ui/components/tag.tsx'
import { Count, Instant } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { finishing, readSession } from '../../shell/signing.ts'
import { PasswordForm } from './password-form.tsx'
import { ProofForm } from './proof-form.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { SecondFactorSetup } from './second-factor-setup.tsx'

/** My password and my second factor. */
export const Security = ({ me }: { me: Me }) => {
  const t = useText('account')
  return (
    <Columns even>
      <Section title={t('password.title')}>
        <p class="an-note">{t('password.text')}</p>
        <PasswordForm
          me={me}
          onDone={() => {
            toast('success', t('password.done'))
            void changed()
          }}
        />
      </Section>
      <Section title={t('factor.title')}>
        <SecondFactor me={me} />
      </Section>
    </Columns>
  )
}

type Doing = 'setUp' | 'renew' | 'remove'

const SecondFactor = ({ me }: { me: Me }) => {
  const t = useText('account')
  const reading = useGet('/api/v1/second-factor', {})
  const [doing, setDoing] = useState<Doing>()
  const [codes, setCodes] = useState<readonly string[]>()
  const end = () => {
    setDoing(undefined)
    setCodes(undefined)
    finishing.set(false)
    void readSession()
    void changed()
  }
  if (codes) return <RecoveryCodes codes={codes} username={me.name} onDone={end} />
  if (doing === 'setUp') return <SecondFactorSetup me={me} onDone={end} />
  if (doing === 'renew')
    return (
      <ProofForm
        me={me}
        text={t('factor.renewText')}
        submit={t('factor.renew')}
        send={async body => {
          const { data } = await api.POST('/api/v1/second-factor/recovery-codes', { body })
          setCodes(data!.recoveryCodes)
        }}
        onCancel={end}
      />
    )
  if (doing === 'remove')
    return (
      <ProofForm
        me={me}
        text={t('factor.removeText')}
        submit={t('factor.remove')}
        send={async body => {
          await api.POST('/api/v1/second-factor/remove', { body })
          toast('success', t('factor.removed'))
          end()
        }}
        onCancel={end}
      />
    )
  if (reading.problem) return <Failure problem={reading.problem} retry={reading.refresh} />
  if (!reading.data) return <Loading lines={3} />
  const { enrolled, since, recoveryCodesLeft } = reading.data
  if (!enrolled)
    return (
      <div class="an-stack">
        <p>
          <Tag tone="warning">{t('factor.off')}</Tag>
        </p>
        <p>{t('factor.offText')}</p>
        <div class="an-actions">
          <Button onClick={() => setDoing('setUp')}>{t('factor.setUp')}</Button>
        </div>
      </div>
    )
  return (
    <div class="an-stack">
      <Summary
        rows={[
          { label: t('factor.state'), value: <Tag tone="good">{t('factor.on')}</Tag> },
          { label: t('factor.since'), value: since ? <Instant iso={since} /> : '' },
          { label: t('factor.codesLeft'), value: <Count n={recoveryCodesLeft} /> },
        ]}
      />
      <div class="an-actions">
        <Button kind="secondary" onClick={() => setDoing('renew')}>
          {t('factor.renew')}
        </Button>
        <Button kind="secondary" onClick={() => setDoing('remove')}>
          {t('factor.remove')}
        </Button>
      </div>
    </div>
  )
}
