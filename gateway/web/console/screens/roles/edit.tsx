import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { Form } from '../../../ui/components/form.tsx'
import { Icon } from '../../../ui/components/icon.tsx'
import { Page, Section } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { Meanwhile, useEditing } from '../../editing.tsx'
import type { ScreenProps } from '../../routing.ts'
import { FIELDS, givenBy } from '../access/difference.ts'
import type { Role } from '../access/names.ts'
import { PermissionCount } from '../access/permission-list.tsx'
import { RoleFields, type RoleValues, roleOf, roleValuesOf } from './fields.tsx'

/** Changing a role, for everybody who holds it. */
export const EditRole = ({ params }: ScreenProps) => {
  const init = { params: { path: { code: params.code! } } }
  const { data: role, problem, refresh } = useGet('/api/v1/roles/{code}', init)
  if (problem) return <Failure problem={problem} retry={refresh} />
  return role ? <RoleForm role={role} /> : <Loading />
}

const LABELS = {
  name: 'name',
  description: 'description',
  permissions: 'lets',
  masks: 'inPart',
} as const

const RoleForm = ({ role }: { role: Role }) => {
  const t = useText('roles')
  const [, go] = useLocation()
  const here = `/roles/${role.code}`
  const editing = useEditing<Role, RoleValues>({
    thing: role,
    valuesOf: roleValuesOf,
    save: (values, ifMatch) =>
      dataOf(
        api.PUT('/api/v1/roles/{code}', {
          params: { path: { code: role.code }, header: { 'If-Match': ifMatch } },
          body: roleOf(values),
        }),
      ),
    onDone: () => {
      toast('success', t('saved'))
      go(here)
    },
    draft: `roles/${role.code}`,
  })
  return (
    <Page title={t('editTitle', { name: role.name })} back={{ href: here, label: role.name }}>
      <Meanwhile editing={editing} label={field => t(LABELS[field as keyof typeof LABELS])} />
      <Form form={editing.form} cancel={here}>
        <RoleFields form={editing.form} />
        <Section title={t('preview', { count: role.holders })}>
          <Changes before={givenBy(role, FIELDS)} after={givenBy(editing.form.values, FIELDS)} />
        </Section>
      </Form>
    </Page>
  )
}

/** What those who hold it gain and lose. */
const Changes = ({ before, after }: { before: readonly string[]; after: readonly string[] }) => {
  const t = useText('roles')
  const access = useText('access')
  const gained = after.filter(code => !before.includes(code))
  const lost = before.filter(code => !after.includes(code))
  if (gained.length === 0 && lost.length === 0) return <p class="an-muted">{access('grants.nothing')}</p>
  return (
    <ul class="an-changes">
      {lost.length > 0 && (
        <li class="an-changes__item--loss">
          <span class="an-changes__what">
            <Icon name="minus" />
            {t('lose')}
          </span>
          <PermissionCount permissions={lost} />
        </li>
      )}
      {gained.length > 0 && (
        <li class="an-changes__item--gain">
          <span class="an-changes__what">
            <Icon name="add" />
            {t('gain')}
          </span>
          <PermissionCount permissions={gained} />
        </li>
      )}
    </ul>
  )
}
