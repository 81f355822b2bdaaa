import { Section } from '../../../ui/components/page.tsx'
import { type Step, type StepState, Steps } from '../../../ui/components/steps.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { useTierWords } from '../approval-words/tier-words.ts'
import type { Approval } from './words.tsx'

type TierView = Approval['plan'][number]

const STATES: Record<TierView['state'], StepState> = {
  waiting: 'todo',
  open: 'current',
  done: 'done',
  skipped: 'todo',
}

/** How far it came on its way, who agreed, and who can decide now. */
export const Tiers = ({ approval }: { approval: Approval }) => {
  const t = useText('approvals')
  const words = useTierWords()
  const hintOf = useHints(approval)
  const isRefused = ['rejected', 'returned', 'expired'].includes(approval.state)
  const steps = approval.plan.map(
    (tier, i): Step => ({
      key: `${i}`,
      label: words.tier(tier),
      state: isRefused && tier.kind === 'decide' && i + 1 === approval.tier ? 'blocked' : STATES[tier.state],
      hint: hintOf(tier, i + 1),
    }),
  )
  return (
    <Section title={t('tiers')}>
      <div class="ap-stack ap-stack--tight">
        <p class="an-muted">
          {approval.policy ? t('underPolicy', { name: approval.planName }) : t('withoutPolicy')}
        </p>
        <Steps label={t('tiers')} steps={steps} />
      </div>
    </Section>
  )
}

/** The first so many are named, the others counted. */
const MOST_NAMED = 8

const useHints = (approval: Approval) => {
  const t = useText('approvals')
  const format = useFormat()
  const named = (people: readonly string[]): string =>
    people.length > MOST_NAMED
      ? t('people.more', {
          names: people.slice(0, MOST_NAMED).join(', '),
          count: people.length - MOST_NAMED,
        })
      : format.list(people)
  return (tier: TierView, number: number): string => {
    const signed = approval.signatures
      .filter(s => s.tier === number)
      .map(s => (s.onBehalfOf ? t('people.behalf', { name: s.by, behalf: s.onBehalfOf }) : s.by))
    const agreed = signed.length > 0 ? [t('tierHint.agreed', { who: named(signed) })] : []
    return [...agreed, ...rest(tier)].join(' ')
  }

  function rest(tier: TierView): string[] {
    const candidates = named(tier.candidates.map(c => c.name))
    if (tier.kind === 'inform' && tier.state === 'done')
      return [
        t('tierHint.noted', { count: tier.agreed }),
        ...(candidates ? [t('tierHint.mayNote', { who: candidates })] : []),
      ]
    if (tier.state === 'open')
      return [
        ...(tier.required === null
          ? []
          : [t('tierHint.missing', { count: Math.max(0, tier.required - tier.agreed) })]),
        candidates ? t('tierHint.candidates', { who: candidates }) : t('tierHint.nobody'),
      ]
    if (tier.state === 'waiting') return [t('tierHint.waiting')]
    if (tier.state === 'skipped') return [t(approval.bypassed ? 'tierHint.bypassed' : 'tierHint.skipped')]
    return []
  }
}
