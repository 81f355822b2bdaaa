import { type RowOf, useList } from '../../../ui/api/list.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Filters } from '../../../ui/components/filters.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Instant, Name } from '../../../ui/components/text.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { useRoles } from '../access/names.ts'
import { StatusTag } from '../access/status-tag.tsx'
import { Expiry, lastEnd } from './expiry.tsx'

type Client = RowOf<'/api/v1/clients'>

const DAYS = [7, 30, 90]

/** The columns of the list. */
const useClientColumns = (): Column<Client>[] => {
  const t = useText('clients')
  const access = useText('access')
  const format = useFormat()
  const roles = useRoles()
  return [
    { key: 'name', label: t('name'), cell: client => <Name>{client.name}</Name>, sort: 'name' },
    { key: 'clientId', label: t('id'), cell: client => <Code>{client.clientId}</Code>, sort: 'clientId' },
    {
      key: 'roles',
      label: access('grants.title'),
      cell: client => (
        <Name>{format.list([...new Set(client.grants.map(({ role }) => roles.name(role)))])}</Name>
      ),
    },
    { key: 'owner', label: t('owner'), cell: client => client.owner && <Code>{client.owner}</Code> },
    { key: 'ends', label: t('secret.ends'), cell: client => <Expiry at={lastEnd(client)} /> },
    { key: 'status', label: t('status'), cell: client => <StatusTag status={client.status} /> },
    {
      key: 'createdAt',
      label: t('createdAt'),
      cell: client => <Instant iso={client.createdAt} />,
      sort: 'createdAt',
      hidden: true,
    },
  ]
}

/** Other systems that use the API: what they may do, who answers for them, and whose secret ends soon. */
export const ClientList = () => {
  const t = useText('clients')
  const access = useText('access')
  const mayWrite = useMay('client:write')
  const columns = useClientColumns()
  const list = useList('/api/v1/clients', { filters: ['q', 'status', 'expiringDays'] })
  const statuses = (['active', 'disabled'] as const).map(value => ({
    value,
    label: access(`states.${value}`),
  }))
  const expiring = DAYS.map(days => ({ value: `${days}`, label: t('expiringIn', { count: days }) }))
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        mayWrite && (
          <LinkButton kind="primary" icon="add" href="/clients/new">
            {t('add')}
          </LinkButton>
        )
      }
    >
      <Filters
        list={list}
        fields={[
          { kind: 'text', name: 'q', label: t('search') },
          { kind: 'select', name: 'status', label: t('status'), options: statuses },
          { kind: 'select', name: 'expiringDays', label: t('secret.ends'), options: expiring },
        ]}
      />
      <DataTable
        label={t('title')}
        columns={columns}
        list={list}
        rowKey={client => client.clientId}
        href={client => `/clients/${client.clientId}`}
        empty={<Empty title={t('none')}>{t('noneHint')}</Empty>}
      />
    </Page>
  )
}
