import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useLanguage, useText } from '../../i18n/index.ts'
import { decimalOf, typedDecimal } from './decimal.ts'
import { controlLook, type FieldProps, Frame, useField } from './field.tsx'

type Entry<T> = {
  parse: (typed: string) => T | undefined
  show: (value: T) => string
  /** What is said of a text that means nothing. */
  wrong: string
  /** The value of an empty field. */
  empty: T | undefined
}

/** What is typed stays as it is typed; the value is what it means, or undefined when it means nothing. */
const useEntry = <V extends object, T>(props: FieldProps<V, T>, { parse, show, wrong, empty }: Entry<T>) => {
  const [typed, setTyped] = useState<string | undefined>(undefined)
  const text = useRef('')
  const field = useField<V, T>(props, {
    check: () => (text.current.trim() !== '' && parse(text.current) === undefined ? wrong : undefined),
  })
  const shown = field.value === undefined ? '' : show(field.value)
  useEffect(() => {
    if (typed !== undefined && (parse(typed) ?? empty) !== field.value) setTyped(undefined)
  }, [field.value])
  text.current = typed ?? shown
  const onInput = (event: { currentTarget: HTMLInputElement }): void => {
    setTyped(event.currentTarget.value)
    field.set(parse(event.currentTarget.value) ?? empty)
  }
  return { field, text: text.current, onInput }
}

/** A number; its value is a number, or undefined while the field is empty. */
export const NumberField = <V extends object>(
  props: FieldProps<V, number> & { min?: number; max?: number; whole?: boolean; unit?: string },
) => {
  const t = useText('ui')
  const language = useLanguage()
  const { min, max, whole = true } = props
  const parse = (typed: string): number | undefined => {
    const decimal = decimalOf(typed, language)
    const value = decimal === undefined ? undefined : Number(decimal)
    if (value === undefined || (whole && !Number.isSafeInteger(value))) return undefined
    return value < (min ?? value) || value > (max ?? value) ? undefined : value
  }
  const show = (value: number): string => typedDecimal(String(value), language)
  const wrong =
    min !== undefined && max !== undefined
      ? t('number.between', { min, max })
      : t(whole ? 'number.whole' : 'number.any')
  const { field, text, onInput } = useEntry<V, number>(props, { parse, show, wrong, empty: undefined })
  return (
    <Frame {...props} id={field.id} error={field.error}>
      <Affixed after={props.unit}>
        <input
          {...field.aria}
          id={field.id}
          class={controlLook('govuk-input', { width: props.width ?? 'short', error: field.error })}
          inputMode={whole ? 'numeric' : 'decimal'}
          dir="ltr"
          value={text}
          disabled={props.disabled}
          autocomplete={props.autocomplete ?? 'off'}
          onInput={onInput}
        />
      </Affixed>
    </Frame>
  )
}

/** An amount; its value is the decimal text that the API takes, such as `1250.50`. */
export const MoneyField = <V extends object>(props: FieldProps<V, string> & { currency: string }) => {
  const t = useText('ui')
  const language = useLanguage()
  const entry = {
    parse: (typed: string) => decimalOf(typed, language),
    show: (value: string) => typedDecimal(value, language),
    wrong: t('number.amount'),
    empty: '',
  }
  const { field, text, onInput } = useEntry<V, string>(props, entry)
  return (
    <Frame {...props} id={field.id} error={field.error}>
      <Affixed before={props.currency}>
        <input
          {...field.aria}
          id={field.id}
          class={controlLook('govuk-input', { width: props.width ?? 'short', error: field.error })}
          inputMode="decimal"
          dir="ltr"
          value={text}
          disabled={props.disabled}
          autocomplete="off"
          onInput={onInput}
        />
      </Affixed>
    </Frame>
  )
}

const Affixed = ({
  before,
  after,
  children,
}: {
  before?: string | undefined
  after?: string | undefined
  children: ComponentChildren
}) =>
  before === undefined && after === undefined ? (
    children
  ) : (
    <div class="govuk-input__wrapper">
      {before !== undefined && <div class="govuk-input__prefix">{before}</div>}
      {children}
      {after !== undefined && <div class="govuk-input__suffix">{after}</div>}
    </div>
  )
