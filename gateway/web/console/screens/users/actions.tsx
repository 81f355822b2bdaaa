import { useState } from 'preact/hooks'
import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import type { AnswerOf } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Menu, type MenuItem } from '../../../ui/components/menu.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { useIsMe } from '../access/me.ts'
import { useTraces } from '../access/traces.ts'
import { TemporaryPassword } from './temporary-password.tsx'

type User = AnswerOf<'/api/v1/users/{username}'>

/** What an administrator can do to a user. To their own account somebody else does it. */
export const UserActions = ({ user }: { user: User }) => {
  const t = useText('users')
  const access = useText('access')
  const mayWrite = useMay('user:write')
  const isMe = useIsMe()(user.username)
  const traces = useTraces(`user:${user.username}`)
  const byThem = useTraces('', { actor: user.username }).filter(({ icon }) => icon === 'file')
  const [isSetting, setSetting] = useState(false)
  const changes = useChanges(user)
  const items: MenuItem[] = [
    ...(mayWrite && !isMe
      ? [{ label: t('password.set'), onSelect: () => setSetting(true) }, ...changes]
      : []),
    ...traces,
    ...byThem.map(item => ({ ...item, label: t('didThemselves') })),
  ]
  return (
    <>
      {mayWrite && (
        <LinkButton icon="edit" href={`/users/${user.username}/edit`}>
          {t('edit')}
        </LinkButton>
      )}
      {items.length > 0 && <Menu label={access('links.more')} items={items} />}
      {isSetting && <TemporaryPassword user={user} onClose={() => setSetting(false)} />}
    </>
  )
}

/** Switching the account off and on, and taking a lost second factor off: each asks first, and says what it does. */
const useChanges = ({ username, name, status }: User): MenuItem[] => {
  const t = useText('users')
  const path = { username }
  const isActive = status === 'active'
  const disable = useAction({
    act: () => dataOf(api.POST('/api/v1/users/{username}/disable', { params: { path } })),
    ask: () => ({
      title: t('disable.title', { name }),
      body: <p>{t('disable.text')}</p>,
      confirm: t('disable.do'),
      kind: 'warning',
    }),
    done: t('disable.done', { name }),
  })
  const enable = useAction({
    act: () => dataOf(api.POST('/api/v1/users/{username}/enable', { params: { path } })),
    ask: () => ({
      title: t('enable.title', { name }),
      body: <p>{t('enable.text')}</p>,
      confirm: t('enable.do'),
    }),
    done: t('enable.done', { name }),
  })
  const resetFactor = useAction({
    act: () => api.DELETE('/api/v1/users/{username}/second-factor', { params: { path } }),
    ask: () => ({
      title: t('factor.title', { name }),
      body: <p>{t('factor.text')}</p>,
      confirm: t('factor.do'),
      kind: 'warning',
    }),
    done: t('factor.done', { name }),
  })
  return [
    { label: t('factor.do'), onSelect: () => void resetFactor.run() },
    isActive
      ? { label: t('disable.do'), tone: 'bad', onSelect: () => void disable.run() }
      : { label: t('enable.do'), onSelect: () => void enable.run() },
  ]
}
