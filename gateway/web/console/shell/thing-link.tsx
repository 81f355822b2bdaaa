import { Link } from 'wouter-preact'
import { Ref } from '../../ui/components/text.tsx'
import { placeOf } from './places.ts'

/** A thing by its reference or code, as a link to its screen where there is one. */
export const ThingLink = ({ kind, reference }: { kind: string; reference: string }) => {
  const href = placeOf(kind, reference)
  if (!href) return <Ref copy={false}>{reference}</Ref>
  return (
    <Link href={href}>
      <Ref copy={false}>{reference}</Ref>
    </Link>
  )
}
