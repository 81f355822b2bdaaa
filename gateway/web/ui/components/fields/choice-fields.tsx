import type { ComponentChildren } from 'preact'
import { useText } from '../../i18n/index.ts'
import { controlLook, type FieldProps, Frame, GroupFrame, useField } from './field.tsx'

export type Option = {
  value: string
  label: string
  hint?: string | undefined
  disabled?: boolean | undefined
}
type Options = { options: readonly Option[] }

/** One of a list that is too long for `RadioField`. The value is empty until something is chosen. */
export const SelectField = <V extends object>(
  props: FieldProps<V, string> & Options & { placeholder?: string },
) => {
  const t = useText('ui')
  const field = useField<V, string>(props, { chooses: true })
  return (
    <Frame {...props} id={field.id} error={field.error}>
      <select
        {...field.aria}
        id={field.id}
        class={controlLook('govuk-select', { width: props.width, error: field.error })}
        value={field.value ?? ''}
        disabled={props.disabled}
        autocomplete={props.autocomplete}
        onChange={event => field.set(event.currentTarget.value)}
      >
        <option value="">
          {props.placeholder ?? t(props.required === false ? 'select.none' : 'select.choose')}
        </option>
        {props.options.map(option => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.hint === undefined ? option.label : `${option.label} – ${option.hint}`}
          </option>
        ))}
      </select>
    </Frame>
  )
}

/** One of a few, all of them seen. */
export const RadioField = <V extends object>(
  props: FieldProps<V, string> & Options & { inline?: boolean },
) => {
  const field = useField<V, string>(props, { chooses: true })
  return (
    <GroupFrame {...props} id={field.id} error={field.error} aria={field.aria} role="radiogroup">
      <div
        class={
          props.inline
            ? 'govuk-radios govuk-radios--small govuk-radios--inline'
            : 'govuk-radios govuk-radios--small'
        }
      >
        {props.options.map((option, index) => (
          <Choice key={option.value} kind="radios" id={idOf(field.id, index)} option={option}>
            <input
              type="radio"
              class="govuk-radios__input"
              id={idOf(field.id, index)}
              name={field.id}
              checked={field.value === option.value}
              disabled={props.disabled || option.disabled}
              aria-describedby={option.hint === undefined ? undefined : `${idOf(field.id, index)}-hint`}
              onChange={() => field.set(option.value)}
            />
          </Choice>
        ))}
      </div>
    </GroupFrame>
  )
}

/** Any of several; the value is the list of those that are chosen, in the order of the options. */
export const CheckboxesField = <V extends object>(props: FieldProps<V, readonly string[]> & Options) => {
  const field = useField<V, readonly string[]>(props, { chooses: true })
  const chosen = field.value ?? []
  const toggle = (value: string, isOn: boolean): void =>
    field.set(
      props.options
        .map(option => option.value)
        .filter(other => (other === value ? isOn : chosen.includes(other))),
    )
  return (
    <GroupFrame {...props} id={field.id} error={field.error} aria={field.aria}>
      <div class="govuk-checkboxes govuk-checkboxes--small">
        {props.options.map((option, index) => (
          <Choice key={option.value} kind="checkboxes" id={idOf(field.id, index)} option={option}>
            <input
              type="checkbox"
              class="govuk-checkboxes__input"
              id={idOf(field.id, index)}
              checked={chosen.includes(option.value)}
              disabled={props.disabled || option.disabled}
              aria-describedby={option.hint === undefined ? undefined : `${idOf(field.id, index)}-hint`}
              onChange={event => toggle(option.value, event.currentTarget.checked)}
            />
          </Choice>
        ))}
      </div>
    </GroupFrame>
  )
}

/** Yes or no. `required` means that only yes will do; without it nothing is asked. */
export const CheckField = <V extends object>(props: FieldProps<V, boolean>) => {
  const { required = false } = props
  const field = useField<V, boolean>({ ...props, required }, { chooses: true })
  return (
    <div class={field.error === undefined ? 'govuk-form-group' : 'govuk-form-group govuk-form-group--error'}>
      {field.error !== undefined && (
        <p class="govuk-error-message" id={`${field.id}-error`}>
          {field.error}
        </p>
      )}
      <div class="govuk-checkboxes govuk-checkboxes--small">
        <Choice kind="checkboxes" id={field.id} option={props}>
          <input
            {...field.aria}
            type="checkbox"
            class="govuk-checkboxes__input"
            id={field.id}
            checked={field.value ?? false}
            disabled={props.disabled}
            onChange={event => field.set(event.currentTarget.checked)}
          />
        </Choice>
      </div>
    </div>
  )
}

/** The first control of a group has the id of the field, so that the summary of errors leads to it. */
const idOf = (id: string, index: number): string => (index === 0 ? id : `${id}-${index}`)

type ChoiceProps = {
  kind: 'radios' | 'checkboxes'
  id: string
  option: { label: string; hint?: ComponentChildren | undefined }
  children: ComponentChildren
}

const Choice = ({ kind, id, option, children }: ChoiceProps) => (
  <div class={`govuk-${kind}__item`}>
    {children}
    <label class={`govuk-label govuk-${kind}__label`} for={id}>
      {option.label}
    </label>
    {option.hint !== undefined && (
      <div class={`govuk-hint govuk-${kind}__hint`} id={`${id}-hint`}>
        {option.hint}
      </div>
    )}
  </div>
)
