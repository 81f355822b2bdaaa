import { type RowOf, useList } from '../../../ui/api/list.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Filters } from '../../../ui/components/filters.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Name } from '../../../ui/components/text.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { roleName, useRoles } from '../access/names.ts'
import { StatusTag } from '../access/status-tag.tsx'

type User = RowOf<'/api/v1/users'>

/** Everybody who signs in: who they are, what they are granted, whether they still may come in. */
export const UserList = () => {
  const t = useText('users')
  const access = useText('access')
  const format = useFormat()
  const mayWrite = useMay('user:write')
  const roles = useRoles()
  const list = useList('/api/v1/users', { filters: ['q', 'status', 'role'] })
  const columns: Column<User>[] = [
    { key: 'name', label: t('name'), cell: user => <Name>{user.name}</Name>, sort: 'name' },
    { key: 'username', label: t('username'), cell: user => <Code>{user.username}</Code>, sort: 'username' },
    { key: 'email', label: t('email'), cell: user => user.email && <Name>{user.email}</Name> },
    {
      key: 'roles',
      label: access('grants.title'),
      cell: user =>
        user.roles.length > 0 ? (
          <Name>{format.list(user.roles.map(roles.name))}</Name>
        ) : (
          <span class="an-muted">{access('grants.none')}</span>
        ),
    },
    { key: 'status', label: t('status'), cell: user => <StatusTag status={user.status} /> },
  ]
  const statuses = (['active', 'disabled'] as const).map(value => ({
    value,
    label: access(`states.${value}`),
  }))
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        mayWrite && (
          <LinkButton kind="primary" icon="add" href="/users/new">
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
          {
            kind: 'select',
            name: 'role',
            label: access('grants.role'),
            options: roles.all.map(role => ({ value: role.code, label: roleName(role) })),
          },
        ]}
      />
      <DataTable
        label={t('title')}
        columns={columns}
        list={list}
        rowKey={user => user.username}
        href={user => `/users/${user.username}`}
        empty={
          <Empty icon="user" title={t('none')}>
            {t('noneHint')}
          </Empty>
        }
      />
    </Page>
  )
}
