import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { Icon, type IconName } from './icon.tsx'
import { keepOnScreen } from './on-screen.ts'

export type MenuItem = { label: string; tone?: 'bad' | undefined; icon?: IconName | undefined } & (
  | { href: string; onSelect?: never }
  | { href?: never; onSelect: () => void }
)

export type MenuProps = {
  label: string
  items: readonly MenuItem[]
  /** What the button shows when that is not its label, such as a picture of a user. */
  face?: ComponentChildren
}

/** The next of `count` items from `at`, around the ends. */
const step = (at: number, by: number, count: number): number => (at + by + count) % count

/** A button that opens a list of things to do: arrows, Home, End and first letters move in it, Escape closes it. */
export const Menu = ({ label, items, face }: MenuProps) => {
  const id = useId()
  const [openAt, setOpenAt] = useState<'first' | 'last' | undefined>(undefined)
  const button = useRef<HTMLButtonElement>(null)
  const isOpen = openAt !== undefined
  const close = (andReturn: boolean): void => {
    setOpenAt(undefined)
    if (andReturn) button.current?.focus()
  }
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    setOpenAt(event.key === 'ArrowDown' ? 'first' : 'last')
  }
  return (
    <div class="an-menu">
      <button
        ref={button}
        type="button"
        class="an-button an-button--secondary"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-label={face === undefined ? undefined : label}
        onClick={() => (isOpen ? close(true) : setOpenAt('first'))}
        onKeyDown={onKey}
      >
        {face ?? label}
        <Icon name="down" />
      </button>
      {openAt && <MenuList id={id} label={label} items={items} startAt={openAt} close={close} />}
    </div>
  )
}

type ListProps = {
  id: string
  label: string
  items: readonly MenuItem[]
  startAt: 'first' | 'last'
  /** `andReturn`: the focus goes back to the button. */
  close: (andReturn: boolean) => void
}

const MenuList = ({ id, label, items, startAt, close }: ListProps) => {
  const list = useRef<HTMLDivElement>(null)
  const entries = (): HTMLElement[] => [
    ...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? []),
  ]
  useLayoutEffect(() => {
    keepOnScreen(list.current)
    entries()
      .at(startAt === 'first' ? 0 : -1)
      ?.focus()
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !list.current?.parentElement?.contains(event.target)) close(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [])
  const onKey = (event: KeyboardEvent): void => {
    const all = entries()
    const target = targetOf(event.key, all.indexOf(document.activeElement as HTMLElement), all)
    if (event.key === 'Escape') close(true)
    else if (event.key === 'Tab') close(false)
    else if (target) target.focus()
    else return
    if (event.key !== 'Tab') event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      class="an-menu__list"
      id={id}
      role="menu"
      aria-label={label}
      tabIndex={-1}
      ref={list}
      onKeyDown={onKey}
    >
      {items.map(item => (
        <Entry key={item.label} item={item} close={() => close(true)} />
      ))}
    </div>
  )
}

const targetOf = (key: string, at: number, all: readonly HTMLElement[]): HTMLElement | undefined => {
  if (key === 'ArrowDown') return all[step(at, 1, all.length)]
  if (key === 'ArrowUp') return all[step(at, -1, all.length)]
  if (key === 'Home') return all[0]
  if (key === 'End') return all.at(-1)
  if (key.length !== 1 || key === ' ') return undefined
  const after = [...all.slice(at + 1), ...all.slice(0, at + 1)]
  return after.find(entry => entry.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()))
}

const Entry = ({ item, close }: { item: MenuItem; close: () => void }) => {
  const look = item.tone === 'bad' ? 'an-menu__item an-menu__item--bad' : 'an-menu__item'
  const content = (
    <>
      {item.icon && <Icon name={item.icon} />}
      {item.label}
    </>
  )
  if (item.href !== undefined)
    return (
      <Link class={look} role="menuitem" tabIndex={-1} href={item.href} onClick={close}>
        {content}
      </Link>
    )
  return (
    <button
      type="button"
      class={look}
      role="menuitem"
      tabIndex={-1}
      onClick={() => {
        close()
        item.onSelect()
      }}
    >
      {content}
    </button>
  )
}
