import { useEffect, useRef, useState } from 'preact/hooks'
import { useText } from '../../i18n/index.ts'
import { IconButton } from '../button.tsx'
import { Icon } from '../icon.tsx'
import { Name } from '../text.tsx'
import type { Option } from './choice-fields.tsx'
import { controlLook, type FieldProps, Frame, useField } from './field.tsx'

/** Finds what fits what was typed, which may be nothing. The signal is aborted when more was typed since. */
export type Load = (query: string, signal: AbortSignal) => Promise<readonly Option[]>

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

type ComboboxProps = {
  id: string
  aria: Record<string, unknown>
  look: string
  width?: 'short' | 'medium' | 'full' | undefined
  disabled?: boolean | undefined
  load: Load
  text: string
  onType: (text: string) => void
  onChoose: (option: Option) => void
  onLeave: () => void
}

type Found = { state: 'closed' | 'loading' | 'failed' } | { state: 'found'; options: readonly Option[] }

const TYPING_MS = 250

/** What there is for a text, a moment after the last letter; an answer that came too late is forgotten. */
const useFound = (load: Load) => {
  const [found, setFound] = useState<Found>({ state: 'closed' })
  const pending = useRef<{ abort: AbortController; timer: ReturnType<typeof setTimeout> } | undefined>(
    undefined,
  )
  const stop = (): void => {
    clearTimeout(pending.current?.timer)
    pending.current?.abort.abort()
  }
  useEffect(() => stop, [])
  const look = (query: string, waitMs: number): void => {
    stop()
    const abort = new AbortController()
    const show = (next: Found): void => void (!abort.signal.aborted && setFound(next))
    const timer = setTimeout(() => {
      show({ state: 'loading' })
      load(query, abort.signal).then(
        options => show({ state: 'found', options }),
        () => show({ state: 'failed' }),
      )
    }, waitMs)
    pending.current = { abort, timer }
  }
  const close = (): void => {
    stop()
    setFound({ state: 'closed' })
  }
  return { found, look, close }
}

/** A text field with a list under it, as WAI-ARIA describes it: the focus stays in the field, arrows move in the list. */
const Combobox = (props: ComboboxProps) => {
  const t = useText('ui')
  const { id, text } = props
  const { found, look, close } = useFound(props.load)
  const [at, setAt] = useState(-1)
  const options = found.state === 'found' ? found.options : []
  const isOpen = found.state !== 'closed'
  const choose = (option: Option): void => {
    if (option.disabled) return
    close()
    setAt(-1)
    props.onChoose(option)
  }
  const move = (to: number): void => {
    setAt(to)
    document.getElementById(`${id}-option-${to}`)?.scrollIntoView({ block: 'nearest' })
  }
  const onKey = (event: KeyboardEvent): void => {
    const option = options[at]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!isOpen) look(text, 0)
      else if (options.length > 0)
        move(event.key === 'ArrowDown' ? (at + 1) % options.length : (at < 1 ? options.length : at) - 1)
    } else if (event.key === 'Enter' && isOpen && option) choose(option)
    else if (event.key === 'Escape' && isOpen) close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div class={`an-suggest an-width-${props.width ?? 'medium'}`}>
      <input
        {...props.aria}
        id={id}
        class={props.look}
        role="combobox"
        dir="auto"
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-activedescendant={isOpen && options[at] ? `${id}-option-${at}` : undefined}
        autocomplete="off"
        spellcheck={false}
        disabled={props.disabled}
        value={text}
        onInput={event => {
          props.onType(event.currentTarget.value)
          setAt(-1)
          look(event.currentTarget.value.trim(), TYPING_MS)
        }}
        onClick={() => !isOpen && look('', 0)}
        onKeyDown={onKey}
        onBlur={() => {
          close()
          props.onLeave()
        }}
      />
      <span class="an-suggest__icon">
        <Icon name="down" />
      </span>
      <div class="an-suggest__box" hidden={!isOpen}>
        <div
          class="an-suggest__list"
          id={`${id}-list`}
          role="listbox"
          aria-label={t('suggest.list')}
          tabIndex={-1}
        >
          {options.map((option, index) => (
            <Suggestion
              key={option.value}
              id={`${id}-option-${index}`}
              option={option}
              isAt={index === at}
              choose={choose}
            />
          ))}
        </div>
        <p class="an-suggest__note" role="status">
          {found.state === 'loading' && t('suggest.loading')}
          {found.state === 'failed' && t('suggest.failed')}
          {found.state === 'found' &&
            (options.length === 0 ? t('suggest.nothing') : t('suggest.count', { count: options.length }))}
        </p>
      </div>
    </div>
  )
}

type SuggestionProps = { id: string; option: Option; isAt: boolean; choose: (option: Option) => void }

const Suggestion = ({ id, option, isAt, choose }: SuggestionProps) => (
  // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
  <div
    id={id}
    class={isAt ? 'an-suggest__option an-suggest__option--at' : 'an-suggest__option'}
    role="option"
    tabIndex={-1}
    aria-selected={isAt}
    aria-disabled={option.disabled}
    // The field must not lose the focus before the click is through.
    onMouseDown={event => event.preventDefault()}
    onClick={() => choose(option)}
  >
    <Name>{option.label}</Name>
    {option.hint !== undefined && <span class="an-suggest__hint">{option.hint}</span>}
  </div>
)
