import { Link } from 'wouter-preact'
import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { Section } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Code, Count } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { ThingLink } from '../../shell/thing-link.tsx'
import { type Cycle, Measured } from './words.tsx'

type Component = AnswerOf<'/api/v1/cycles/{reference}/difference'>['components'][number]

export const KINDS = ['new', 'gone', 'changed', 'zero', 'exception'] as const
export type Kind = (typeof KINDS)[number]

export const useDifference = (cycle: Cycle) =>
  useGet(
    '/api/v1/cycles/{reference}/difference',
    { params: { path: { reference: cycle.reference } } },
    { when: cycle.state !== 'draft' },
  )

/** How many of a kind there are, over all components. */
export const countOf = (components: readonly Component[], kind: Kind): number =>
  components.reduce((sum, c) => sum + countIn(c, kind), 0)

const countIn = (c: Component, kind: Kind): number =>
  kind === 'zero' ? c.zeros : kind === 'exception' ? c.exceptions : c[kind].count

/** What is different from the last approved cycle: how many and how much, by reason. */
export const DifferenceView = ({ cycle }: { cycle: Cycle }) => {
  const t = useText('cycles')
  const { data, problem, refresh } = useDifference(cycle)
  return (
    <Section title={t('difference.title')}>
      {problem && !data ? (
        <Failure problem={problem} retry={refresh} />
      ) : !data ? (
        <Loading />
      ) : data.comparedWith === null ? (
        <p>{t('difference.first')}</p>
      ) : (
        <>
          <p class="an-muted">
            {t('difference.against')} <ThingLink kind="cycle" reference={data.comparedWith} />
          </p>
          {data.components.map(component => (
            <Numbers key={component.component} cycle={cycle} of={component} />
          ))}
        </>
      )}
    </Section>
  )
}

const BeforeAndAfter = ({ of }: { of: Component }) => {
  const t = useText('cycles')
  return (
    <span>
      <del>
        <span class="govuk-visually-hidden">{t('difference.before')} </span>
        <Measured of={of} amount={of.changed.before} />
      </del>{' '}
      <ins>
        <span class="govuk-visually-hidden">{t('difference.after')} </span>
        <Measured of={of} amount={of.changed.after} />
      </ins>
    </span>
  )
}

const Numbers = ({ cycle, of }: { cycle: Cycle; of: Component }) => {
  const t = useText('cycles')
  return (
    <div class="cy-scroll">
      <table class="cy-numbers">
        <caption>
          {t('component')} <Code>{of.component}</Code>
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('difference.what')}</th>
            <th scope="col">{t('difference.people')}</th>
            <th scope="col">{t('amount')}</th>
          </tr>
        </thead>
        <tbody>
          {(['new', 'gone', 'changed', 'same'] as const).map(kind => (
            <tr key={kind}>
              <th scope="row">{t(`difference.${kind}`)}</th>
              <td data-label={t('difference.people')}>
                {kind === 'same' || of[kind].count === 0 ? (
                  <Count n={of[kind].count} />
                ) : (
                  <Link href={`/cycles/${cycle.reference}?tab=differences&d-kind=${kind}`}>
                    <Count n={of[kind].count} />
                  </Link>
                )}
              </td>
              <td data-label={t('amount')}>
                {kind === 'changed' ? (
                  of.changed.count > 0 && <BeforeAndAfter of={of} />
                ) : (
                  <Measured of={of} amount={of[kind].amount} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
