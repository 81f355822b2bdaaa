import './account.scss'
import type { Me } from '../../../ui/api/session.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { finishing, readSession } from '../../shell/signing.ts'
import { PasswordForm } from './password-form.tsx'
import { SecondFactorSetup } from './second-factor-setup.tsx'

/** What somebody has to set up before their sign-in counts: one after the other. */
export const FinishSignIn = ({ me }: { me: Me }) => {
  const t = useText('account')
  const goOn = () => {
    finishing.set(false)
    void readSession()
  }
  if (me.mustChangePassword)
    return (
      <div class="an-stack">
        <Banner tone="info">{t('password.must')}</Banner>
        <PasswordForm me={me} onDone={goOn} />
      </div>
    )
  return <SecondFactorSetup me={me} onDone={goOn} />
}
