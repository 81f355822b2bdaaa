import { Link } from 'wouter-preact'
import { Name, Ref } from '../../../ui/components/text.tsx'
import { placeOf } from '../../shell/places.ts'

type Props = { reference: string; kind?: string; name: string | null }

/** A person or a household: the name where one may see it, with the reference under it, leading to them. */
export const RegistrantLink = ({ reference, name }: Props) => {
  const href = placeOf('registrant', reference)
  const words = name === null ? <Ref copy={false}>{reference}</Ref> : <Name>{name}</Name>
  return (
    <span class="pr-person">
      {href ? <Link href={href}>{words}</Link> : words}
      {name !== null && (
        <span class="an-muted">
          <Ref copy={false}>{reference}</Ref>
        </span>
      )}
    </span>
  )
}
