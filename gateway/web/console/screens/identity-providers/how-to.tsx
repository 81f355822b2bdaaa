import { Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { RedirectUri } from './redirect-uri.tsx'

/** What is to be done at the provider before it works. */
export const HowTo = ({ redirectUri }: { redirectUri: string | undefined }) => {
  const t = useText('identity-providers')
  return (
    <Section title={t('howTo.title')}>
      <ol>
        <li>{t('howTo.register')}</li>
        <li>
          {t('howTo.redirect')}
          <div>
            <RedirectUri uri={redirectUri} />
          </div>
        </li>
        <li>{t('howTo.groups')}</li>
        <li>{t('howTo.administrator')}</li>
      </ol>
    </Section>
  )
}
