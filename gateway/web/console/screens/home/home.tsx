import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'

/** Where a day begins. */
export const Home = () => {
  const t = useText('home')
  return <Page title={t('title')}>{null}</Page>
}
