import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { Button } from '../../../ui/components/button.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Tag } from '../../../ui/components/tag.tsx'
import { Instant, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { deviceOf } from './device.ts'

type SignIn = AnswerOf<'/api/v1/sessions'>['items'][number]

/** Where I am signed in, and the way to end it. */
export const SignIns = () => {
  const t = useText('account')
  const { data, problem, refresh } = useGet('/api/v1/sessions', {})
  const endOthers = useAction({
    ask: () => ({
      title: t('signIns.endOthersTitle'),
      body: t('signIns.endText'),
      confirm: t('signIns.endOthers'),
    }),
    act: () => dataOf(api.POST('/api/v1/sessions/end-others', {})),
    done: ({ ended }) => t('signIns.endedOthers', { count: ended }),
  })
  if (problem && !data) return <Failure problem={problem} retry={refresh} />
  if (!data) return <Loading />
  const hasOthers = data.items.some(item => !item.current)
  return (
    <Section
      title={t('signIns.title')}
      actions={
        hasOthers && (
          <Button kind="secondary" busy={endOthers.busy} onClick={() => void endOthers.run()}>
            {t('signIns.endOthers')}
          </Button>
        )
      }
    >
      <p class="an-note an-muted">{t('signIns.text')}</p>
      <ul class="an-devices">
        {data.items.map(item => (
          <Device key={item.reference} signIn={item} />
        ))}
      </ul>
    </Section>
  )
}

const Device = ({ signIn }: { signIn: SignIn }) => {
  const t = useText('account')
  const { reference, userAgent, how, address, secondFactor, current, createdAt, lastSeenAt, expiresAt } =
    signIn
  const { browser, system } = deviceOf(userAgent ?? '')
  const name =
    browser && system ? t('signIns.device', { browser, system }) : browser || system || t('signIns.unknown')
  const end = useAction({
    ask: () => ({ title: t('signIns.endTitle'), body: t('signIns.endText'), confirm: t('signIns.end') }),
    act: () => api.DELETE('/api/v1/sessions/{reference}', { params: { path: { reference } } }),
    done: t('signIns.ended'),
  })
  const by =
    how === 'password'
      ? t('signIns.byPassword')
      : t('signIns.byProvider', { name: how.replace(/^oidc:/, '') })
  return (
    <li class="an-device">
      <div class="an-device__text">
        <p class="an-device__name">
          <Name>{name}</Name> {current && <Tag tone="good">{t('signIns.current')}</Tag>}
        </p>
        <p class="an-muted">
          {by}
          {secondFactor && ` · ${t('signIns.withFactor')}`}
          {address && (
            <>
              {' · '}
              <bdi dir="ltr">{address}</bdi>
            </>
          )}
        </p>
        <p class="an-muted">
          {t('signIns.used')} <Instant iso={lastSeenAt} /> · {t('signIns.since')}{' '}
          <Instant iso={createdAt} full /> · {t('signIns.until')} <Instant iso={expiresAt} full />
        </p>
      </div>
      {!current && (
        <Button
          kind="secondary"
          busy={end.busy}
          onClick={() => void end.run()}
          aria-label={`${t('signIns.end')}: ${name}`}
        >
          {t('signIns.end')}
        </Button>
      )}
    </li>
  )
}
