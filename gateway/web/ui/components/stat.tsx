import type { ComponentChildren } from 'preact'
import { Link } from 'wouter-preact'

export type StatProps = {
  label: string
  value: ComponentChildren
  /** Where what is counted is listed. */
  href?: string | undefined
  hint?: ComponentChildren
}

/** A number that matters, in a tile. Put several in `<Stats>`. */
export const Stat = ({ label, value, href, hint }: StatProps) => {
  const content = (
    <>
      <span class="an-stat__label">{label}</span>
      <span class="an-stat__value">{value}</span>
      {hint !== undefined && <span class="an-stat__hint">{hint}</span>}
    </>
  )
  return (
    <li class="an-stats__item">
      {href === undefined ? (
        <div class="an-stat">{content}</div>
      ) : (
        <Link class="an-stat an-stat--link" href={href}>
          {content}
        </Link>
      )}
    </li>
  )
}

/** Tiles side by side, as many as there is room for. */
export const Stats = ({ label, children }: { label: string; children: ComponentChildren }) => (
  <ul class="an-stats" aria-label={label}>
    {children}
  </ul>
)
