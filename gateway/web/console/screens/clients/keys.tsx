import { LinkButton } from '../../../ui/components/button.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Code, Day, Instant } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import '../access/access.scss'
import type { Client } from './detail.tsx'

/** The public keys that a client signs its assertions with. */
export const Keys = ({ client }: { client: Client }) => {
  const t = useText('clients')
  const mayWrite = useMay('client:write')
  return (
    <Section
      title={t('keys.title')}
      actions={
        mayWrite && (
          <LinkButton icon="edit" href={`/clients/${client.clientId}/keys`}>
            {t('keys.change')}
          </LinkButton>
        )
      }
    >
      {client.keys.length === 0 ? (
        <p class="an-muted">{t('keys.none')}</p>
      ) : (
        <ul class="an-held">
          {client.keys.map(key => (
            <li class="an-held__item" key={key.kid}>
              <span class="an-held__role">
                <Code>{key.kid}</Code>
              </span>
              <span class="an-held__where">
                {key.alg} · {t('createdAt')}: <Instant iso={key.createdAt} /> · {t('lastUsed')}:{' '}
                {key.lastUsed ? <Day iso={key.lastUsed} /> : t('never')}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
