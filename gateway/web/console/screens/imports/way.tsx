import { type StepState, Steps } from '../../../ui/components/steps.tsx'
import { useText } from '../../../ui/i18n/index.ts'

const STEPS = ['file', 'columns', 'test', 'check', 'import'] as const
export type StepName = (typeof STEPS)[number]

/** Where an import is on its way: `at` is where it stands, `blocked` when it does not go on by itself. */
export const Way = ({ at, isBlocked = false }: { at: StepName | 'done'; isBlocked?: boolean }) => {
  const t = useText('imports')
  const place = at === 'done' ? STEPS.length : STEPS.indexOf(at)
  const stateOf = (index: number): StepState =>
    index < place ? 'done' : index > place ? 'todo' : isBlocked ? 'blocked' : 'current'
  return (
    <Steps
      label={t('steps.label')}
      steps={STEPS.map((key, index) => ({ key, label: t(`steps.${key}`), state: stateOf(index) }))}
    />
  )
}
