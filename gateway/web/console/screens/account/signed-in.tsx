import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'

/** Where a window ends in which somebody signed in for another one, which goes on by itself. */
export const SignedIn = () => {
  const t = useText('account')
  return (
    <Page title={t('signedIn.title')}>
      <p>{t('signedIn.text')}</p>
    </Page>
  )
}
