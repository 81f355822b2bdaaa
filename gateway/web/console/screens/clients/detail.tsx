import { Link } from 'wouter-preact'
import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Tabs } from '../../../ui/components/tabs.tsx'
import { Instant, Name, Ref } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { GrantsView } from '../access/grants-view.tsx'
import { useIsMe } from '../access/me.ts'
import { StatusTag } from '../access/status-tag.tsx'
import { ClientActions } from './actions.tsx'
import { Keys } from './keys.tsx'
import { Secrets } from './secrets.tsx'
import { TryIt } from './try-it.tsx'

export type Client = AnswerOf<'/api/v1/clients/{clientId}'>

/** One API client: what it may do, how it proves who it is, who answers for it, and how to try it. */
export const ClientDetail = ({ params }: ScreenProps) => {
  const t = useText('clients')
  const init = { params: { path: { clientId: params.clientId! } } }
  const { data: client, problem, refresh } = useGet('/api/v1/clients/{clientId}', init)
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!client) return <Loading />
  const tabs = [
    { key: 'credentials', label: t('credentials'), content: () => <Credentials client={client} /> },
    {
      key: 'grants',
      label: t('grants'),
      count: client.grants.length,
      content: () => <Grants client={client} />,
    },
    { key: 'about', label: t('about'), content: () => <About client={client} /> },
  ]
  return (
    <Page
      title={client.name}
      heading={<Name>{client.name}</Name>}
      lead={<StatusTag status={client.status} />}
      back={{ href: '/clients', label: t('title') }}
      actions={<ClientActions client={client} />}
    >
      {client.warnings.map(({ rule, detail }) => (
        <Banner key={rule} tone="warning">
          <p>{textOr('clients', `warnings.${rule}`, detail)}</p>
        </Banner>
      ))}
      <Tabs label={client.name} tabs={tabs} />
    </Page>
  )
}

const Credentials = ({ client }: { client: Client }) => (
  <div class="an-grants">
    <Secrets client={client} />
    <Keys client={client} />
    <TryIt clientId={client.clientId} />
  </div>
)

const Grants = ({ client }: { client: Client }) => {
  const t = useText('clients')
  const access = useText('access')
  const isMine = useIsMe()(client.owner ?? '')
  const mayWrite = useMay('client:write') && !isMine
  return (
    <Section
      title={access('grants.title')}
      actions={
        mayWrite && (
          <LinkButton icon="edit" href={`/clients/${client.clientId}/grants`}>
            {access('grants.change')}
          </LinkButton>
        )
      }
    >
      {isMine && <p class="an-muted">{t('notYours')}</p>}
      <GrantsView grants={client.grants} />
    </Section>
  )
}

const About = ({ client }: { client: Client }) => {
  const t = useText('clients')
  const maySeeUsers = useMay('user:read')
  const { owner } = client
  return (
    <Section title={t('about')}>
      <Summary
        rows={[
          { label: t('id'), value: <Ref>{client.clientId}</Ref> },
          {
            label: t('owner'),
            value:
              owner === null ? (
                <span class="an-muted">{t('noOwner')}</span>
              ) : maySeeUsers ? (
                <Link href={`/users/${owner}`}>{owner}</Link>
              ) : (
                owner
              ),
          },
          { label: t('createdAt'), value: <Instant iso={client.createdAt} full /> },
        ]}
      />
    </Section>
  )
}
