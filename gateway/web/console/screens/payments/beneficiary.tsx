import { Link } from 'wouter-preact'
import { Ref } from '../../../ui/components/text.tsx'
import { placeOf } from '../../shell/places.ts'

/** The reference of who is paid, which leads to them and their accounts for those who may see them. */
export const Beneficiary = ({ reference }: { reference: string }) => {
  const place = placeOf('registrant', reference)
  if (!place) return <Ref copy={false}>{reference}</Ref>
  return (
    <Link href={place}>
      <Ref copy={false}>{reference}</Ref>
    </Link>
  )
}
