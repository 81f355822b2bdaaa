import { Link } from 'wouter-preact'
import { type AnswerOf, useGet } from '../../../ui/api/queries.ts'
import { Section } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Code, Count, Money, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'

type Difference = AnswerOf<'/api/v1/cycles/{reference}/difference'>
type Component = Difference['components'][number]

/** What a cycle changes against the one before it: whom it adds, whom it drops, who gets another amount. */
export const CycleChange = ({ cycle }: { cycle: string }) => {
  const t = useText('approvals')
  const { data, problem, refresh } = useGet('/api/v1/cycles/{reference}/difference', {
    params: { path: { reference: cycle } },
  })
  return (
    <Section title={t('change.title')}>
      {problem && !data ? (
        <Failure problem={problem} retry={refresh} />
      ) : !data ? (
        <Loading />
      ) : data.comparedWith === null ? (
        <p>{t('change.first')}</p>
      ) : (
        <>
          <p class="an-muted">
            {t('change.against')}{' '}
            <Link href={`/cycles/${data.comparedWith}`}>
              <Ref copy={false}>{data.comparedWith}</Ref>
            </Link>
          </p>
          {data.components.map(component => (
            <ComponentChange key={component.component} of={component} />
          ))}
        </>
      )}
    </Section>
  )
}

const Measured = ({ of, amount }: { of: Component; amount: string }) =>
  of.kind === 'cash' ? (
    <Money amount={amount} currency={of.unit} />
  ) : (
    <span class="an-nowrap">
      <Count n={Number(amount)} /> <bdi>{of.unit}</bdi>
    </span>
  )

const ComponentChange = ({ of }: { of: Component }) => {
  const t = useText('approvals')
  const sums = [
    { key: 'new', count: of.new.count, amount: <Measured of={of} amount={of.new.amount} /> },
    { key: 'gone', count: of.gone.count, amount: <Measured of={of} amount={of.gone.amount} /> },
    {
      key: 'changed',
      count: of.changed.count,
      amount: (
        <>
          <del>
            <span class="govuk-visually-hidden">{t('change.before')} </span>
            <Measured of={of} amount={of.changed.before} />
          </del>{' '}
          <ins>
            <span class="govuk-visually-hidden">{t('change.after')} </span>
            <Measured of={of} amount={of.changed.after} />
          </ins>
        </>
      ),
    },
    { key: 'same', count: of.same.count, amount: <Measured of={of} amount={of.same.amount} /> },
    { key: 'zeros', count: of.zeros, amount: null },
    { key: 'exceptions', count: of.exceptions, amount: null },
  ] as const
  return (
    <table class="ap-change">
      <caption>
        {t('change.component')} <Code>{of.component}</Code>
      </caption>
      <thead class="govuk-visually-hidden">
        <tr>
          <th scope="col">{t('change.what')}</th>
          <th scope="col">{t('change.people')}</th>
          <th scope="col">{t('amount')}</th>
        </tr>
      </thead>
      <tbody>
        {sums.map(({ key, count, amount }) => (
          <tr key={key} class={count === 0 ? 'an-muted' : undefined}>
            <th scope="row">{t(`change.${key}`)}</th>
            <td class="an-table__numeric">
              <Count n={count} />
            </td>
            <td class="an-table__numeric">{count > 0 && amount}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
