import { useEffect } from 'preact/hooks'
import type { List } from '../../../ui/api/list.ts'
import { type Load, SuggestField } from '../../../ui/components/fields.tsx'
import { useForm } from '../../../ui/components/form.tsx'

/** Narrows a list to one of so many that they have to be searched for. An empty field is all of them. */
export const SuggestFilter = ({
  list,
  name,
  label,
  load,
}: {
  list: Pick<List<unknown>, 'filters' | 'setFilter'>
  /** Of the API's query parameter. */
  name: string
  label: string
  load: Load
}) => {
  const value = list.filters[name] ?? ''
  const form = useForm({ initial: { value }, submit: async () => undefined })
  const chosen = form.values.value
  useEffect(() => {
    if (chosen !== value) form.reset({ value })
  }, [value])
  useEffect(() => {
    if (chosen !== value) list.setFilter(name, chosen || undefined)
  }, [chosen])
  return (
    <search class="an-filters" aria-label={label}>
      <div class="an-filters__field">
        <SuggestField form={form} name="value" label={label} load={load} />
      </div>
    </search>
  )
}
