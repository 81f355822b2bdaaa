import './account.scss'
import { meNow } from '../../../ui/api/session.ts'
import { Page } from '../../../ui/components/page.tsx'
import { Tabs } from '../../../ui/components/tabs.tsx'
import { Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { Later } from '../../shell/later.tsx'
import { Profile } from './profile.tsx'

// What is behind a tab is fetched when somebody opens it.
const security = () => import('./security.tsx').then(m => m.Security)
const signIns = () => import('./sign-ins.tsx').then(m => m.SignIns)
const identities = () => import('./identities.tsx').then(m => m.Identities)
const preferences = () => import('./preferences.tsx').then(m => m.Preferences)

/** My account: who I am here, what I may do where, and how I sign in. */
export const Account = () => {
  const t = useText('account')
  const me = meNow()
  if (!me) return null
  return (
    <Page title={t('title')} lead={<Name>{me.displayName}</Name>}>
      <Tabs
        label={t('title')}
        tabs={[
          { key: 'profile', label: t('tabs.profile'), content: () => <Profile me={me} /> },
          {
            key: 'security',
            label: t('tabs.security'),
            content: () => <Later load={security} props={{ me }} />,
          },
          { key: 'sign-ins', label: t('tabs.signIns'), content: () => <Later load={signIns} props={{}} /> },
          {
            key: 'identities',
            label: t('tabs.identities'),
            content: () => <Later load={identities} props={{}} />,
          },
          {
            key: 'preferences',
            label: t('tabs.preferences'),
            content: () => <Later load={preferences} props={{}} />,
          },
        ]}
      />
    </Page>
  )
}
