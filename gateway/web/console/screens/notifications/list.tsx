import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'

/** Everything that one was told, newest first. */
export const NotificationList = () => {
  const t = useText('notifications')
  return <Page title={t('title')}>{null}</Page>
}
