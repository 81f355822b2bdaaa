import { useText } from '../i18n/index.ts'
import { Icon, type IconName } from './icon.tsx'

export type StepState = 'done' | 'current' | 'todo' | 'blocked'
export type Step = { key: string; label: string; state: StepState; hint?: string | undefined }

const ICONS: Record<StepState, IconName> = {
  done: 'check',
  current: 'next',
  todo: 'circle',
  blocked: 'alert',
}

/** Where something stands on its way, such as a cycle: verified, prepared, approved, paid. */
export const Steps = ({ label, steps }: { label?: string; steps: readonly Step[] }) => {
  const t = useText('ui')
  return (
    <ol class="an-steps" aria-label={label ?? t('steps.label')}>
      {steps.map((step, index) => (
        <li
          key={step.key}
          class={`an-steps__item an-steps__item--${step.state}`}
          aria-current={step.state === 'current' ? 'step' : undefined}
        >
          <span class="an-steps__mark" aria-hidden="true">
            {step.state === 'done' || step.state === 'blocked' ? (
              <Icon name={ICONS[step.state]} />
            ) : (
              index + 1
            )}
          </span>
          <span class="an-steps__words">
            <span class="an-steps__label">{step.label}</span>
            <span class="an-steps__state">{step.hint ?? t(`steps.${step.state}`)}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}
