import { Link } from 'wouter-preact'
import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Tabs } from '../../../ui/components/tabs.tsx'
import { Name, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { GrantsView } from '../access/grants-view.tsx'
import { useIsMe } from '../access/me.ts'
import { permissionName } from '../access/names.ts'
import { StatusTag } from '../access/status-tag.tsx'
import { UserActions } from './actions.tsx'
import { Identities } from './identities.tsx'
import { SignIns } from './sign-ins.tsx'

type User = AnswerOf<'/api/v1/users/{username}'>

/** One user: who they are, what they are granted, how they sign in, and what an administrator can do about it. */
export const UserDetail = ({ params }: ScreenProps) => {
  const t = useText('users')
  const path = { username: params.username! }
  const { data: user, problem, refresh } = useGet('/api/v1/users/{username}', { params: { path } })
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!user) return <Loading />
  const tabs = [
    { key: 'profile', label: t('profile'), content: () => <Profile user={user} /> },
    { key: 'grants', label: t('grants'), count: user.grants.length, content: () => <Grants user={user} /> },
    { key: 'sign-ins', label: t('signIns.title'), content: () => <SignIns username={user.username} /> },
    {
      key: 'identities',
      label: t('identities.title'),
      content: () => <Identities username={user.username} />,
    },
  ]
  return (
    <Page
      title={user.name}
      heading={<Name>{user.name}</Name>}
      back={{ href: '/users', label: t('title') }}
      lead={<StatusTag status={user.status} />}
      actions={<UserActions user={user} />}
    >
      <Warnings user={user} />
      <Tabs label={user.name} tabs={tabs} />
    </Page>
  )
}

/** What to think twice about: both sides of one decision in one pair of hands. */
const Warnings = ({ user }: { user: User }) => {
  const t = useText('users')
  if (user.warnings.length === 0) return null
  return (
    <Banner tone="warning" title={t('warning.title')}>
      <ul>
        {user.warnings.map(({ permissions }) => (
          <li key={permissions.join()}>{permissions.map(code => permissionName(code)).join(' + ')}</li>
        ))}
      </ul>
      <p>{t('warning.text')}</p>
    </Banner>
  )
}

const UserLink = ({ username }: { username: string }) => <Link href={`/users/${username}`}>{username}</Link>

const Profile = ({ user }: { user: User }) => {
  const t = useText('users')
  const none = <span class="an-muted">{t('nobody')}</span>
  return (
    <Section title={t('who')}>
      <Summary
        rows={[
          { label: t('username'), value: <Ref>{user.username}</Ref> },
          { label: t('email'), value: user.email ? <Name>{user.email}</Name> : none },
          { label: t('supervisor'), value: user.supervisor ? <UserLink username={user.supervisor} /> : none },
          {
            label: t('otherAccounts'),
            value:
              user.samePerson.length === 0 ? (
                none
              ) : (
                <>
                  {user.samePerson.map(username => (
                    <div key={username}>
                      <UserLink username={username} />
                    </div>
                  ))}
                  <p class="an-muted">{t('otherAccountsHint')}</p>
                </>
              ),
          },
        ]}
      />
    </Section>
  )
}

const Grants = ({ user }: { user: User }) => {
  const t = useText('users')
  const access = useText('access')
  const isMe = useIsMe()(user.username)
  const mayWrite = useMay('user:write') && !isMe
  return (
    <Section
      title={access('grants.title')}
      actions={
        mayWrite && (
          <LinkButton icon="edit" href={`/users/${user.username}/grants`}>
            {access('grants.change')}
          </LinkButton>
        )
      }
    >
      {isMe && <p class="an-muted">{t('notYourGrants')}</p>}
      <GrantsView grants={user.grants} />
    </Section>
  )
}
