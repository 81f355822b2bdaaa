import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { type FieldProps, SuggestField } from '../../../ui/components/fields.tsx'
import type { LocationKind } from './kinds.ts'

const findPlaces = (kind?: LocationKind) => async (q: string, signal: AbortSignal) => {
  const query = { limit: 10, ...(q === '' ? {} : { q }), ...(kind ? { kind } : {}) }
  const { items } = await dataOf(api.GET('/api/v1/locations', { params: { query }, signal }))
  return items.map(({ code, name, areaName }) => ({
    value: code,
    label: `${name} (${code})`,
    hint: areaName,
  }))
}

/** Finds warehouses and service points by name or code. */
export const findPlace = findPlaces()
/** Finds service points alone. */
export const findPoint = findPlaces('service_point')

/** Finds items by name or code. */
export const findItem = async (q: string, signal: AbortSignal) => {
  const query = { limit: 10, ...(q === '' ? {} : { q }) }
  const { items } = await dataOf(api.GET('/api/v1/items', { params: { query }, signal }))
  return items.map(({ code, name }) => ({ value: code, label: `${name} (${code})` }))
}

/** Choosing a warehouse or service point; its value is the code. */
export const PlaceField = <V extends object>(props: FieldProps<V, string>) => {
  const value = props.form.values[props.name] as string
  const init = { params: { path: { code: value } } }
  // One that a link has chosen is shown by its name.
  const { data } = useGet('/api/v1/locations/{code}', init, { when: value !== '' })
  const chosen = data ? [{ value: data.code, label: `${data.name} (${data.code})` }] : []
  return <SuggestField {...props} load={findPlace} chosen={chosen} />
}

/** Choosing an item; its value is the code. */
export const ItemField = <V extends object>(props: FieldProps<V, string>) => (
  <SuggestField {...props} load={findItem} />
)
