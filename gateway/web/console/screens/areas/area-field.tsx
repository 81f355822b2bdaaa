import { api, dataOf } from '../../../ui/api/client.ts'
import { type FieldProps, SuggestField } from '../../../ui/components/fields.tsx'

const find = async (q: string, signal: AbortSignal) => {
  const { items } = await dataOf(api.GET('/api/v1/areas', { params: { query: { q, limit: 10 } }, signal }))
  return items.map(area => ({ value: area.code, label: area.name, hint: area.code }))
}

/** Choosing an area by its name or code. Its value is the code. */
export const AreaField = <V extends object>(props: FieldProps<V, string>) => (
  <SuggestField {...props} load={find} />
)
