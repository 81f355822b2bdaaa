import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Menu, type MenuItem } from '../../../ui/components/menu.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { useTraces } from '../access/traces.ts'
import type { Client } from './detail.tsx'

/** What an administrator can do to a client. */
export const ClientActions = ({ client }: { client: Client }) => {
  const t = useText('clients')
  const access = useText('access')
  const mayWrite = useMay('client:write')
  const traces = useTraces(`client:${client.clientId}`)
  const byIt = useTraces('', { actor: client.clientId }).filter(({ icon }) => icon === 'file')
  const changes = useChanges(client)
  const items: MenuItem[] = [
    ...(mayWrite ? changes : []),
    ...traces,
    ...byIt.map(item => ({ ...item, label: t('didItself') })),
  ]
  return (
    <>
      {mayWrite && (
        <LinkButton icon="edit" href={`/clients/${client.clientId}/edit`}>
          {t('edit')}
        </LinkButton>
      )}
      {items.length > 0 && <Menu label={access('links.more')} items={items} />}
    </>
  )
}

/** Ending its tokens, stopping it and letting it work again: each asks first, and says what it does. */
const useChanges = ({ clientId, name, status }: Client): MenuItem[] => {
  const t = useText('clients')
  const init = { params: { path: { clientId } } }
  const revoke = useAction({
    act: () => dataOf(api.POST('/api/v1/clients/{clientId}/revoke-tokens', init)),
    ask: () => ({
      title: t('revoke.title', { name }),
      body: <p>{t('revoke.text')}</p>,
      confirm: t('revoke.do'),
      kind: 'warning',
    }),
    done: t('revoke.done'),
  })
  const disable = useAction({
    act: () => dataOf(api.POST('/api/v1/clients/{clientId}/disable', init)),
    ask: () => ({
      title: t('disable.title', { name }),
      body: <p>{t('disable.text')}</p>,
      confirm: t('disable.do'),
      kind: 'warning',
    }),
    done: t('disable.done', { name }),
  })
  const enable = useAction({
    act: () => dataOf(api.POST('/api/v1/clients/{clientId}/enable', init)),
    ask: () => ({
      title: t('enable.title', { name }),
      body: <p>{t('enable.text')}</p>,
      confirm: t('enable.do'),
    }),
    done: t('enable.done', { name }),
  })
  return [
    { label: t('revoke.do'), onSelect: () => void revoke.run() },
    status === 'active'
      ? { label: t('disable.do'), tone: 'bad', onSelect: () => void disable.run() }
      : { label: t('enable.do'), onSelect: () => void enable.run() },
  ]
}
