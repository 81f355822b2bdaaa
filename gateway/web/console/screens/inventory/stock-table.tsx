import { Link } from 'wouter-preact'
import type { List, RowOf } from '../../../ui/api/list.ts'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { Quantity } from './quantity.tsx'

export type StockLine = RowOf<'/api/v1/stock'>

/** What is on hand: a row for each item at each place. `of`: what the page is about already, and no column says again. */
export const StockTable = ({ list, of }: { list: List<StockLine>; of?: 'place' | 'item' }) => {
  const t = useText('inventory')
  const columns: Record<'place' | 'item', Column<StockLine>> = {
    place: {
      key: 'location',
      label: t('place'),
      cell: ({ location }) => (
        <Link class="govuk-link" href={`/locations/${location.code}`}>
          <Name>{location.name}</Name>
        </Link>
      ),
      sort: 'location',
    },
    item: {
      key: 'item',
      label: t('item'),
      cell: ({ item }) => (
        <Link class="govuk-link" href={`/items/${item.code}`}>
          <Name>{item.name}</Name>
        </Link>
      ),
      sort: 'item',
    },
  }
  const onHand: Column<StockLine> = {
    key: 'onHand',
    label: t('onHand'),
    cell: line => <Quantity n={line.onHand} unit={line.item.unit} />,
    sort: 'onHand',
    numeric: true,
  }
  const named = of === 'place' ? [columns.item] : of === 'item' ? [columns.place] : Object.values(columns)
  return (
    <DataTable
      label={t('onHand')}
      columns={[...named, onHand]}
      list={list}
      rowKey={line => `${line.location.code} ${line.item.code}`}
      empty={
        <Empty icon="file" title={t('nothing')}>
          {t('nothingHint')}
        </Empty>
      }
    />
  )
}
