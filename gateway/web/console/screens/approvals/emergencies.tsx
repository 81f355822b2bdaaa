import './approvals.scss'
import { Link } from 'wouter-preact'
import { useGet } from '../../../ui/api/queries.ts'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { DataTable } from '../../../ui/components/table.tsx'
import { type Tab, Tabs } from '../../../ui/components/tabs.tsx'
import { Tag } from '../../../ui/components/tag.tsx'
import { Instant, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { subjectName } from '../approval-words/subjects.ts'
import { FindingTag } from './review.tsx'
import { wholeList } from './whole-list.ts'

/** What was approved past what was missing: those to be reviewed, and all of them. */
export const Emergencies = () => {
  const t = useText('approvals')
  const tab = (key: 'toReview' | 'everything', open: boolean): Tab => ({
    key,
    label: t(`emergencies.${key}`),
    content: () => <EmergencyTable open={open} />,
  })
  return (
    <Page
      title={t('emergencies.title')}
      lead={t('emergencies.lead')}
      back={{ href: '/approvals', label: t('title') }}
    >
      <Tabs label={t('emergencies.title')} tabs={[tab('toReview', true), tab('everything', false)]} />
    </Page>
  )
}

const EmergencyTable = ({ open }: { open: boolean }) => {
  const t = useText('approvals')
  const reading = useGet('/api/v1/approval-bypasses', { params: { query: open ? { open } : {} } })
  return (
    <DataTable
      label={t(open ? 'emergencies.toReview' : 'emergencies.everything')}
      list={wholeList(reading)}
      rowKey={row => row.approval}
      href={row => `/approvals/${row.approval}`}
      columns={[
        { key: 'title', label: t('what'), cell: row => <Name>{row.title}</Name> },
        { key: 'subject', label: t('subject'), cell: row => subjectName(row.subjectType) },
        { key: 'by', label: t('emergencies.by'), cell: row => <Name>{row.by}</Name> },
        { key: 'at', label: t('emergencies.at'), cell: row => <Instant iso={row.at} /> },
        { key: 'reason', label: t('emergencies.reason'), cell: row => <Name>{row.reason}</Name> },
        {
          key: 'finding',
          label: t('emergencies.finding'),
          cell: row => (
            <span class="ap-tags">
              <FindingTag finding={row.finding} />
              {row.duringFreeze && <Tag tone="warning">{t('emergencies.inFreeze')}</Tag>}
            </span>
          ),
        },
      ]}
      empty={
        <Empty
          icon="done"
          title={t('emergencies.none')}
          action={open ? undefined : <Link href="/approvals">{t('title')}</Link>}
        />
      }
    />
  )
}
