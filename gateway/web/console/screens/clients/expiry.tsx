import { serverNow } from '../../../ui/api/clock.ts'
import type { components } from '../../../ui/api/schema.generated.ts'
import { Tag } from '../../../ui/components/tag.tsx'
import { Instant } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'

type Client = components['schemas']['Client']

const SOON_MS = 30 * 86_400_000

/** When the last of a client's secrets ends; undefined without secrets, null when one never does. */
export const lastEnd = ({ secrets }: Pick<Client, 'secrets'>): string | null | undefined => {
  if (secrets.length === 0) return undefined
  const ends = secrets.map(({ expiresAt }) => expiresAt)
  return ends.includes(null) ? null : ends.sort((a, b) => Date.parse(a!) - Date.parse(b!)).at(-1)
}

/** When something ends: soon is a warning. */
export const Expiry = ({ at }: { at: string | null | undefined }) => {
  const t = useText('clients')
  if (at === undefined) return <span class="an-muted">{t('secret.none')}</span>
  if (at === null) return <>{t('secret.never')}</>
  if (Date.parse(at) - serverNow() > SOON_MS) return <Instant iso={at} />
  return (
    <Tag tone="warning">
      <Instant iso={at} />
    </Tag>
  )
}
