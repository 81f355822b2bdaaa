import { Link } from 'wouter-preact'
import { may, meNow } from '../../../ui/api/session.ts'
import { Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { hasScreen } from '../../shell/places.ts'

/** What people of each role do most, in the order of how often. */
const LINKS = [
  { key: 'approvals', path: '/approvals', permission: 'approval:decide' },
  { key: 'registrants', path: '/registrants', permission: 'registrant:read' },
  { key: 'import', path: '/imports/new', permission: 'import:write' },
  { key: 'programs', path: '/programs', permission: 'program:read' },
  { key: 'batches', path: '/payment-batches', permission: 'payment:write' },
  { key: 'stock', path: '/stock', permission: 'inventory:read' },
  { key: 'user', path: '/users/new', permission: 'user:write' },
  { key: 'audit', path: '/audit', permission: 'audit:read' },
  { key: 'account', path: '/account', permission: 'any' },
] as const

const SHOWN = 5

/** Where whoever reads often goes. */
export const QuickLinks = () => {
  const t = useText('home')
  const links = LINKS.filter(({ path, permission }) => hasScreen(path) && may(meNow(), permission))
  if (links.length === 0) return null
  return (
    <Section title={t('quick')}>
      <ul class="an-home__links">
        {links.slice(0, SHOWN).map(({ key, path }) => (
          <li key={key}>
            <Link href={path}>{t(`links.${key}`)}</Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}
