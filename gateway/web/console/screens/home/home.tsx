import './home.scss'
import { Link } from 'wouter-preact'
import { serverNow } from '../../../ui/api/clock.ts'
import { meNow } from '../../../ui/api/session.ts'
import { Columns, Page, Section } from '../../../ui/components/page.tsx'
import { Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useStore } from '../../../ui/store.ts'
import { useMay } from '../../may.ts'
import { NavIcon } from '../../shell/nav-icon.tsx'
import { recent } from '../../shell/recent.ts'
import { Jobs } from './jobs.tsx'
import { QuickLinks } from './quick-links.tsx'
import { Today } from './today.tsx'
import { Waiting } from './waiting.tsx'

/** When a day's parts begin, in hours. */
const NOON = 12
const EVENING = 18

const partOfDay = (): 'morning' | 'day' | 'evening' => {
  const hour = new Date(serverNow()).getHours()
  return hour < NOON ? 'morning' : hour < EVENING ? 'day' : 'evening'
}

/** Where a day begins: what waits for whoever reads, what goes on, and where they often go. */
export const Home = () => {
  const t = useText('home')
  const mayScan = useMay('verification:perform')
  const mayReadJobs = useMay('job:read')
  const name = meNow()?.displayName ?? ''
  return (
    <Page
      title={t('title')}
      heading={<bdi>{t(`greeting.${partOfDay()}`, { name })}</bdi>}
      lead={<Today />}
      actions={
        mayScan && (
          <a class="an-button an-button--primary" href="/verify">
            <NavIcon name="scan" />
            {t('scan')}
          </a>
        )
      }
    >
      <Columns>
        <Waiting />
        <div class="an-home__side">
          {mayReadJobs && <Jobs />}
          <QuickLinks />
          <Recent />
        </div>
      </Columns>
    </Page>
  )
}

const Recent = () => {
  const t = useText('home')
  const pages = useStore(recent)
  if (pages.length === 0) return null
  return (
    <Section title={t('recent')}>
      <ul class="an-home__links">
        {pages.map(({ path, title }) => (
          <li key={path}>
            <Link href={path}>
              <Name>{title}</Name>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}
