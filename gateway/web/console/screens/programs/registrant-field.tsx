import { api, dataOf } from '../../../ui/api/client.ts'
import { type FieldProps, type Option, SuggestField, TextField } from '../../../ui/components/fields.tsx'
import { useMay } from '../../may.ts'
import type { Target } from './words.tsx'

const REFERENCE = /^(GR|IN)-[0-9A-Z]{5}-[0-9A-Z]{6}$/i

const finder = (target: Target) => async (q: string, signal: AbortSignal) => {
  const text = q.trim()
  if (REFERENCE.test(text)) return [{ value: text.toUpperCase(), label: text.toUpperCase() }]
  if (text.length < 2) return []
  const query = { kind: target, name: text, limit: 10 }
  const { items } = await dataOf(api.GET('/api/v1/registrants', { params: { query }, signal }))
  return items.map(({ reference, name }) => ({ value: reference, label: name, hint: reference }))
}

/** A person or a household, by name or by reference; by reference alone for those who may not look people up. */
export const RegistrantField = <V extends object>({
  target,
  chosen,
  ...props
}: FieldProps<V, string> & { target: Target; chosen: readonly Option[] }) =>
  useMay('registrant:read') ? (
    <SuggestField {...props} chosen={chosen} load={finder(target)} />
  ) : (
    <TextField {...props} dir="ltr" maxLength={24} />
  )
