import { useList } from '../../../ui/api/list.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { findItem, findPlace } from './fields.tsx'
import './inventory.scss'
import { StockTable } from './stock-table.tsx'
import { SuggestFilter } from './suggest-filter.tsx'

/** What is on hand, at every place within reach. */
export const StockList = () => {
  const t = useText('inventory')
  const mayWrite = useMay('inventory:write')
  const list = useList('/api/v1/stock', { filters: ['location', 'item'] })
  return (
    <Page
      title={t('stock')}
      lead={t('stockLead')}
      actions={
        mayWrite && (
          <>
            <LinkButton kind="primary" href="/stock/receive">
              {t('receive.title')}
            </LinkButton>
            <LinkButton href="/stock/transfer">{t('transfer.title')}</LinkButton>
          </>
        )
      }
    >
      <div class="in-filters">
        <SuggestFilter list={list} name="location" label={t('place')} load={findPlace} />
        <SuggestFilter list={list} name="item" label={t('item')} load={findItem} />
      </div>
      <StockTable list={list} />
    </Page>
  )
}
