import { serverNow } from '../../../ui/api/clock.ts'
import './approvals.scss'
import { useState } from 'preact/hooks'
import { type ApiProblem, messageOf } from '../../../ui/api/problem.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Columns, Page } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Instant, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { About, Numbers, Risks } from './about.tsx'
import { type Acting, useActing } from './acting.ts'
import { CycleChange } from './change.tsx'
import { Deeds } from './deeds.tsx'
import { History } from './history.tsx'
import { Emergency } from './review.tsx'
import { Tiers } from './tiers.tsx'
import { type Approval, reasonText, StateTag } from './words.tsx'

/** What somebody may no longer read is not shown to them any longer. */
const ENDS = [403, 404]

/** One request: what it is about, who has to agree, and what whoever reads can do with it. */
export const ApprovalDetail = ({ params }: ScreenProps) => {
  const acting = useActing()
  const reference = params.reference!
  const { data, problem, refresh } = useGet('/api/v1/approvals/{reference}', {
    params: { path: { reference }, query: acting.query },
  })
  if (problem && (!data || ENDS.includes(problem.status)))
    return <Failure problem={problem} retry={refresh} />
  // While another one is on its way, the one before is still there.
  if (data?.reference !== reference) return <Loading />
  return <Request key={reference} approval={data} acting={acting} />
}

const Request = ({ approval, acting }: { approval: Approval; acting: Acting }) => {
  const t = useText('approvals')
  const [moved, setMoved] = useState<ApiProblem>()
  const [isDecided, setDecided] = useState(false)
  const readsCycles = useMay('cycle:read')
  return (
    <Page
      title={approval.title}
      heading={
        <span class="ap-tags">
          <Name>{approval.title}</Name>
          <StateTag state={approval.state} />
        </span>
      }
      back={{ href: `/approvals${acting.search}`, label: t('title') }}
      actions={
        <Deeds
          approval={approval}
          acting={acting}
          onMoved={setMoved}
          onDecided={() => {
            setMoved(undefined)
            setDecided(true)
          }}
        />
      }
    >
      {moved && (
        <Banner tone="error" title={t('moved.title')} onDismiss={() => setMoved(undefined)}>
          <p>{moved.status === 403 && !moved.rule ? t('moved.forbidden') : messageOf(moved)}</p>
          <p>{t('moved.now')}</p>
        </Banner>
      )}
      {isDecided && <Next acting={acting} />}
      {acting.behalf !== undefined && (
        <Banner tone="info">{t('acting.note', { name: acting.behalf })}</Banner>
      )}
      {!isDecided && <WhyNot approval={approval} />}
      {approval.options.includes('decide') && (
        <p class="an-muted ap-keys">
          <kbd>a</kbd> {t('verdicts.approve')} · <kbd>r</kbd> {t('verdicts.return')}
        </p>
      )}
      <Numbers approval={approval} />
      <Risks approval={approval} />
      <Columns>
        <div class="ap-stack">
          {approval.bypass && <Emergency approval={approval} bypass={approval.bypass} />}
          {approval.subjectType === 'cycle' && readsCycles && <CycleChange cycle={approval.subject} />}
          <About approval={approval} />
        </div>
        <div class="ap-stack">
          <Tiers approval={approval} />
          <History approval={approval} />
        </div>
      </Columns>
    </Page>
  )
}

/** Why whoever reads cannot decide, while somebody else can. */
const WhyNot = ({ approval }: { approval: Approval }) => {
  const t = useText('approvals')
  const mayDecide = useMay('approval:decide')
  const isFrozen = approval.reason === 'frozen'
  const freezes = useGet('/api/v1/approval-freezes', {}, { when: isFrozen }).data?.items ?? []
  if (approval.state !== 'pending' || approval.reason === null || !mayDecide) return null
  const now = serverNow()
  const until = freezes.find(
    f =>
      Date.parse(f.from) <= now &&
      Date.parse(f.until) > now &&
      (f.subjectTypes?.includes(approval.subjectType) ?? true) &&
      (f.programs?.includes(approval.program ?? '') ?? true),
  )?.until
  return (
    <Banner tone="info" title={t('notYours')}>
      <p>{reasonText(approval.reason)}</p>
      {isFrozen && until && (
        <p>
          {t('frozenUntil')} <Instant iso={until} full />
        </p>
      )}
    </Banner>
  )
}

/** After a decision: the one that waits longest of those that are left. */
const Next = ({ acting }: { acting: Acting }) => {
  const t = useText('approvals')
  const query = { ...acting.query, mine: 'decidable' as const, sort: 'requestedAt' as const, limit: 1 }
  const { data, isRefreshing } = useGet('/api/v1/approvals', { params: { query } })
  const next = data?.items[0]
  if (!data || isRefreshing) return null
  return (
    <Banner tone="success" title={t('decidedNow')}>
      {next ? (
        <div class="an-actions">
          <LinkButton kind="primary" href={`/approvals/${next.reference}${acting.search}`}>
            {t('next', { title: next.title })}
          </LinkButton>
          <LinkButton href={`/approvals${acting.search}`}>{t('toInbox')}</LinkButton>
        </div>
      ) : (
        <p>{t('nothingLeft')}</p>
      )}
    </Banner>
  )
}
