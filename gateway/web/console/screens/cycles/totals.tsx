import { Section } from '../../../ui/components/page.tsx'
import { Code, Count } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { DifferenceView } from './difference.tsx'
import { type Cycle, Measured } from './words.tsx'

/** What a cycle gives, component by component, and what is different from the one before. */
export const Totals = ({ cycle }: { cycle: Cycle }) => {
  const t = useText('cycles')
  return (
    <>
      <Section title={t('totals.title')}>
        {cycle.totals.length === 0 ? (
          <p>{t('totals.none')}</p>
        ) : (
          <div class="cy-scroll">
            <table class="cy-numbers">
              <thead>
                <tr>
                  <th scope="col">{t('component')}</th>
                  <th scope="col">{t('entitlements')}</th>
                  <th scope="col">{t('amount')}</th>
                  <th scope="col">{t('totals.zeros')}</th>
                  <th scope="col">{t('totals.exceptions')}</th>
                </tr>
              </thead>
              <tbody>
                {cycle.totals.map(total => (
                  <tr key={total.component}>
                    <th scope="row">
                      <Code>{total.component}</Code>
                    </th>
                    <td data-label={t('entitlements')}>
                      <Count n={total.entitlements} />
                    </td>
                    <td data-label={t('amount')}>
                      <strong>
                        <Measured of={total} amount={total.amount} />
                      </strong>
                    </td>
                    <td data-label={t('totals.zeros')}>
                      <Count n={total.zeros} />
                    </td>
                    <td data-label={t('totals.exceptions')}>
                      <Count n={total.exceptions} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Section>
      <DifferenceView cycle={cycle} />
    </>
  )
}
