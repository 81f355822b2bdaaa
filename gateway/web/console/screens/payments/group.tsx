import type { ComponentChildren } from 'preact'
import { Link } from 'wouter-preact'
import { Money } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'

export type GroupProps = {
  title: string
  /** What to do about it. */
  cure: string
  sum: { payments: number; total: string }
  currency: string
  /** Where those who are in it are listed. */
  href?: string
  children?: ComponentChildren
}

/** Payments that have the same trouble: how many, how much, and what cures it. */
export const Group = ({ title, cure, sum, currency, href, children }: GroupProps) => {
  const t = useText('payments')
  const many = t('paymentCount', { count: sum.payments })
  return (
    <li class="pay-group">
      <div class="pay-group__words">
        <strong>{title}</strong>
        <span class="an-muted">{cure}</span>
        {children}
      </div>
      <div class="pay-group__sum">
        <strong>
          <Money amount={sum.total} currency={currency} />
        </strong>
        {href ? (
          <Link class="pay-group__link" href={href}>
            {many}
          </Link>
        ) : (
          <span class="an-muted">{many}</span>
        )}
      </div>
    </li>
  )
}
