import { api, dataOf } from '../../../ui/api/client.ts'
import { type FieldProps, SuggestField } from '../../../ui/components/fields.tsx'

const find = async (q: string, signal: AbortSignal) => {
  const query = { status: 'active' as const, limit: 10, ...(q === '' ? {} : { q }) }
  const { items } = await dataOf(api.GET('/api/v1/users', { params: { query }, signal }))
  return items.map(user => ({ value: user.username, label: user.name, hint: user.username }))
}

/** Choosing a user by their name. Its value is the username. */
export const UserField = <V extends object>(props: FieldProps<V, string>) => (
  <SuggestField {...props} load={find} />
)
