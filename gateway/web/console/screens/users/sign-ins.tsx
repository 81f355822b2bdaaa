import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { Button } from '../../../ui/components/button.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { Tag } from '../../../ui/components/tag.tsx'
import { Instant, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import '../access/access.scss'

type Session = AnswerOf<'/api/v1/users/{username}/sessions'>['items'][number]

/** Where somebody is signed in now. */
export const SignIns = ({ username }: { username: string }) => {
  const t = useText('users')
  const mayWrite = useMay('user:write')
  const init = { params: { path: { username } } }
  const { data, problem, refresh } = useGet('/api/v1/users/{username}/sessions', init)
  const endAll = useAction({
    act: () => dataOf(api.DELETE('/api/v1/users/{username}/sessions', init)),
    ask: () => ({
      title: t('signIns.endAllTitle'),
      body: <p>{t('signIns.endAllText')}</p>,
      confirm: t('signIns.endAll'),
      kind: 'warning',
    }),
    done: ({ ended }) => t('signIns.ended', { count: ended }),
  })
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!data) return <Loading />
  if (data.items.length === 0) return <Empty icon="lock" title={t('signIns.none')} />
  return (
    <Section
      title={t('signIns.title')}
      actions={
        mayWrite && (
          <Button kind="secondary" busy={endAll.busy} onClick={() => void endAll.run()}>
            {t('signIns.endAll')}
          </Button>
        )
      }
    >
      <ul class="an-held">
        {data.items.map(session => (
          <SignIn key={session.reference} session={session} username={username} mayEnd={mayWrite} />
        ))}
      </ul>
    </Section>
  )
}

type SignInProps = { session: Session; username: string; mayEnd: boolean }

const SignIn = ({ session, username, mayEnd }: SignInProps) => {
  const t = useText('users')
  const path = { username, reference: session.reference }
  const end = useAction({
    act: () => api.DELETE('/api/v1/users/{username}/sessions/{reference}', { params: { path } }),
    done: t('signIns.ended', { count: 1 }),
  })
  const how =
    session.how === 'password'
      ? t('signIns.password')
      : t('signIns.provider', { provider: session.how.replace(/^oidc:/, '') })
  return (
    <li class="an-held__item">
      <div class="an-grant__head">
        <span class="an-held__role">{how}</span>
        {mayEnd && (
          <Button kind="quiet" busy={end.busy} onClick={() => void end.run()}>
            {t('signIns.end')}
          </Button>
        )}
      </div>
      <span>
        <Tag tone={session.secondFactor ? 'good' : 'neutral'}>
          {t(session.secondFactor ? 'signIns.factor' : 'signIns.noFactor')}
        </Tag>{' '}
        {session.current && <Tag tone="info">{t('signIns.current')}</Tag>}
      </span>
      <span class="an-held__where">
        {t('signIns.lastSeen')} <Instant iso={session.lastSeenAt} /> · {t('signIns.since')}{' '}
        <Instant iso={session.createdAt} />
      </span>
      <span class="an-held__where">
        {session.address && <bdi dir="ltr">{session.address}</bdi>}
        {session.address && session.userAgent && ' · '}
        {session.userAgent && <Name>{session.userAgent}</Name>}
      </span>
    </li>
  )
}
