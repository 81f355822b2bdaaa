import { type RowOf, useList } from '../../../ui/api/list.ts'
import { Filters } from '../../../ui/components/filters.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Count, Instant, Money, Name, Ref } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { Beneficiary } from './beneficiary.tsx'
import { type Batch, maskedAccount, PAYMENT_STATES, PaymentTag, reasonWords } from './words.tsx'

type Payment = RowOf<'/api/v1/payment-batches/{reference}/payments'>

const useColumns = (): Column<Payment>[] => {
  const t = useText('payments')
  return [
    { key: 'payee', label: t('payee'), cell: p => <Name>{p.payee}</Name> },
    { key: 'beneficiary', label: t('beneficiary'), cell: p => <Beneficiary reference={p.beneficiary} /> },
    { key: 'account', label: t('account'), cell: p => <Account account={p.account} /> },
    {
      key: 'amount',
      label: t('amount'),
      cell: p => <Money amount={p.amount} currency={p.currency} />,
      numeric: true,
    },
    { key: 'state', label: t('state'), cell: p => <PaymentTag state={p.state} /> },
    { key: 'reason', label: t('why'), cell: p => <Why payment={p} /> },
    { key: 'attempt', label: t('attempt'), cell: p => <Count n={p.attempt} />, numeric: true },
    { key: 'reference', label: t('payment'), cell: p => <Ref>{p.reference}</Ref>, hidden: true },
    { key: 'endToEndId', label: t('endToEndId'), cell: p => <Ref>{p.endToEndId}</Ref>, hidden: true },
    { key: 'changedAt', label: t('changedAt'), cell: p => <Instant iso={p.changedAt} />, hidden: true },
  ]
}

/** Where the money goes: what kind of account, and its end. */
const Account = ({ account }: { account: Payment['account'] }) => (
  <>
    {textOr('payments', `accountKinds.${account.kind}`, account.kind)}{' '}
    <bdi dir="ltr" class="an-nowrap">
      {maskedAccount(account.value)}
    </bdi>
  </>
)

/** Why it failed, in words and in those of the bank. */
const Why = ({ payment }: { payment: Payment }) => {
  const { state, reasonCode, reasonText } = payment
  if (reasonCode === null && state !== 'failed' && state !== 'returned') return null
  return (
    <>
      {reasonWords(reasonCode, reasonCode ?? '')}
      {reasonText && (
        <span class="an-muted">
          {' '}
          <bdi>«{reasonText}»</bdi>
        </span>
      )}
    </>
  )
}

/** Whom a batch pays, in the order of its file. */
export const PaymentTable = ({ batch }: { batch: Batch }) => {
  const t = useText('payments')
  const list = useList('/api/v1/payment-batches/{reference}/payments', {
    path: { reference: batch.reference },
    filters: ['state', 'reason', 'q'],
    prefix: 'p-',
  })
  const states = PAYMENT_STATES.map(state => ({ value: state, label: t(`paymentStates.${state}`) }))
  const { reason } = list.filters
  // What is no reference is found nowhere.
  const found = list.problem?.status === 400 ? { ...list, rows: [], problem: undefined } : list
  return (
    <>
      <Filters
        list={list}
        fields={[
          { kind: 'text', name: 'q', label: t('findPayment') },
          { kind: 'select', name: 'state', label: t('state'), options: states },
          ...(reason === undefined
            ? []
            : [
                {
                  kind: 'select' as const,
                  name: 'reason',
                  label: t('why'),
                  options: [{ value: reason, label: reasonWords(reason, reason) }],
                },
              ]),
        ]}
      />
      <DataTable
        label={t('paymentTable')}
        columns={useColumns()}
        list={found}
        rowKey={p => `${p.reference} ${p.attempt}`}
        empty={
          <Empty title={t('noPayments')}>{batch.isFilled ? t('noPaymentsHint') : t('next.being-made')}</Empty>
        }
      />
    </>
  )
}
