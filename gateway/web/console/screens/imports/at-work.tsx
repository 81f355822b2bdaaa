import { useCallback } from 'preact/hooks'
import { changed } from '../../../ui/api/queries.ts'
import { Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { JobProgress } from '../../shell/job-progress.tsx'
import type { Import } from './model.ts'

/** A job is at work on an import: how far it is, and a way to stop it. */
export const AtWork = ({ im }: { im: Import }) => {
  const t = useText('imports')
  const onDone = useCallback(() => void changed(), [])
  const state = im.state as 'testing' | 'committing' | 'undoing'
  return (
    <Section title={t(`states.${state}`)}>
      <p>{t(`working.${state}`)}</p>
      <JobProgress reference={im.job} onDone={onDone} />
    </Section>
  )
}
