import { useGet } from '../../ui/api/queries.ts'
import { Name } from '../../ui/components/text.tsx'
import { useText } from '../../ui/i18n/index.ts'

/** Longer ones are not taken as the way back. */
const MOST = 500

/** Where whoever comes back from an identity provider goes on: here, unless the address is too long to be kept. */
const here = (): string => {
  const { pathname, search, hash } = location
  const path = pathname + search + hash
  return path.length < MOST ? path : pathname
}

/**
 * The identity providers one can sign in by. With `inNewWindow` what is open here stays as it is: another window signs
 * in, and this one goes on.
 */
export const Providers = ({ inNewWindow = false }: { inNewWindow?: boolean }) => {
  const t = useText('sign-in')
  const providers = useGet('/api/v1/sign-in', {}).data?.items ?? []
  if (providers.length === 0) return null
  const way = inNewWindow ? '/console/signed-in' : here()
  return (
    <section class="an-providers" aria-label={t('otherwise')}>
      <p class="an-providers__or">{t('otherwise')}</p>
      {providers.map(({ code, name }) => (
        <a
          key={code}
          class="an-button an-button--secondary"
          href={`/api/v1/sign-in/${encodeURIComponent(code)}?return=${encodeURIComponent(way)}`}
          {...(inNewWindow ? { target: '_blank', rel: 'noopener' } : {})}
        >
          <Name>{name}</Name>
          {inNewWindow && <span class="govuk-visually-hidden">{t('newWindow')}</span>}
        </a>
      ))}
    </section>
  )
}
