import { Link } from 'wouter-preact'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Page, Section } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import '../access/access.scss'
import { type Role, roleDescription, roleName } from '../access/names.ts'

/** All roles: those that the product comes with, and those that were made here. */
export const RoleList = () => {
  const t = useText('roles')
  const mayWrite = useMay('role:write')
  const { data, problem, refresh } = useGet('/api/v1/roles', {})
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!data) return <Loading />
  const own = data.items.filter(role => !role.predefined)
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        mayWrite && (
          <LinkButton kind="primary" icon="add" href="/roles/new">
            {t('add')}
          </LinkButton>
        )
      }
    >
      <Section title={t('own')}>
        {own.length === 0 ? <Empty title={t('noOwn')}>{t('noOwnHint')}</Empty> : <List roles={own} />}
      </Section>
      <Section title={t('predefined')}>
        <p class="an-muted">{t('predefinedHint')}</p>
        <List roles={data.items.filter(role => role.predefined)} />
      </Section>
    </Page>
  )
}

const List = ({ roles }: { roles: readonly Role[] }) => {
  const t = useText('roles')
  return (
    <ul class="an-held">
      {roles.map(role => (
        <li class="an-held__item" key={role.code}>
          <div class="an-grant__head">
            <Link class="an-held__role" href={`/roles/${role.code}`}>
              <Name>{roleName(role)}</Name>
            </Link>
            <span class="an-muted">
              {t('permissions', { count: role.permissions.length })} · {t('holders', { count: role.holders })}
            </span>
          </div>
          <span class="an-held__where">
            <bdi>{roleDescription(role)}</bdi>
          </span>
        </li>
      ))}
    </ul>
  )
}
