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

type Values = { location: string; item: string; quantity: number | undefined; reference: string }

/** Taking in what a supplier or donor delivers, by its delivery note. */
export const Receive = () => {
  const t = useText('inventory')
  const [, go] = useLocation()
  const at = new URLSearchParams(location.search).get('location') ?? ''
  const form = useForm({
    initial: { location: at, item: '', quantity: undefined, reference: '' } as Values,
    submit: ({ quantity, reference, ...where }) => {
      const body = { ...where, quantity: quantity ?? 0, reference: reference.trim() }
      return dataOf(api.POST('/api/v1/stock-receipts', { body })).catch(problem => {
        throw atField(problem, { 'already-moved': '/reference' })
      })
    },
    onDone: receipt => {
      void changed()
      toast('success', t('receive.done', { reference: receipt.reference }))
      go(`/locations/${receipt.location}`)
    },
    draft: 'stock/receive',
  })
  const { location: place, item, quantity } = form.values
  return (
    <Page title={t('receive.title')} lead={t('receive.lead')} back={{ href: '/stock', label: t('stock') }}>
      <Form form={form} submit={t('receive.do')} cancel="/stock">
        <PlaceField form={form} name="location" label={t('place')} />
        <ItemField form={form} name="item" label={t('item')} />
        <NumberField form={form} name="quantity" label={t('quantity')} min={1} max={MOST} />
        <TextField
          form={form}
          name="reference"
          label={t('receive.document')}
          hint={t('receive.documentHint')}
          width="medium"
        />
        <StockAfter item={item} sides={[{ place, change: quantity ?? 0 }]} />
      </Form>
    </Page>
  )
}
