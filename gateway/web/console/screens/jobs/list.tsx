import { Link } from 'wouter-preact'
import { type RowOf, useList } from '../../../ui/api/list.ts'
import { Filters } from '../../../ui/components/filters.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Instant, Name, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { JobTag } from '../../shell/job-view.tsx'
import { kindOf } from '../../shell/jobs.ts'
import { ThingLink } from '../../shell/thing-link.tsx'
import { Share } from './share.tsx'

type Job = RowOf<'/api/v1/jobs'>

const STATES = ['waiting', 'running', 'succeeded', 'failed', 'cancelled'] as const

/** The jobs within reach: one's own and, as far as one may see them, those of others. */
export const JobList = () => {
  const t = useText('jobs')
  const list = useList('/api/v1/jobs', { filters: ['mine', 'state'], every: 10_000 })
  const columns: Column<Job>[] = [
    { key: 'kind', label: t('kind'), cell: job => kindOf(job.kind), sort: 'kind' },
    {
      key: 'subject',
      label: t('subject'),
      cell: ({ subject }) => subject && <ThingLink kind={subject.type} reference={subject.reference} />,
    },
    { key: 'state', label: t('state'), cell: job => <JobTag job={job} />, sort: 'state' },
    { key: 'progress', label: t('progress'), cell: job => <Share job={job} /> },
    { key: 'createdBy', label: t('createdBy'), cell: job => <Name>{job.createdBy}</Name> },
    {
      key: 'createdAt',
      label: t('createdAt'),
      cell: job => <Instant iso={job.createdAt} />,
      sort: 'createdAt',
    },
    {
      key: 'finishedAt',
      label: t('finishedAt'),
      cell: job => job.finishedAt && <Instant iso={job.finishedAt} />,
      sort: 'finishedAt',
      hidden: true,
    },
    {
      key: 'reference',
      label: t('reference'),
      cell: job => (
        <Link href={`/jobs/${job.reference}`}>
          <Ref copy={false}>{job.reference}</Ref>
        </Link>
      ),
      hidden: true,
    },
  ]
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Filters
        list={list}
        fields={[
          {
            kind: 'select',
            name: 'mine',
            label: t('whose'),
            options: [{ value: 'true', label: t('mine') }],
          },
          {
            kind: 'select',
            name: 'state',
            label: t('state'),
            options: STATES.map(state => ({ value: state, label: t(`states.${state}`) })),
          },
        ]}
      />
      <DataTable
        label={t('title')}
        columns={columns}
        list={list}
        rowKey={job => job.reference}
        href={job => `/jobs/${job.reference}`}
        empty={<Empty title={t('none')}>{t('noneHint')}</Empty>}
      />
    </Page>
  )
}
