import './payments.scss'
import { Link } from 'wouter-preact'
import { changed, useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Page, Section, Summary, type SummaryRow } from '../../../ui/components/page.tsx'
import { Stat, Stats } from '../../../ui/components/stat.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Code, Count, Instant, Money, Name, Ref } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { JobProgress } from '../../shell/job-progress.tsx'
import { ReviewTable } from './review-table.tsx'
import { type Report, ReportTag } from './words.tsx'

const COUNTS = ['lines', 'settled', 'accepted', 'failed', 'pending', 'unchanged', 'review'] as const
const ALWAYS: readonly string[] = ['lines', 'settled', 'failed']

/** One report: what it did, what was wrong with it, and what it left to a person. */
export const ReportDetail = ({ params }: ScreenProps) => {
  const t = useText('payments')
  const reference = params.reference!
  const { data, problem, refresh } = useGet('/api/v1/payment-reports/{reference}', {
    params: { path: { reference } },
  })
  if (problem && !data) return <Failure problem={problem} retry={refresh} />
  if (data?.reference !== reference) return <Loading />
  return (
    <Page
      title={t('report.titleOf', { reference })}
      heading={
        <span class="pay-line">
          <Ref>{reference}</Ref>
          <ReportTag state={data.state} />
        </span>
      }
      back={{ href: '/payment-reports', label: t('report.title') }}
    >
      {data.state === 'received' && <JobProgress reference={data.job} onDone={() => void changed()} />}
      {data.state === 'refused' && <Refused report={data} />}
      {data.counts && <Counts counts={data.counts} />}
      {data.batch && <BatchNow reference={data.batch} />}
      {data.counts && data.counts.review > 0 && (
        <Section plain title={t('review.title')}>
          <ReviewTable prefix="r-" query={{ report: reference }} />
        </Section>
      )}
      <About report={data} />
    </Page>
  )
}

/** What was wrong with the file: in words, and in those of the reader, who names the place in the file. */
const Refused = ({ report }: { report: Report }) => {
  const t = useText('payments')
  const mayWrite = useMay('payment:write')
  const error = report.error ?? ''
  return (
    <Banner tone="error" title={t('report.refused')}>
      <p>{textOr('payments', `report.errors.${report.errorRule}`, t('report.errors.other'))}</p>
      <p>
        <bdi dir="ltr" class="pay-said">
          {error}
        </bdi>
      </p>
      <p>{t('report.refusedHint')}</p>
      {mayWrite && (
        <div class="an-actions">
          <LinkButton icon="upload" href="/payment-reports/new">
            {t('report.uploadOther')}
          </LinkButton>
        </div>
      )}
    </Banner>
  )
}

const Counts = ({ counts }: { counts: NonNullable<Report['counts']> }) => {
  const t = useText('payments')
  return (
    <Stats label={t('report.result')}>
      {COUNTS.filter(name => counts[name] > 0 || ALWAYS.includes(name)).map(name => (
        <Stat
          key={name}
          label={t(`report.counts.${name}`)}
          value={<Count n={counts[name]} />}
          hint={t(`report.means.${name}`)}
        />
      ))}
    </Stats>
  )
}

/** Where the batch stands now, in amounts: by this report and those after it. */
const BatchNow = ({ reference }: { reference: string }) => {
  const t = useText('payments')
  const { data } = useGet('/api/v1/payment-batches/{reference}', { params: { path: { reference } } })
  const failed = data?.outcomes.some(({ state }) => state === 'failed') ?? false
  return (
    <Section
      title={t('report.batchNow')}
      actions={
        failed && (
          <LinkButton kind="primary" href={`/payment-batches/${reference}?tab=failures`}>
            {t('toFailures')}
          </LinkButton>
        )
      }
    >
      <Summary
        rows={[
          {
            label: t('batch'),
            value: (
              <Link href={`/payment-batches/${reference}`}>
                <Ref copy={false}>{reference}</Ref>
              </Link>
            ),
          },
          ...(data?.outcomes ?? []).map(({ state, payments, total }) => ({
            label: t(`paymentStates.${state}`),
            value: (
              <>
                <Money amount={total} currency={data!.currency} />
                {' · '}
                {t('paymentCount', { count: payments })}
              </>
            ),
          })),
        ]}
      />
    </Section>
  )
}

const About = ({ report }: { report: Report }) => {
  const t = useText('payments')
  const rows: (SummaryRow | false)[] = [
    report.providerId !== null && { label: t('report.providerId'), value: <Ref>{report.providerId}</Ref> },
    { label: t('report.receivedBy'), value: <Name>{report.receivedBy}</Name> },
    { label: t('report.receivedAt'), value: <Instant iso={report.receivedAt} full /> },
    report.finishedAt !== null && {
      label: t('report.finishedAt'),
      value: <Instant iso={report.finishedAt} full />,
    },
    { label: t('digest'), value: <Code>{report.sha256}</Code> },
  ]
  return (
    <Section title={t('about')}>
      <Summary rows={rows.filter(row => row !== false)} />
    </Section>
  )
}
