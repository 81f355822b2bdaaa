import { useEffect, useRef, useState } from 'preact/hooks'
import { useLocation } from 'wouter-preact'
import type { Me } from '../../ui/api/session.ts'
import { Icon } from '../../ui/components/icon.tsx'
import { Name } from '../../ui/components/text.tsx'
import { useText } from '../../ui/i18n/index.ts'
import type { Group, Target } from './search-sources.ts'
import { searchAsked } from './shortcuts.ts'
import { type Results, useSearch } from './use-search.ts'

const LIST = 'search-list'
const optionId = (at: number) => `search-option-${at}`

/** Search over everything: a combobox as WAI-ARIA describes it. Enter opens the first, or the one the arrows are at. */
export const Search = ({ me }: { me: Me }) => {
  const t = useText('shell')
  const [, go] = useLocation()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [at, setAt] = useState(-1)
  const [isWaiting, setWaiting] = useState(false)
  const { results, look, close } = useSearch(me)
  const targets = results.groups.flatMap(group => group.targets)
  const isOpen = results.state !== 'closed'
  useEffect(() => searchAsked(() => field.current?.select()), [])

  const leave = () => {
    close()
    setAt(-1)
    setWaiting(false)
  }
  const open = (target: Target) => {
    leave()
    setText('')
    field.current?.blur()
    if (target.isElsewhere) location.assign(target.href)
    else go(target.href)
  }
  const type = (typed: string) => {
    setText(typed)
    setAt(-1)
    setWaiting(false)
    look(typed)
  }
  // Enter was faster than the answer.
  useEffect(() => {
    if (!isWaiting || results.state === 'asking') return
    setWaiting(false)
    if (targets[0]) open(targets[0])
  }, [isWaiting, results])

  const move = (by: number) => {
    if (targets.length === 0) return look(text)
    const next = (at + by + targets.length + (at < 0 && by < 0 ? 1 : 0)) % targets.length
    setAt(next)
    document.getElementById(optionId(next))?.scrollIntoView({ block: 'nearest' })
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Escape') {
      if (isOpen) leave()
      else field.current?.blur()
    } else if (event.key === 'Enter') {
      const chosen = targets[at] ?? targets[0]
      if (results.state === 'asking' && at < 0) setWaiting(true)
      else if (chosen && text !== '') open(chosen)
      else if (at >= 0 && chosen) open(chosen)
    } else return
    event.preventDefault()
  }

  return (
    <search class="an-search">
      <Icon name="search" />
      <input
        ref={field}
        class="an-search__field"
        type="text"
        role="combobox"
        dir="auto"
        aria-label={t('search.label')}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={LIST}
        aria-activedescendant={isOpen && targets[at] ? optionId(at) : undefined}
        aria-keyshortcuts="/"
        placeholder={t('search.label')}
        autocomplete="off"
        spellcheck={false}
        maxLength={100}
        value={text}
        onInput={event => type(event.currentTarget.value)}
        onFocus={() => look(text)}
        onKeyDown={onKey}
        onBlur={leave}
      />
      <span class="an-search__key" aria-hidden="true">
        /
      </span>
      <div class="an-search__box" hidden={!isOpen}>
        <Options results={results} at={at} open={open} />
        <p class="an-search__note" role="status">
          {isOpen && noteOf(results, targets.length, text, t)}
        </p>
      </div>
    </search>
  )
}

const noteOf = (
  { state }: Results,
  count: number,
  text: string,
  t: ReturnType<typeof useText<'shell'>>,
): string => {
  if (state === 'asking') return t('search.asking')
  if (state === 'failed') return t('search.failed')
  if (text.trim() === '') return t('search.hint')
  return count === 0 ? t('search.nothing') : t('search.count', { count })
}

type OptionsProps = { results: Results; at: number; open: (target: Target) => void }

const Options = ({ results: { groups }, at, open }: OptionsProps) => {
  const t = useText('shell')
  return (
    <div class="an-search__list" id={LIST} role="listbox" aria-label={t('search.results')} tabIndex={-1}>
      {groups.map((group, index) => (
        <OptionGroup key={group.key} group={group} first={countBefore(groups, index)} at={at} open={open} />
      ))}
    </div>
  )
}

const countBefore = (groups: readonly Group[], index: number): number =>
  groups.slice(0, index).reduce((count, { targets }) => count + targets.length, 0)

type GroupProps = { group: Group; first: number; at: number; open: (target: Target) => void }

const OptionGroup = ({ group: { key, label, targets }, first, at, open }: GroupProps) => (
  // biome-ignore lint/a11y/useSemanticElements: a group of options in a list, not of fields in a form
  <div role="group" aria-labelledby={`search-${key}`}>
    <p class="an-search__group" id={`search-${key}`}>
      {label}
    </p>
    {targets.map((target, index) => (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
      <div
        key={target.href}
        id={optionId(first + index)}
        class={first + index === at ? 'an-search__option an-search__option--at' : 'an-search__option'}
        role="option"
        tabIndex={-1}
        aria-selected={first + index === at}
        // The field must not lose the focus before the click is through.
        onMouseDown={event => event.preventDefault()}
        onClick={() => open(target)}
      >
        <Name>{target.title}</Name>
        {target.hint !== undefined && <bdi class="an-search__hint">{target.hint}</bdi>}
      </div>
    ))}
  </div>
)
