import { Summary } from '../../../ui/components/page.tsx'
import { Stat, Stats } from '../../../ui/components/stat.tsx'
import { Count } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { Import } from './model.ts'

type Totals = NonNullable<Import['totals']>

/** What an import comes to. `when`: what would happen, or what has. */
export const Numbers = ({ totals, when }: { totals: Totals; when: 'would' | 'did' }) => {
  const t = useText('imports')
  return (
    <Stats label={t('numbers.label')}>
      <Stat label={t('numbers.rows')} value={<Count n={totals.rows} />} />
      <Stat label={t(`numbers.create.${when}`)} value={<Count n={totals.create} />} />
      <Stat label={t(`numbers.update.${when}`)} value={<Count n={totals.update} />} />
      <Stat label={t(`numbers.leftOut.${when}`)} value={<Count n={totals.leftOut} />} />
      {totals.warnings > 0 && <Stat label={t('numbers.warnings')} value={<Count n={totals.warnings} />} />}
    </Stats>
  )
}

/** The same in a question: what is agreed to, number by number. */
export const Preview = ({ totals }: { totals: Totals }) => {
  const t = useText('imports')
  const reasons = [
    { label: t('numbers.errors'), n: totals.errors },
    { label: t('numbers.conflicts'), n: totals.conflicts },
    { label: t('numbers.held'), n: totals.held },
  ].filter(({ n }) => n > 0)
  return (
    <Summary
      rows={[
        { label: t('numbers.create.would'), n: totals.create },
        { label: t('numbers.update.would'), n: totals.update },
        { label: t('numbers.leftOut.would'), n: totals.leftOut },
        ...reasons,
      ].map(({ label, n }) => ({ label, value: <Count n={n} /> }))}
    />
  )
}
