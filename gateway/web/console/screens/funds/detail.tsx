import { type RowOf, useList } from '../../../ui/api/list.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Page, Section } from '../../../ui/components/page.tsx'
import { Stat, Stats } from '../../../ui/components/stat.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Instant, Money, Name } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { BALANCES } from './balances.ts'

type Movement = RowOf<'/api/v1/funds/{code}/movements'>

/** One fund: what is left in it, what is promised, and what moved. */
export const FundDetail = ({ params }: ScreenProps) => {
  const t = useText('funds')
  const code = params.code!
  const mayWrite = useMay('fund:write')
  const { data: fund, problem, refresh } = useGet('/api/v1/funds/{code}', { params: { path: { code } } })
  if (problem && !fund) return <Failure problem={problem} retry={refresh} />
  if (fund?.code !== code) return <Loading />
  return (
    <Page
      title={fund.name}
      heading={<Name>{fund.name}</Name>}
      lead={<Code>{fund.code}</Code>}
      back={{ href: '/funds', label: t('title') }}
      actions={
        mayWrite && (
          <>
            <LinkButton kind="primary" icon="add" href={`/funds/${code}/allocate`}>
              {t('allocate.title')}
            </LinkButton>
            <LinkButton icon="edit" href={`/funds/${code}/edit`}>
              {t('rename')}
            </LinkButton>
          </>
        )
      }
    >
      <Stats label={t('balances')}>
        {BALANCES.map(balance => (
          <Stat
            key={balance}
            label={t(balance)}
            value={<Money amount={fund[balance]} currency={fund.currency} />}
            hint={t(`hints.${balance}`)}
          />
        ))}
      </Stats>
      <Movements code={code} />
    </Page>
  )
}

const Movements = ({ code }: { code: string }) => {
  const t = useText('funds')
  const list = useList('/api/v1/funds/{code}/movements', { path: { code } })
  const columns: Column<Movement>[] = [
    { key: 'kind', label: t('movement'), cell: ({ kind }) => t(`kinds.${kind}`) },
    {
      key: 'amount',
      label: t('amount'),
      cell: ({ amount, currency }) => <Money amount={amount} currency={currency} />,
      numeric: true,
    },
    {
      key: 'way',
      label: t('way'),
      cell: ({ kind }) => <span class="an-muted">{t(`ways.${kind}`)}</span>,
    },
    { key: 'cause', label: t('cause'), cell: ({ cause }) => textOr('funds', `causes.${cause}`, cause) },
    { key: 'postedAt', label: t('when'), cell: ({ postedAt }) => <Instant iso={postedAt} full /> },
  ]
  return (
    <Section plain title={t('movements')}>
      <DataTable
        label={t('movementTable')}
        columns={columns}
        list={list}
        rowKey={movement => `${movement.postedAt} ${movement.kind} ${movement.amount}`}
        empty={<Empty title={t('noMovements')}>{t('noMovementsHint')}</Empty>}
      />
    </Section>
  )
}
