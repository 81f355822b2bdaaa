import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'
import { useSearchParams } from 'wouter-preact'
import { useFormat } from '../i18n/format.ts'

export type Tab = { key: string; label: string; count?: number | undefined; content: () => ComponentChildren }
export type TabsProps = {
  label: string
  tabs: readonly Tab[]
  /** The name in the address that says which tab is shown; needed when a page has two sets of them. */
  param?: string | undefined
}

/** Parts of one thing of which one is shown; which one is in the address (`?tab=`), so that it can be sent on. */
export const Tabs = ({ label, tabs, param = 'tab' }: TabsProps) => {
  const id = useId()
  const format = useFormat()
  const [search, setSearch] = useSearchParams()
  const list = useRef<HTMLDivElement>(null)
  const chosen = tabs.find(tab => tab.key === search.get(param)) ?? tabs[0]
  if (!chosen) return null

  const choose = (key: string): void =>
    setSearch(
      now => {
        const next = new URLSearchParams(now)
        next.set(param, key)
        return next
      },
      { replace: true },
    )
  const onKey = (event: KeyboardEvent): void => {
    const next = tabs[neighbour(event.key, tabs.indexOf(chosen), tabs.length, list.current)]
    if (!next) return
    event.preventDefault()
    choose(next.key)
    document.getElementById(`${id}-${next.key}`)?.focus()
  }
  return (
    <div class="an-tabs">
      <div class="an-tabs__list" role="tablist" aria-label={label} tabIndex={-1} ref={list} onKeyDown={onKey}>
        {tabs.map(tab => (
          <button
            key={tab.key}
            type="button"
            class="an-tabs__tab"
            role="tab"
            id={`${id}-${tab.key}`}
            aria-selected={tab === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={tab === chosen ? 0 : -1}
            onClick={() => choose(tab.key)}
          >
            {tab.label}
            {tab.count !== undefined && <span class="an-tabs__count">{format.count(tab.count)}</span>}
          </button>
        ))}
      </div>
      <div
        class="an-tabs__panel"
        role="tabpanel"
        id={`${id}-panel`}
        key={chosen.key}
        aria-labelledby={`${id}-${chosen.key}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a panel without controls is reached by the keyboard, too
        tabIndex={0}
      >
        {chosen.content()}
      </div>
    </div>
  )
}

/** Where a key leads among the tabs; -1 when nowhere. Arrows follow the direction of reading. */
const neighbour = (key: string, at: number, count: number, list: HTMLElement | null): number => {
  const isReversed = list !== null && getComputedStyle(list).direction === 'rtl'
  const forward = isReversed ? 'ArrowLeft' : 'ArrowRight'
  const backward = isReversed ? 'ArrowRight' : 'ArrowLeft'
  if (key === forward) return (at + 1) % count
  if (key === backward) return (at - 1 + count) % count
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : -1
}
