import { Link } from 'wouter-preact'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { Code, Money } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { Group } from './group.tsx'
import { type Batch, reasonWords } from './words.tsx'

/** What failed: by what cures it, with the reasons that the bank gave. */
export const Failures = ({ batch }: { batch: Batch }) => {
  const t = useText('payments')
  const mayWrite = useMay('payment:write')
  const { reference } = batch
  const { data, problem, refresh } = useGet('/api/v1/payment-batches/{reference}/failures', {
    params: { path: { reference } },
  })
  if (problem && !data) return <Failure problem={problem} retry={refresh} />
  if (!data) return <Loading />
  if (data.failed.length === 0) return <Empty title={t('noFailures')} />
  return (
    <Section
      title={t('failuresWhy')}
      actions={
        <>
          {mayWrite && (
            <LinkButton icon="refresh" href={`/payment-batches/${reference}/retry`}>
              {t('retry.title')}
            </LinkButton>
          )}
          <LinkButton icon="download" href={`/api/v1/payment-batches/${reference}/failures/file`} download>
            {t('failuresFile')}
          </LinkButton>
        </>
      }
    >
      <ul class="pay-groups">
        {data.failed.map(group => (
          <Group
            key={group.cause}
            title={t(`causes.${group.cause}`)}
            cure={t(`repairs.${group.repair}`)}
            sum={group}
            currency={data.currency}
          >
            <ul class="pay-reasons">
              {group.reasons.map(reason => (
                <li key={reason.code}>
                  {reason.code === null ? (
                    reasonWords(null, reason.words)
                  ) : (
                    <Link href={`/payment-batches/${reference}?tab=payments&p-reason=${reason.code}`}>
                      {reasonWords(reason.code, reason.words)}
                    </Link>
                  )}{' '}
                  {reason.code && <Code>{reason.code}</Code>} {t('paymentCount', { count: reason.payments })}
                  {' · '}
                  <Money amount={reason.total} currency={data.currency} />
                </li>
              ))}
            </ul>
          </Group>
        ))}
      </ul>
    </Section>
  )
}
