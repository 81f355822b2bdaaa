import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { useText } from '../../i18n/index.ts'
import { IconButton } from '../button.tsx'
import { controlLook, type FieldProps, Frame, useField } from './field.tsx'

type Typed = Pick<
  JSX.InputHTMLAttributes,
  'type' | 'inputMode' | 'maxLength' | 'spellcheck' | 'dir' | 'placeholder'
>

/** One line of text; `type`, `inputMode`, `maxLength`, `spellcheck` and `dir` as in HTML. */
export const TextField = <V extends object>(props: FieldProps<V, string> & Typed) => {
  const field = useField<V, string>(props)
  const { type = 'text', inputMode, maxLength, spellcheck, dir = 'auto', placeholder } = props
  return (
    <Frame {...props} id={field.id} error={field.error}>
      <input
        {...field.aria}
        {...{ type, inputMode, maxLength, spellcheck, dir, placeholder }}
        id={field.id}
        class={controlLook('govuk-input', { width: props.width, error: field.error })}
        value={field.value ?? ''}
        disabled={props.disabled}
        autocomplete={props.autocomplete ?? 'off'}
        onInput={event => field.set(event.currentTarget.value)}
      />
    </Frame>
  )
}

/** A secret, which can be shown; no draft keeps it. */
export const PasswordField = <V extends object>(props: FieldProps<V, string>) => {
  const t = useText('ui')
  const field = useField<V, string>(props, { isSecret: true })
  const [isShown, setShown] = useState(false)
  return (
    <Frame {...props} id={field.id} error={field.error}>
      <div class={`an-with-button an-width-${props.width ?? 'medium'}`}>
        <input
          {...field.aria}
          id={field.id}
          class={controlLook('govuk-input', { width: 'full', error: field.error })}
          type={isShown ? 'text' : 'password'}
          dir="ltr"
          value={field.value ?? ''}
          disabled={props.disabled}
          spellcheck={false}
          autocapitalize="none"
          autocomplete={props.autocomplete ?? 'off'}
          onInput={event => field.set(event.currentTarget.value)}
        />
        <IconButton
          icon={isShown ? 'hide' : 'view'}
          kind="secondary"
          label={t(isShown ? 'password.hide' : 'password.show')}
          aria-controls={field.id}
          onClick={() => setShown(!isShown)}
        />
      </div>
    </Frame>
  )
}

/** Several lines of text. */
export const TextArea = <V extends object>(
  props: FieldProps<V, string> & { rows?: number | undefined; maxLength?: number | undefined },
) => {
  const field = useField<V, string>(props)
  return (
    <Frame {...props} id={field.id} error={field.error}>
      <textarea
        {...field.aria}
        id={field.id}
        class={controlLook('govuk-textarea', { width: props.width ?? 'full', error: field.error })}
        dir="auto"
        rows={props.rows ?? 4}
        maxLength={props.maxLength}
        value={field.value ?? ''}
        disabled={props.disabled}
        onInput={event => field.set(event.currentTarget.value)}
      />
    </Frame>
  )
}
