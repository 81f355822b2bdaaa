import { useLocation } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { toast } from '../../../ui/components/banner.tsx'
import { NumberField, TextField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { StockAfter } from './after.tsx'
import { ItemField, PlaceField } from './fields.tsx'
import './inventory.scss'
import { MOST } from './kinds.ts'
import { atField } from './refused.ts'

type Values = { from: string; to: string; item: string; quantity: number | undefined; reference: string }

/** Moving goods from one place to another, by a waybill. */
export const TransferStock = () => {
  const t = useText('inventory')
  const [, go] = useLocation()
  const form = useForm({
    initial: {
      from: new URLSearchParams(location.search).get('from') ?? '',
      to: '',
      item: '',
      quantity: undefined,
      reference: '',
    } as Values,
    submit: ({ quantity, reference, ...way }) => {
      const body = { ...way, quantity: quantity ?? 0, reference: reference.trim() }
      return dataOf(api.POST('/api/v1/transfers', { body })).catch(problem => {
        throw atField(problem, { 'already-moved': '/reference', 'stock-insufficient': '/quantity' })
      })
    },
    onDone: ({ reference, to }) => {
      void changed()
      toast('success', t('transfer.done', { reference }))
      go(`/locations/${to}`)
    },
    draft: 'stock/transfer',
  })
  const { from, to, item, quantity = 0 } = form.values
  return (
    <Page title={t('transfer.title')} lead={t('transfer.lead')} back={{ href: '/stock', label: t('stock') }}>
      <Form form={form} submit={t('transfer.do')} cancel="/stock">
        <PlaceField form={form} name="from" label={t('transfer.from')} />
        <PlaceField form={form} name="to" label={t('transfer.to')} />
        <ItemField form={form} name="item" label={t('item')} />
        <NumberField form={form} name="quantity" label={t('quantity')} min={1} max={MOST} />
        <TextField
          form={form}
          name="reference"
          label={t('transfer.document')}
          hint={t('transfer.documentHint')}
          width="medium"
        />
        <StockAfter
          item={item}
          sides={[
            { place: from, change: -quantity },
            { place: to, change: quantity },
          ]}
        />
      </Form>
    </Page>
  )
}
