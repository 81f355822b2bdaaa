import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { List } from '../api/list.ts'
import { useFormat } from '../i18n/format.ts'
import { useText } from '../i18n/index.ts'
import { Button } from './button.tsx'
import type { Option } from './fields/choice-fields.tsx'
import { DateField } from './fields/date-field.tsx'
import { Icon } from './icon.tsx'
import { useForm } from './use-form.ts'

/** One thing to filter by; `name` is that of the API's query parameter. */
export type FilterField =
  | { kind: 'text'; name: string; label: string }
  | { kind: 'select'; name: string; label: string; options: readonly Option[] }
  | { kind: 'day'; name: string; label: string }

type ListFilters = Pick<List<unknown>, 'filters' | 'setFilter' | 'clearFilters'>

/** What a list is narrowed by, above it, and in chips what it is narrowed by now. */
export const Filters = ({ list, fields }: { list: ListFilters; fields: readonly FilterField[] }) => {
  const t = useText('ui')
  const id = useId()
  // On a telephone the list is what one came for: the first field is there, the others on demand.
  const [isOpen, setOpen] = useState(false)
  const set = fields.filter(field => list.filters[field.name] !== undefined)
  return (
    <search class="an-filters" aria-label={t('filters.label')}>
      <div class={isOpen ? 'an-filters__fields' : 'an-filters__fields an-filters__fields--few'} id={id}>
        {fields.map(field => (
          <Control key={field.name} field={field} list={list} />
        ))}
      </div>
      {fields.length > 1 && (
        <div class="an-filters__more">
          <Button kind="quiet" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
            {t(isOpen ? 'filters.fewer' : 'filters.more')}
          </Button>
        </div>
      )}
      {set.length > 0 && (
        <ul class="an-chips" aria-label={t('filters.set')}>
          {set.map(field => (
            <li key={field.name}>
              <Chip field={field} list={list} />
            </li>
          ))}
          <li>
            <Button kind="quiet" onClick={list.clearFilters}>
              {t('filters.clear')}
            </Button>
          </li>
        </ul>
      )}
    </search>
  )
}

const Chip = ({ field, list }: { field: FilterField; list: ListFilters }) => {
  const t = useText('ui')
  const format = useFormat()
  const value = list.filters[field.name] ?? ''
  const words =
    field.kind === 'select'
      ? (field.options.find(option => option.value === value)?.label ?? value)
      : field.kind === 'day' && /^\d{4}-\d\d-\d\d$/.test(value)
        ? format.day(value)
        : value
  return (
    <button
      type="button"
      class="an-chip an-chip--button"
      onClick={() => list.setFilter(field.name, undefined)}
    >
      <span class="an-chip__words">
        <span class="govuk-visually-hidden">{t('filters.remove')} </span>
        <span class="an-chip__label">{field.label}: </span>
        <bdi>{words}</bdi>
      </span>
      <Icon name="close" />
    </button>
  )
}

const Control = ({ field, list }: { field: FilterField; list: ListFilters }) => {
  if (field.kind === 'text') return <TextFilter field={field} list={list} />
  if (field.kind === 'day') return <DayFilter field={field} list={list} />
  return <SelectFilter field={field} options={field.options} list={list} />
}

type ControlProps = { field: { name: string; label: string }; list: ListFilters }

const TYPING_MS = 350

const TextFilter = ({ field, list }: ControlProps) => {
  const id = useId()
  const value = list.filters[field.name] ?? ''
  const [typed, setTyped] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => setTyped(value), [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  const apply = (text: string): void => {
    clearTimeout(timer.current)
    if (text.trim() !== value) list.setFilter(field.name, text.trim() || undefined)
  }
  return (
    <div class="an-filters__field">
      <label class="govuk-label" for={id}>
        {field.label}
      </label>
      <input
        id={id}
        class="govuk-input"
        type="search"
        dir="auto"
        autocomplete="off"
        value={typed}
        onInput={event => {
          const text = event.currentTarget.value
          setTyped(text)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => apply(text), TYPING_MS)
        }}
        onKeyDown={event => event.key === 'Enter' && apply(event.currentTarget.value)}
      />
    </div>
  )
}

const SelectFilter = ({ field, options, list }: ControlProps & { options: readonly Option[] }) => {
  const t = useText('ui')
  const id = useId()
  return (
    <div class="an-filters__field">
      <label class="govuk-label" for={id}>
        {field.label}
      </label>
      <select
        id={id}
        class="govuk-select"
        value={list.filters[field.name] ?? ''}
        onChange={event => list.setFilter(field.name, event.currentTarget.value || undefined)}
      >
        <option value="">{t('filters.any')}</option>
        {options.map(option => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}

const DayFilter = ({ field, list }: ControlProps) => {
  const value = list.filters[field.name] ?? ''
  const form = useForm({ initial: { day: value }, submit: async () => undefined })
  const { day } = form.values
  useEffect(() => {
    if (day !== value) form.reset({ day: value })
  }, [value])
  useEffect(() => {
    if (day !== value) list.setFilter(field.name, day || undefined)
  }, [day])
  return (
    <div class="an-filters__field an-filters__field--day">
      <DateField form={form} name="day" label={field.label} />
    </div>
  )
}
