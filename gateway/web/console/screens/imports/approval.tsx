import { Banner, type BannerTone } from '../../../ui/components/banner.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { ThingLink } from '../../shell/thing-link.tsx'
import type { Import } from './model.ts'

type State = NonNullable<NonNullable<Import['approval']>['state']>

const TONES: Record<State, BannerTone> = {
  none: 'info',
  pending: 'info',
  approved: 'success',
  rejected: 'error',
  returned: 'warning',
  withdrawn: 'info',
  expired: 'warning',
}

/** How a tested import stands with its approval, where a policy asks for one. */
export const Waiting = ({ im: { approval } }: { im: Import }) => {
  const t = useText('imports')
  if (!approval) return null
  return (
    <Banner tone={TONES[approval.state]} title={t(`approval.states.${approval.state}`)}>
      {approval.reference !== null && <ThingLink kind="approval" reference={approval.reference} />}
    </Banner>
  )
}
