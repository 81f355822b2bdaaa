import type { ComponentChildren } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import { useText } from '../../i18n/index.ts'
import { pointerStep } from '../form-errors.ts'
import type { FormState } from '../use-form.ts'

/** The names of `V` whose values a field of `T` can hold. */
export type NameOf<V, T> = {
  [K in keyof V & string]: V[K] extends T | undefined ? K : never
}[keyof V & string]

/** What every field is given. */
export type FieldProps<V extends object, T> = {
  form: FormState<V>
  name: NameOf<V, T>
  label: string
  hint?: ComponentChildren
  /** A field is required unless this says otherwise; it then says "(optional)". */
  required?: boolean | undefined
  /** What the browser may fill in, such as `username`; nothing without it. */
  autocomplete?: string | undefined
  width?: 'short' | 'medium' | 'full' | undefined
  disabled?: boolean | undefined
}

/** The id of the control at a pointer; of fields of several controls, that of the first. */
export const fieldId = (form: { id: string }, pointer: string): string =>
  `${form.id}${pointer.replaceAll('/', '-').replaceAll(/\s/g, '_')}`

/** A field as its control sees it. */
export type Field<T> = {
  id: string
  pointer: string
  value: T | undefined
  set: (value: T | undefined) => void
  error: string | undefined
  /** For the control: what describes it, and whether it is wrong. */
  aria: {
    'aria-describedby': string | undefined
    'aria-invalid': true | undefined
    'aria-required': true | undefined
  }
}

type Rules<T> = {
  check?: (value: T | undefined) => string | undefined
  isSecret?: boolean
  chooses?: boolean
}

/** Makes a field known to its form: its value, its error, and what is checked before anything is sent. */
export const useField = <V extends object, T>(props: FieldProps<V, T>, rules: Rules<T> = {}): Field<T> => {
  const t = useText('ui')
  const { form, name, label, required = true } = props
  const pointer = `${form.pointer}${pointerStep(name)}`
  const value = form.values[name] as T | undefined
  const check = (): string | undefined => {
    const wrong = rules.check?.(value)
    if (wrong !== undefined) return wrong
    if (!required || props.disabled || !isEmpty(value)) return undefined
    return rules.chooses ? t('form.choose') : t('form.fill')
  }
  useLayoutEffect(() => {
    form.fields.set(pointer, { label, check })
  })
  useLayoutEffect(() => {
    if (rules.isSecret) form.secrets.add(name)
    return () => void form.fields.delete(pointer)
  }, [pointer])
  const id = fieldId(form, pointer)
  const error = form.errors[pointer]
  const described = [props.hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(
    Boolean,
  )
  return {
    id,
    pointer,
    value,
    set: next => form.set(name, next as V[typeof name]),
    error,
    aria: {
      'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
      'aria-invalid': error === undefined ? undefined : true,
      'aria-required': required || undefined,
    },
  }
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === false ||
  (Array.isArray(value) && value.length === 0)

type FrameProps = {
  id: string
  label: string
  hint?: ComponentChildren
  error: string | undefined
  required?: boolean | undefined
  children: ComponentChildren
}

/** Label, hint and error around one control. */
export const Frame = ({ id, label, hint, error, required = true, children }: FrameProps) => (
  <div class={groupLook(error)}>
    <label class="govuk-label" for={id}>
      <LabelText label={label} required={required} />
    </label>
    <HintAndError id={id} hint={hint} error={error} />
    {children}
  </div>
)

/** Legend, hint and error around several controls that make one value. */
export const GroupFrame = ({
  id,
  label,
  hint,
  error,
  required = true,
  aria,
  role,
  children,
}: FrameProps & { aria: Field<unknown>['aria']; role?: 'radiogroup' | 'group' }) => (
  <div class={groupLook(error)}>
    <fieldset
      class="govuk-fieldset"
      role={role}
      aria-describedby={aria['aria-describedby']}
      {...(role === 'radiogroup' && {
        'aria-invalid': aria['aria-invalid'],
        'aria-required': aria['aria-required'],
      })}
    >
      <legend class="govuk-fieldset__legend">
        <LabelText label={label} required={required} />
      </legend>
      <HintAndError id={id} hint={hint} error={error} />
      {children}
    </fieldset>
  </div>
)

const groupLook = (error: string | undefined): string =>
  error === undefined ? 'govuk-form-group' : 'govuk-form-group govuk-form-group--error'

const LabelText = ({ label, required }: { label: string; required: boolean }) => {
  const t = useText('ui')
  return (
    <>
      {label}
      {!required && <span class="an-optional"> {t('form.optional')}</span>}
    </>
  )
}

const HintAndError = ({ id, hint, error }: Pick<FrameProps, 'id' | 'hint' | 'error'>) => {
  const t = useText('ui')
  return (
    <>
      {hint !== undefined && (
        <div class="govuk-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {error !== undefined && (
        <p class="govuk-error-message" id={`${id}-error`}>
          <span class="govuk-visually-hidden">{t('form.error')} </span>
          {error}
        </p>
      )}
    </>
  )
}

/** The classes of a control: its width, and whether it is wrong. */
export const controlLook = (
  block: 'govuk-input' | 'govuk-textarea' | 'govuk-select',
  { width = 'medium', error }: { width?: 'short' | 'medium' | 'full' | undefined; error: string | undefined },
): string => `${block} an-width-${width}${error === undefined ? '' : ` ${block}--error`}`
