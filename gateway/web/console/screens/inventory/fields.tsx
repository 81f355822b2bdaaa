import { api, dataOf } from '../../../ui/api/client.ts'
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
export const PlaceField = <V extends object>(props: FieldProps<V, string>) => (
  <SuggestField {...props} load={findPlace} />
)

/** Choosing an item; its value is the code. */
export const ItemField = <V extends object>(props: FieldProps<V, string>) => (
  <SuggestField {...props} load={findItem} />
)
