import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type CalendarName, fromIso, monthNames, type NoSuchDay, toIso } from '../../calendar/index.ts'
import { useCalendar, useFormat } from '../../i18n/format.ts'
import { useLanguage, useText } from '../../i18n/index.ts'
import { westernDigits } from './decimal.ts'
import { type FieldProps, GroupFrame, useField } from './field.tsx'

/** A day as it is typed, which need not be one. */
type Typed = { year: string; month: string; day: string }

const NOTHING: Typed = { year: '', month: '', day: '' }
const isNothing = (typed: Typed): boolean => typed.year === '' && typed.month === '' && typed.day === ''

const typedOf = (calendar: CalendarName, iso: string | undefined): Typed => {
  const named = iso === undefined ? undefined : fromIso(calendar, iso)
  return named ? { year: String(named.year), month: String(named.month), day: String(named.day) } : NOTHING
}

const numberOf = (text: string): number =>
  /^\d+$/.test(westernDigits(text)) ? Number(westernDigits(text)) : Number.NaN

/** The ISO day that is meant; undefined when a part is missing. */
const meaningOf = (calendar: CalendarName, typed: Typed): { iso: string } | NoSuchDay | undefined => {
  const [year, month, day] = [typed.year, typed.month, typed.day].map(text => numberOf(text))
  if (typed.year === '' || typed.month === '' || typed.day === '') return undefined
  return toIso(calendar, { year: year!, month: month!, day: day! })
}

/**
 * A day, entered in the calendar of whoever types; the value is ISO 8601 (`2026-11-22`), empty while there is none.
 * A day that does not exist is refused before anything is sent.
 */
export const DateField = <V extends object>(props: FieldProps<V, string>) => {
  const t = useText('ui')
  const calendar = useCalendar()
  const now = useRef(NOTHING)
  const field = useField<V, string>(props, { check: () => wrongOf(calendar, now.current, t) })
  const [typed, setTyped] = useState(NOTHING)
  const told = useRef(calendar)
  const take = (next: Typed): void => {
    now.current = next
    setTyped(next)
  }
  // At first, in another calendar, and when the value was set from outside, the parts are told anew.
  useLayoutEffect(() => {
    const meant = meaningOf(calendar, now.current)
    const iso = meant && 'iso' in meant ? meant.iso : ''
    if (iso !== (field.value ?? '') || told.current !== calendar) take(typedOf(calendar, field.value))
    told.current = calendar
  }, [calendar, field.value])

  const change = (part: Partial<Typed>): void => {
    const next = { ...now.current, ...part }
    take(next)
    const meant = meaningOf(calendar, next)
    field.set(meant && 'iso' in meant ? meant.iso : '')
  }
  return (
    <GroupFrame {...props} id={field.id} error={field.error} aria={field.aria} role="group">
      <div class="an-date">
        <Part
          id={field.id}
          label={t('date.day')}
          size="two"
          value={typed.day}
          props={props}
          onType={day => change({ day })}
        />
        <Months
          id={`${field.id}-month`}
          value={typed.month}
          disabled={props.disabled}
          onChoose={month => change({ month })}
        />
        <Part
          id={`${field.id}-year`}
          label={t('date.year')}
          size="four"
          value={typed.year}
          props={props}
          onType={year => change({ year })}
        />
      </div>
      {calendar !== 'gregory' && <OtherCalendar calendar={calendar} iso={field.value} />}
    </GroupFrame>
  )
}

const wrongOf = (
  calendar: CalendarName,
  typed: Typed,
  t: ReturnType<typeof useText<'ui'>>,
): string | undefined => {
  if (isNothing(typed)) return undefined
  const meant = meaningOf(calendar, typed)
  if (meant === undefined) return t('date.incomplete')
  if ('iso' in meant) return undefined
  if (meant.wrong === 'day') return t('date.noSuchDay', { last: meant.last })
  return t(meant.wrong === 'month' ? 'date.noSuchMonth' : 'date.noSuchYear')
}

type PartProps = {
  id: string
  label: string
  size: 'two' | 'four'
  value: string
  props: { disabled?: boolean | undefined }
  onType: (text: string) => void
}

const Part = ({ id, label, size, value, props, onType }: PartProps) => (
  <div class="an-date__part">
    <label class="an-date__label" for={id}>
      {label}
    </label>
    <input
      id={id}
      class={`govuk-input an-date__${size}`}
      inputMode="numeric"
      dir="ltr"
      autocomplete="off"
      maxLength={4}
      value={value}
      disabled={props.disabled}
      onInput={event => onType(event.currentTarget.value.trim())}
    />
  </div>
)

type MonthsProps = {
  id: string
  value: string
  disabled?: boolean | undefined
  onChoose: (month: string) => void
}

const Months = ({ id, value, disabled, onChoose }: MonthsProps) => {
  const t = useText('ui')
  const calendar = useCalendar()
  const language = useLanguage()
  const names = useMemo(() => monthNames(calendar, language), [calendar, language])
  return (
    <div class="an-date__part">
      <label class="an-date__label" for={id}>
        {t('date.month')}
      </label>
      <select
        id={id}
        class="govuk-select an-date__month"
        value={value}
        disabled={disabled}
        onChange={event => onChoose(event.currentTarget.value)}
      >
        <option value="" />
        {names.map((name, index) => (
          <option key={name} value={String(index + 1)}>
            {index + 1} – {name}
          </option>
        ))}
      </select>
    </div>
  )
}

/** Which calendar is meant, and what the day is called in the Gregorian one, which papers often have. */
const OtherCalendar = ({ calendar, iso }: { calendar: CalendarName; iso: string | undefined }) => {
  const t = useText('ui')
  const language = useLanguage()
  const format = useFormat()
  const gregorian = (day: string): string =>
    new Intl.DateTimeFormat(`${language}-u-ca-gregory`, { dateStyle: 'medium', timeZone: 'UTC' }).format(
      Date.parse(day),
    )
  return (
    <p class="an-date__other">
      {iso
        ? t('date.isGregorian', { day: format.day(iso), gregorian: gregorian(iso) })
        : t(`calendar.${calendar}`)}
    </p>
  )
}
