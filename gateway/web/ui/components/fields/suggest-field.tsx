import { useRef, useState } from 'preact/hooks'
import { useText } from '../../i18n/index.ts'
import { IconButton } from '../button.tsx'
import { Name } from '../text.tsx'
import type { Option } from './choice-fields.tsx'
import { Combobox, type Load } from './combobox.tsx'
import { controlLook, type FieldProps, Frame, useField } from './field.tsx'

type Common = {
  load: Load
  /** The options behind values that are there from the start, so that they are shown by their names. */
  chosen?: readonly Option[] | undefined
}

/** One of so many that they have to be searched for, such as an area. The value is empty until one is chosen. */
export const SuggestField = <V extends object>(props: FieldProps<V, string> & Common) => {
  const field = useField<V, string>(props, { chooses: true })
  const labels = useLabels(props.chosen)
  const value = field.value ?? ''
  const [typed, setTyped] = useState<string | undefined>(undefined)
  return (
    <Frame {...props} id={field.id} error={field.error}>
      <Combobox
        id={field.id}
        aria={field.aria}
        look={controlLook('govuk-input', { width: 'full', error: field.error })}
        width={props.width}
        disabled={props.disabled}
        load={props.load}
        text={typed ?? (value === '' ? '' : labels.of(value))}
        onType={text => {
          setTyped(text)
          if (text === '') field.set('')
        }}
        onChoose={option => {
          labels.learn(option)
          setTyped(undefined)
          field.set(option.value)
        }}
        onLeave={() => setTyped(undefined)}
      />
    </Frame>
  )
}

/** Any number of those; the value is the list of them. */
export const SuggestManyField = <V extends object>(props: FieldProps<V, readonly string[]> & Common) => {
  const t = useText('ui')
  const field = useField<V, readonly string[]>(props, { chooses: true })
  const labels = useLabels(props.chosen)
  const values = field.value ?? []
  const [typed, setTyped] = useState('')
  const remove = (value: string): void => {
    field.set(values.filter(other => other !== value))
    document.getElementById(field.id)?.focus()
  }
  return (
    <Frame {...props} id={field.id} error={field.error}>
      {values.length > 0 && (
        <ul class="an-chips" aria-label={t('suggest.chosen')}>
          {values.map(value => (
            <li class="an-chip" key={value}>
              <Name>{labels.of(value)}</Name>
              <IconButton
                icon="close"
                label={t('suggest.remove', { label: labels.of(value) })}
                disabled={props.disabled}
                onClick={() => remove(value)}
              />
            </li>
          ))}
        </ul>
      )}
      <Combobox
        id={field.id}
        aria={field.aria}
        look={controlLook('govuk-input', { width: 'full', error: field.error })}
        width={props.width}
        disabled={props.disabled}
        load={async (query, signal) =>
          (await props.load(query, signal)).filter(option => !values.includes(option.value))
        }
        text={typed}
        onType={setTyped}
        onChoose={option => {
          labels.learn(option)
          setTyped('')
          field.set([...values, option.value])
        }}
        onLeave={() => setTyped('')}
      />
    </Frame>
  )
}

/** What chosen values are called: those that were there, and those that were found. */
const useLabels = (chosen: readonly Option[] | undefined) => {
  const learnt = useRef(new Map<string, string>()).current
  return {
    of: (value: string): string =>
      learnt.get(value) ?? chosen?.find(option => option.value === value)?.label ?? value,
    learn: (option: Option): void => void learnt.set(option.value, option.label),
  }
}
