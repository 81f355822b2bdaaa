import './approvals.scss'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { type Tab, Tabs } from '../../../ui/components/tabs.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { useAbsent, useActing } from './acting.ts'
import { ActingChoice } from './acting-choice.tsx'
import { Requests, type View } from './requests.tsx'

/** What waits for whoever reads, first; and what else there is about approvals. */
export const ApprovalInbox = () => {
  const t = useText('approvals')
  const acting = useActing()
  const absent = useAbsent()
  const mayDecide = useMay('approval:decide')
  const counts = useGet('/api/v1/approval-counts', { params: { query: acting.query } }).data
  const tab = (view: View, count?: number): Tab => ({
    key: view,
    label: t(`views.${view}`),
    count,
    content: () => <Requests view={view} acting={acting} />,
  })
  return (
    <Page
      title={t('title')}
      lead={counts && counts.overdue > 0 ? t('leadOverdue', { count: counts.overdue }) : t('lead')}
      actions={
        <>
          <LinkButton href="/delegations">{t('delegations')}</LinkButton>
          <LinkButton href="/freezes">{t('freezes')}</LinkButton>
          <LinkButton href="/approvals/emergencies">{t('emergencies.title')}</LinkButton>
        </>
      }
    >
      {absent.length > 0 && <ActingChoice acting={acting} absent={absent} />}
      <Tabs
        label={t('views.label')}
        tabs={[
          ...(mayDecide ? [tab('decidable', counts?.decidable)] : []),
          tab('informed', counts?.informed),
          tab('submitted'),
          ...(mayDecide ? [tab('decided')] : []),
          tab('all'),
        ]}
      />
    </Page>
  )
}
