import { type RowOf, useList } from '../../../ui/api/list.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Filters } from '../../../ui/components/filters.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Money, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { BALANCES } from './balances.ts'

type Fund = RowOf<'/api/v1/funds'>

/** Where the money comes from: every fund with what is left in it. */
export const FundList = () => {
  const t = useText('funds')
  const mayWrite = useMay('fund:write')
  const list = useList('/api/v1/funds', { filters: ['q'] })
  const columns: Column<Fund>[] = [
    { key: 'name', label: t('name'), cell: fund => <Name>{fund.name}</Name>, sort: 'name' },
    { key: 'code', label: t('code'), cell: fund => <Code>{fund.code}</Code>, sort: 'code' },
    ...BALANCES.map(balance => ({
      key: balance,
      label: t(balance),
      cell: (fund: Fund) => <Money amount={fund[balance]} currency={fund.currency} />,
      sort: balance === 'available' ? balance : undefined,
      numeric: true,
    })),
    {
      key: 'currency',
      label: t('currency'),
      cell: fund => <Code>{fund.currency}</Code>,
      sort: 'currency',
      hidden: true,
    },
  ]
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={mayWrite && <LinkButton href="/funds/new">{t('open')}</LinkButton>}
    >
      <Filters list={list} fields={[{ kind: 'text', name: 'q', label: t('search') }]} />
      <DataTable
        label={t('title')}
        columns={columns}
        list={list}
        rowKey={fund => fund.code}
        href={fund => `/funds/${fund.code}`}
        empty={
          <Empty
            title={t('none')}
            action={mayWrite && <LinkButton href="/funds/new">{t('open')}</LinkButton>}
          >
            {t('noneHint')}
          </Empty>
        }
      />
    </Page>
  )
}
