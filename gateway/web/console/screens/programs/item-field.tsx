import { api, dataOf } from '../../../ui/api/client.ts'
import { type FieldProps, SuggestField, TextField } from '../../../ui/components/fields.tsx'
import { useMay } from '../../may.ts'

const query = (q: string) => (q === '' ? { limit: 10 } : { q, limit: 10 })

const findItems = async (q: string, signal: AbortSignal) => {
  const { items } = await dataOf(api.GET('/api/v1/items', { params: { query: query(q) }, signal }))
  return items.map(item => ({ value: item.code, label: item.code, hint: item.name }))
}

const findFunds = async (q: string, signal: AbortSignal) => {
  const { items } = await dataOf(api.GET('/api/v1/funds', { params: { query: query(q) }, signal }))
  return items.map(fund => ({ value: fund.code, label: fund.code, hint: `${fund.name} (${fund.currency})` }))
}

/** An item of the catalogue, by its code; typed by those who may not look into the catalogue. */
export const ItemField = <V extends object>(props: FieldProps<V, string>) =>
  useMay('inventory:read') ? (
    <SuggestField {...props} load={findItems} />
  ) : (
    <TextField {...props} dir="ltr" maxLength={12} />
  )

/** A fund, by its code; typed by those who may not see funds. */
export const FundField = <V extends object>(props: FieldProps<V, string>) =>
  useMay('fund:read') ? (
    <SuggestField {...props} load={findFunds} />
  ) : (
    <TextField {...props} dir="ltr" maxLength={12} />
  )
