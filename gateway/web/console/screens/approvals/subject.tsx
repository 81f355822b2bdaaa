import { Link } from 'wouter-preact'
import { Ref } from '../../../ui/components/text.tsx'
import { useMay } from '../../may.ts'

/** Where what is approved is shown, and who is offered to go there. */
const PLACES: Record<string, { path: string; permission: string }> = {
  cycle: { path: '/cycles', permission: 'cycle:read' },
  'payment-batch': { path: '/payment-batches', permission: 'payment:read' },
  import: { path: '/imports', permission: 'import:read' },
}

/** The reference of what is approved, which leads to it for those who may see it. */
export const SubjectLink = ({ type, reference }: { type: string; reference: string }) => {
  const place = PLACES[type]
  const may = useMay(place?.permission ?? 'none')
  if (!place || !may) return <Ref>{reference}</Ref>
  return (
    <Link href={`${place.path}/${reference}`}>
      <Ref copy={false}>{reference}</Ref>
    </Link>
  )
}
