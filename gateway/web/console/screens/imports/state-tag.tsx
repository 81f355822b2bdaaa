import { Tag, type Tone } from '../../../ui/components/tag.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { ImportState, Issue } from './model.ts'

const TONES: Record<ImportState, Tone> = {
  testing: 'info',
  tested: 'warning',
  refused: 'bad',
  cancelled: 'neutral',
  committing: 'info',
  paused: 'warning',
  committed: 'good',
  undoing: 'info',
  undone: 'neutral',
}

/** How it is with an import, in a word. */
export const StateTag = ({ state }: { state: ImportState }) => {
  const t = useText('imports')
  return <Tag tone={TONES[state]}>{t(`states.${state}`)}</Tag>
}

const SEVERITIES: Record<Issue['severity'], Tone> = {
  error: 'bad',
  conflict: 'bad',
  held: 'neutral',
  warning: 'warning',
}

/** What an issue means for its row. */
export const SeverityTag = ({ severity }: { severity: Issue['severity'] }) => {
  const t = useText('imports')
  return <Tag tone={SEVERITIES[severity]}>{t(`severities.${severity}`)}</Tag>
}
