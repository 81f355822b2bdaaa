import { Link, useLocation } from 'wouter-preact'
import { useAction } from '../../../ui/api/action.ts'
import { api } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Menu } from '../../../ui/components/menu.tsx'
import { Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Tag } from '../../../ui/components/tag.tsx'
import { Code, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { maskName, type Role, roleDescription, roleName } from '../access/names.ts'
import { PermissionList } from '../access/permission-list.tsx'
import { useTraces } from '../access/traces.ts'

/** One role: what it lets people do, what it shows them only in part, and who holds it. */
export const RoleDetail = ({ params }: ScreenProps) => {
  const t = useText('roles')
  const init = { params: { path: { code: params.code! } } }
  const { data: role, problem, refresh } = useGet('/api/v1/roles/{code}', init)
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!role) return <Loading />
  return (
    <Page
      title={roleName(role)}
      heading={<Name>{roleName(role)}</Name>}
      lead={<bdi>{roleDescription(role)}</bdi>}
      back={{ href: '/roles', label: t('title') }}
      actions={<RoleActions role={role} />}
    >
      <Section title={t('lets')}>
        <PermissionList permissions={role.permissions} />
      </Section>
      <Section title={t('inPart')}>
        {role.masks.length === 0 ? (
          <p class="an-muted">{t('allInFull')}</p>
        ) : (
          <ul>
            {role.masks.map(mask => (
              <li key={mask}>{maskName(mask)}</li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t('about')}>
        <About role={role} />
      </Section>
    </Page>
  )
}

const About = ({ role }: { role: Role }) => {
  const t = useText('roles')
  const maySeeUsers = useMay('user:read')
  const holders = t('holders', { count: role.holders })
  return (
    <Summary
      rows={[
        { label: t('code'), value: <Code>{role.code}</Code> },
        {
          label: t('kind'),
          value: <Tag tone="neutral">{t(role.predefined ? 'kinds.predefined' : 'kinds.own')}</Tag>,
        },
        {
          label: t('heldBy'),
          value:
            maySeeUsers && role.holders > 0 ? (
              <Link href={`/users?role=${encodeURIComponent(role.code)}`}>{holders}</Link>
            ) : (
              holders
            ),
        },
      ]}
    />
  )
}

const RoleActions = ({ role }: { role: Role }) => {
  const t = useText('roles')
  const access = useText('access')
  const mayWrite = useMay('role:write')
  const traces = useTraces(`role:${role.code}`)
  return (
    <>
      {mayWrite && !role.predefined && (
        <LinkButton icon="edit" href={`/roles/${role.code}/edit`}>
          {t('edit')}
        </LinkButton>
      )}
      {mayWrite && (
        <LinkButton icon="copy" href={`/roles/new?from=${encodeURIComponent(role.code)}`}>
          {t('copy')}
        </LinkButton>
      )}
      {mayWrite && !role.predefined && <Delete role={role} />}
      {!role.predefined && traces.length > 0 && <Menu label={access('links.more')} items={traces} />}
    </>
  )
}

const Delete = ({ role }: { role: Role }) => {
  const t = useText('roles')
  const [, go] = useLocation()
  const remove = useAction({
    act: () =>
      api.DELETE('/api/v1/roles/{code}', {
        params: { path: { code: role.code }, header: { 'If-Match': `"v${role.version}"` } },
      }),
    ask: () => ({
      title: t('remove.title', { name: role.name }),
      body: <p>{role.holders > 0 ? t('remove.held', { count: role.holders }) : t('remove.text')}</p>,
      confirm: t('remove.do'),
      kind: 'warning',
    }),
    done: t('remove.done', { name: role.name }),
    onDone: () => go('/roles'),
  })
  return (
    <Button kind="secondary" busy={remove.busy} onClick={() => void remove.run()}>
      {t('remove.do')}
    </Button>
  )
}
