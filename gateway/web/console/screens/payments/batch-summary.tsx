import { useGet } from '../../../ui/api/queries.ts'
import { Summary, type SummaryRow } from '../../../ui/components/page.tsx'
import { Code, Count, Day, Money, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { type Batch, maskedAccount } from './words.tsx'

/** What a step is about to do: how many are paid, how much, from which fund, by whom. `fund` shows what is committed. */
export const BatchSummary = ({ batch, fund = false }: { batch: Batch; fund?: boolean }) => {
  const t = useText('payments')
  const when = useMay('fund:read') && fund
  const { data } = useGet('/api/v1/funds/{code}', { params: { path: { code: batch.fund } } }, { when })
  const { debtor } = batch
  const rows: (SummaryRow | false)[] = [
    { label: t('payments'), value: <Count n={batch.payments} /> },
    {
      label: t('total'),
      value: (
        <strong>
          <Money amount={batch.total} currency={batch.currency} />
        </strong>
      ),
    },
    batch.exceptions > 0 && { label: t('leftOut'), value: <Count n={batch.exceptions} /> },
    { label: t('fund'), value: data ? <Name>{data.name}</Name> : <Code>{batch.fund}</Code> },
    data !== undefined && {
      label: t('committed'),
      value: <Money amount={data.committed} currency={data.currency} />,
    },
    fund && { label: t('provider'), value: t(`providers.${batch.provider}`) },
    fund && {
      label: t('payer'),
      value: (
        <>
          <Name>{debtor.name}</Name>, <bdi dir="ltr">{maskedAccount(debtor.account.value)}</bdi>,{' '}
          <bdi dir="ltr">{debtor.agent}</bdi>
        </>
      ),
    },
    { label: t('requestedOn'), value: <Day iso={batch.requestedOn} /> },
  ]
  return <Summary rows={rows.filter(row => row !== false)} />
}
