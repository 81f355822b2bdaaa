import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Link, useLocation } from 'wouter-preact'
import { Icon } from './icon.tsx'
import { WithinPage } from './within-page.ts'

export type PageProps = {
  /** The heading, and the title of the document. */
  title: string
  /** What the heading shows when it is more than plain text, such as a name with its state. */
  heading?: ComponentChildren
  back?: { href: string; label: string } | undefined
  /** Buttons beside the heading. */
  actions?: ComponentChildren
  /** One sentence under the heading. */
  lead?: ComponentChildren
  children: ComponentChildren
}

/** Where the last page that took the focus was: the first page of a visit leaves it where the browser put it. */
let focusedAt: string | undefined

/** A screen: its heading takes the focus when somebody comes from another one, so that it is read out. */
export const Page = ({ title, heading = title, back, actions, lead, children }: PageProps) => {
  const [location] = useLocation()
  const top = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} – Annona`
  }, [title])
  useEffect(() => {
    if (focusedAt !== undefined && focusedAt !== location) top.current?.focus()
    focusedAt = location
  }, [location])
  return (
    <div class="an-page">
      <header class="an-page__head">
        {back && (
          <Link class="an-back" href={back.href}>
            <Icon name="back" />
            {back.label}
          </Link>
        )}
        <div class="an-page__top">
          <h1 class="an-page__title" ref={top} tabIndex={-1}>
            {heading}
          </h1>
          {actions !== undefined && <div class="an-actions">{actions}</div>}
        </div>
        {lead !== undefined && <p class="an-page__lead">{lead}</p>}
      </header>
      <WithinPage.Provider value={true}>{children}</WithinPage.Provider>
    </div>
  )
}

/** A card with a heading of the second rank. `plain` has no card: for tables and lists, which have their own. */
export const Section = ({
  title,
  actions,
  plain = false,
  id,
  children,
}: {
  title: string
  actions?: ComponentChildren
  plain?: boolean
  id?: string
  children: ComponentChildren
}) => (
  <section class={plain ? 'an-section an-section--plain' : 'an-section'} id={id} aria-label={title}>
    <div class="an-section__head">
      <h2 class="an-section__title">{title}</h2>
      {actions !== undefined && <div class="an-actions">{actions}</div>}
    </div>
    {children}
  </section>
)

export type SummaryRow = { label: string; value: ComponentChildren; action?: ComponentChildren }

/** What is known of one thing: labels and values, with what can be done to one at its end. */
export const Summary = ({ rows }: { rows: readonly SummaryRow[] }) => (
  <dl class="an-summary">
    {rows.map(row => (
      <div class="an-summary__row" key={row.label}>
        <dt class="an-summary__label">{row.label}</dt>
        <dd class="an-summary__value">{row.value}</dd>
        {row.action !== undefined && <dd class="an-summary__action">{row.action}</dd>}
      </div>
    ))}
  </dl>
)

/** Two columns where there is room: the first is twice as wide as the second; with `even` both are the same. */
export const Columns = ({ even = false, children }: { even?: boolean; children: ComponentChildren }) => (
  <div class={even ? 'an-columns an-columns--even' : 'an-columns'}>{children}</div>
)
