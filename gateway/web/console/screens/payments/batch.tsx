import './payments.scss'
import { Link } from 'wouter-preact'
import { changed, useGet } from '../../../ui/api/queries.ts'
import { Page } from '../../../ui/components/page.tsx'
import { Stat, Stats } from '../../../ui/components/stat.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Tabs } from '../../../ui/components/tabs.tsx'
import { Count, Money, Name, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { ScreenProps } from '../../routing.ts'
import { JobProgress } from '../../shell/job-progress.tsx'
import { Later } from '../../shell/later.tsx'
import { placeOf } from '../../shell/places.ts'
import { CancelBatch } from './batch-cancel.tsx'
import { NextAction } from './batch-next.tsx'
import { BatchSteps } from './batch-steps.tsx'
import { type Batch, BatchTag } from './words.tsx'

// Whoever comes for the next step needs none of these at once.
const payments = () => import('./payment-table.tsx').then(m => m.PaymentTable)
const failures = () => import('./failures.tsx').then(m => m.Failures)
const exceptions = () => import('./exceptions.tsx').then(m => m.Exceptions)
const about = () => import('./batch-about.tsx').then(m => m.BatchAbout)

/** While the bank's answer or a job is awaited, others move the batch on. */
const EVERY_MS = 15_000
const ENDS = [403, 404]

/** One batch: whom it pays and how much, where it stands, and the one thing that comes next. */
export const BatchDetail = ({ params }: ScreenProps) => {
  const reference = params.reference!
  const { data, problem, refresh } = useGet(
    '/api/v1/payment-batches/{reference}',
    { params: { path: { reference } } },
    { every: batch => (batch && ['reconciled', 'cancelled'].includes(batch.state) ? false : EVERY_MS) },
  )
  if (problem && (!data || ENDS.includes(problem.status)))
    return <Failure problem={problem} retry={refresh} />
  if (data?.reference !== reference) return <Loading />
  return <Shown key={reference} batch={data} />
}

const Shown = ({ batch }: { batch: Batch }) => {
  const t = useText('payments')
  const isWorking = batch.job !== null && (!batch.isFilled || batch.state === 'sending')
  return (
    <Page
      title={t('batchTitle', { reference: batch.reference })}
      heading={
        <span class="pay-line">
          <Ref>{batch.reference}</Ref>
          <BatchTag state={batch.state} />
        </span>
      }
      lead={<WhatFor batch={batch} />}
      back={{ href: '/payment-batches', label: t('batches') }}
      actions={<CancelBatch batch={batch} />}
    >
      <Numbers batch={batch} />
      <BatchSteps batch={batch} />
      {isWorking && <JobProgress reference={batch.job!} onDone={() => void changed()} />}
      <NextAction batch={batch} />
      <Parts batch={batch} />
    </Page>
  )
}

const WhatFor = ({ batch }: { batch: Batch }) => {
  const cycle = placeOf('cycle', batch.cycle)
  const program = placeOf('program', batch.program)
  return (
    <>
      {program ? (
        <Link href={program}>
          <Name>{batch.programName}</Name>
        </Link>
      ) : (
        <Name>{batch.programName}</Name>
      )}
      {' · '}
      {cycle ? (
        <Link href={cycle}>
          <Name>{batch.cycleName}</Name>
        </Link>
      ) : (
        <Name>{batch.cycleName}</Name>
      )}
    </>
  )
}

/** What it comes to, and what of that has become of it. */
const Numbers = ({ batch }: { batch: Batch }) => {
  const t = useText('payments')
  const { currency, outcomes, exceptions } = batch
  const isOut = batch.state === 'sent' || batch.state === 'reconciled'
  return (
    <Stats label={t('numbers')}>
      <Stat
        label={t('total')}
        value={<Money amount={batch.total} currency={currency} />}
        hint={t('paymentCount', { count: batch.payments })}
      />
      {isOut &&
        outcomes.map(({ state, payments, total }) => (
          <Stat
            key={state}
            label={t(`paymentStates.${state}`)}
            value={<Money amount={total} currency={currency} />}
            hint={t('paymentCount', { count: payments })}
            href={`/payment-batches/${batch.reference}?tab=payments&p-state=${state}`}
          />
        ))}
      {exceptions > 0 && (
        <Stat
          label={t('leftOut')}
          value={<Count n={exceptions} />}
          hint={t('leftOutHint')}
          href={`/payment-batches/${batch.reference}?tab=exceptions`}
        />
      )}
    </Stats>
  )
}

const Parts = ({ batch }: { batch: Batch }) => {
  const t = useText('payments')
  const failed = batch.outcomes
    .filter(({ state }) => state === 'failed' || state === 'returned')
    .reduce((sum, { payments }) => sum + payments, 0)
  const tabs = [
    {
      key: 'payments',
      label: t('payments'),
      count: batch.payments,
      content: () => <Later load={payments} props={{ batch }} />,
    },
    ...(failed > 0
      ? [
          {
            key: 'failures',
            label: t('failures'),
            count: failed,
            content: () => <Later load={failures} props={{ batch }} />,
          },
        ]
      : []),
    ...(batch.exceptions > 0
      ? [
          {
            key: 'exceptions',
            label: t('leftOut'),
            count: batch.exceptions,
            content: () => <Later load={exceptions} props={{ batch }} />,
          },
        ]
      : []),
    { key: 'about', label: t('about'), content: () => <Later load={about} props={{ batch }} /> },
  ]
  return <Tabs label={t('parts')} tabs={tabs} />
}
