import { type RowOf, useList } from '../../../ui/api/list.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Filters } from '../../../ui/components/filters.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Name } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'

const PATH = '/api/v1/items'
type Item = RowOf<typeof PATH>

/** What is handed out, one catalogue for the whole country. */
export const ItemList = () => {
  const t = useText('inventory')
  const mayWrite = useMay('inventory:write')
  const list = useList(PATH, { filters: ['q'] })
  const columns: Column<Item>[] = [
    { key: 'name', label: t('name'), cell: item => <Name>{item.name}</Name>, sort: 'name' },
    { key: 'code', label: t('code'), cell: item => <Code>{item.code}</Code>, sort: 'code' },
    {
      key: 'unit',
      label: t('unit'),
      cell: item => textOr('inventory', `units.${item.unit}`, item.unit),
      sort: 'unit',
    },
  ]
  return (
    <Page
      title={t('items')}
      lead={t('itemsLead')}
      actions={
        mayWrite && (
          <LinkButton kind="primary" icon="add" href="/items/new">
            {t('addItem')}
          </LinkButton>
        )
      }
    >
      <Filters list={list} fields={[{ kind: 'text', name: 'q', label: t('search') }]} />
      <DataTable
        label={t('items')}
        columns={columns}
        list={list}
        rowKey={item => item.code}
        href={item => `/items/${item.code}`}
        empty={<Empty title={t('noItems')}>{t('noItemsHint')}</Empty>}
      />
    </Page>
  )
}
