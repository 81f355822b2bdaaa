import { useEffect, useRef, useState } from 'preact/hooks'
import { useText } from '../../i18n/index.ts'
import { Icon } from '../icon.tsx'
import { Name } from '../text.tsx'
import type { Option } from './choice-fields.tsx'

/** Finds what fits what was typed, which may be nothing. The signal is aborted when more was typed since. */
export type Load = (query: string, signal: AbortSignal) => Promise<readonly Option[]>

export type ComboboxProps = {
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
export const Combobox = (props: ComboboxProps) => {
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
    const option = options[at] ?? (options.length === 1 ? options[0] : undefined)
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!isOpen) look(text, 0)
      else if (options.length > 0)
        move(event.key === 'ArrowDown' ? (at + 1) % options.length : (at < 1 ? options.length : at) - 1)
    } else if (event.key === 'Enter' && isOpen) {
      // Not for the form: whoever presses it in an open list means the list.
      if (option) choose(option)
    } else if (event.key === 'Escape' && isOpen) close()
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
      <Suggestions id={id} found={found} at={at} choose={choose} />
    </div>
  )
}

type SuggestionsProps = { id: string; found: Found; at: number; choose: (option: Option) => void }

const Suggestions = ({ id, found, at, choose }: SuggestionsProps) => {
  const t = useText('ui')
  const options = found.state === 'found' ? found.options : []
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a finger in the list must not take the focus from the field
    <div
      class="an-suggest__box"
      hidden={found.state === 'closed'}
      onMouseDown={event => event.preventDefault()}
    >
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
    onClick={() => choose(option)}
  >
    <Name>{option.label}</Name>
    {option.hint !== undefined && <span class="an-suggest__hint">{option.hint}</span>}
  </div>
)
