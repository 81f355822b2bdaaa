import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Menu } from '../../../ui/components/menu.tsx'
import { Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { Code, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { GrantsView } from '../access/grants-view.tsx'
import { StatusTag } from '../access/status-tag.tsx'
import { useTraces } from '../access/traces.ts'
import { HowTo } from './how-to.tsx'
import { type Provider, providerValuesOf, settingsOf } from './values.ts'

/** One identity provider: whether it is on, what its groups are granted, and how it is set up. */
export const IdentityProviderDetail = ({ params }: ScreenProps) => {
  const t = useText('identity-providers')
  const init = { params: { path: { provider: params.code! } } }
  const { data: provider, problem, refresh } = useGet('/api/v1/identity-providers/{provider}', init)
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!provider) return <Loading />
  return (
    <Page
      title={provider.name}
      heading={<Name>{provider.name}</Name>}
      lead={<StatusTag status={provider.state} />}
      back={{ href: '/identity-providers', label: t('title') }}
      actions={<ProviderActions provider={provider} />}
    >
      <Section title={t('groups')}>
        {provider.mappings.length === 0 ? (
          <Empty icon="lock" title={t('noMappings')} />
        ) : (
          <GrantsView grants={provider.mappings} />
        )}
      </Section>
      <Settings provider={provider} />
      <HowTo redirectUri={provider.redirectUri} />
    </Page>
  )
}

const Settings = ({ provider }: { provider: Provider }) => {
  const t = useText('identity-providers')
  const yesNo = (is: boolean) => t(is ? 'yes' : 'no')
  return (
    <Section title={t('connection')}>
      <Summary
        rows={[
          { label: t('code'), value: <Code>{provider.code}</Code> },
          { label: t('issuer'), value: <Code>{provider.issuer}</Code> },
          { label: t('clientId'), value: <Code>{provider.clientId}</Code> },
          { label: t('scopes'), value: <Code>{provider.scopes.join(' ')}</Code> },
          { label: t('usernameClaim'), value: <Code>{provider.usernameClaim}</Code> },
          { label: t('groupClaim'), value: <Code>{provider.groupClaim}</Code> },
          { label: t('makesAccounts'), value: yesNo(provider.makesAccounts) },
          { label: t('trustsEmail'), value: yesNo(provider.trustsEmail) },
        ]}
      />
    </Section>
  )
}

const ProviderActions = ({ provider }: { provider: Provider }) => {
  const t = useText('identity-providers')
  const access = useText('access')
  const mayWrite = useMay('identity-provider:write')
  const traces = useTraces(`identity-provider:${provider.code}`)
  return (
    <>
      {mayWrite && (
        <LinkButton icon="edit" href={`/identity-providers/${provider.code}/edit`}>
          {t('edit')}
        </LinkButton>
      )}
      {mayWrite && <Switch provider={provider} />}
      {traces.length > 0 && <Menu label={access('links.more')} items={traces} />}
    </>
  )
}

/** Switching a provider off and on, which leaves all else as it is. */
const Switch = ({ provider }: { provider: Provider }) => {
  const t = useText('identity-providers')
  const { code, name, version } = provider
  const state = provider.state === 'active' ? 'disabled' : 'active'
  const to = state === 'disabled' ? 'off' : 'on'
  const change = useAction({
    act: () =>
      dataOf(
        api.PUT('/api/v1/identity-providers/{provider}', {
          params: { path: { provider: code }, header: { 'If-Match': `"v${version}"` } },
          body: { ...settingsOf(providerValuesOf(provider)), state },
        }),
      ),
    ask: () => ({
      title: t(`switch.${to}.title`, { name }),
      body: <p>{t(`switch.${to}.text`)}</p>,
      confirm: t(`switch.${to}.do`),
      kind: state === 'disabled' ? 'warning' : 'primary',
    }),
    done: t(`switch.${to}.done`, { name }),
  })
  return (
    <Button kind="secondary" busy={change.busy} onClick={() => void change.run()}>
      {t(`switch.${to}.do`)}
    </Button>
  )
}
