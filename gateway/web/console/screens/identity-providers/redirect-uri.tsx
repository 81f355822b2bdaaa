import { useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'

/** Where a provider is to send people back to; undefined as long as the installation has no public address. */
export const useRedirectUri = (code: string): string | undefined => {
  const { data } = useGet('/.well-known/oauth-authorization-server', {})
  return data && `${data.issuer}/api/v1/sign-in/${code || '…'}/callback`
}

/** The redirect URI to be copied to the provider, or why there is none. */
export const RedirectUri = ({ uri }: { uri: string | undefined }) => {
  const t = useText('identity-providers')
  return uri === undefined ? (
    <Banner tone="warning">
      <p>{t('noIssuer')}</p>
    </Banner>
  ) : (
    <Ref>{uri}</Ref>
  )
}
