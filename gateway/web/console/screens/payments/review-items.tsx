import { Page } from '../../../ui/components/page.tsx'
import { Tabs } from '../../../ui/components/tabs.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { ReviewTable } from './review-table.tsx'

/** What reports left to a person to judge: what is open first. */
export const ReviewItemList = () => {
  const t = useText('payments')
  return (
    <Page title={t('review.title')} lead={t('review.lead')}>
      <Tabs
        label={t('review.title')}
        tabs={[
          {
            key: 'open',
            label: t('review.open'),
            content: () => <ReviewTable prefix="o-" query={{ open: true }} />,
          },
          {
            key: 'resolved',
            label: t('review.resolved'),
            content: () => <ReviewTable prefix="d-" query={{ open: false }} />,
          },
        ]}
      />
    </Page>
  )
}
