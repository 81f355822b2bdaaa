import type { ComponentChildren } from 'preact'
import { Link } from 'wouter-preact'
import { placeOf } from '../../shell/places.ts'

/** What something is called, as a link to its screen where whoever reads may go there. */
export const Linked = ({
  kind,
  reference,
  children,
}: {
  kind: string
  reference: string
  children: ComponentChildren
}) => {
  const href = placeOf(kind, reference)
  return href ? (
    <Link class="govuk-link" href={href}>
      {children}
    </Link>
  ) : (
    children
  )
}
