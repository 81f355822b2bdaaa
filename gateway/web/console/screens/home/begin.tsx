import { Link } from 'wouter-preact'
import { may, meNow } from '../../../ui/api/session.ts'
import { Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { hasScreen } from '../../shell/places.ts'

const STEPS = [
  { key: 'areas', path: '/areas', permission: 'area:write' },
  { key: 'users', path: '/users', permission: 'user:write' },
  { key: 'import', path: '/imports/new', permission: 'import:write' },
  { key: 'program', path: '/programs/new', permission: 'program:write' },
] as const

/** The first steps, while there is nobody in the registry: those that whoever reads can take. */
export const Begin = () => {
  const t = useText('home')
  const steps = STEPS.filter(({ path, permission }) => hasScreen(path) && may(meNow(), permission))
  if (steps.length === 0) return null
  return (
    <Section title={t('begin.title')}>
      <p class="an-muted">{t('begin.text')}</p>
      <ol class="an-home__steps">
        {steps.map(({ key, path }) => (
          <li key={key}>
            <Link href={path}>{t(`begin.${key}`)}</Link>
          </li>
        ))}
      </ol>
    </Section>
  )
}
