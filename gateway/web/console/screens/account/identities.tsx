import { useAction } from '../../../ui/api/action.ts'
import { api } from '../../../ui/api/client.ts'
import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { Tag } from '../../../ui/components/tag.tsx'
import { Code, Instant, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { told } from './told.ts'

type Identity = AnswerOf<'/api/v1/identities'>['items'][number]

/** Who I am at identity providers, and who others say I am there. */
export const Identities = () => {
  const t = useText('account')
  const { data, problem, refresh } = useGet('/api/v1/identities', {})
  const providers = useGet('/api/v1/sign-in', {}).data?.items ?? []
  if (problem && !data) return <Failure problem={problem} retry={refresh} />
  if (!data) return <Loading />
  return (
    <Section title={t('identities.title')}>
      {data.items.length === 0 ? (
        <Empty icon="user" title={t('identities.none')}>
          {t('identities.noneText')}
        </Empty>
      ) : (
        <ul class="an-devices">
          {data.items.map(identity => (
            <IdentityLine
              key={identity.provider}
              identity={identity}
              name={providers.find(({ code }) => code === identity.provider)?.name ?? identity.provider}
            />
          ))}
        </ul>
      )}
    </Section>
  )
}

const IdentityLine = ({ identity, name }: { identity: Identity; name: string }) => {
  const t = useText('account')
  const { provider, subject, state, linkedAt } = identity
  const params = { path: { provider } }
  const confirm = useAction({
    ask: () => ({
      title: t('identities.confirmTitle', { name }),
      body: t('identities.confirmText'),
      confirm: t('identities.confirm'),
    }),
    act: () => told(api.POST('/api/v1/identities/{provider}/confirm', { params })),
    done: t('identities.confirmed'),
  })
  const decline = useAction({
    ask: () => ({
      title: t('identities.declineTitle', { name }),
      confirm: t('identities.decline'),
      kind: 'warning' as const,
    }),
    act: () => told(api.DELETE('/api/v1/identities/{provider}', { params })),
    done: t('identities.declined'),
  })
  const isPending = state === 'pending'
  return (
    <li class="an-device">
      <div class="an-device__text">
        <p class="an-device__name">
          <Name>{name}</Name>{' '}
          <Tag tone={isPending ? 'warning' : 'good'}>{t(`identities.states.${state}`)}</Tag>
        </p>
        <p class="an-muted">
          {t('identities.subject')} <Code>{subject}</Code> · {t('identities.since')}{' '}
          <Instant iso={linkedAt} full />
        </p>
        {isPending && <Banner tone="warning">{t('identities.pendingText')}</Banner>}
      </div>
      {isPending && (
        <div class="an-actions">
          <Button busy={confirm.busy} onClick={() => void confirm.run()}>
            {t('identities.confirm')}
          </Button>
          <Button kind="secondary" busy={decline.busy} onClick={() => void decline.run()}>
            {t('identities.decline')}
          </Button>
        </div>
      )}
    </li>
  )
}
