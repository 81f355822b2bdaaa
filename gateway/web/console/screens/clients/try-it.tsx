import { Section } from '../../../ui/components/page.tsx'
import { CopyButton } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import '../access/access.scss'

const tokenBy = (origin: string, clientId: string): string =>
  [
    'read -rs SECRET   # type or paste the secret: it is not shown',
    `TOKEN=$(curl -s ${origin}/oauth2/token \\`,
    '  -d grant_type=client_credentials \\',
    `  -d client_id=${clientId} --data-urlencode client_secret="$SECRET" \\`,
    `  | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `curl -s -H "Authorization: Bearer $TOKEN" ${origin}/api/v1/sessions/current`,
  ].join('\n')

/** What to type to see whether a client works: the secret stays out of it, and of the history of the shell. */
export const TryIt = ({ clientId }: { clientId: string }) => {
  const t = useText('clients')
  const snippet = tokenBy(location.origin, clientId)
  return (
    <Section title={t('try.title')} actions={<CopyButton text={snippet} label={t('try.copy')} />}>
      <p class="an-muted">{t('try.text')}</p>
      <pre class="an-snippet" dir="ltr">
        {snippet}
      </pre>
    </Section>
  )
}
