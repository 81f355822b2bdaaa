import { Fragment } from 'preact'
import { Link } from 'wouter-preact'
import { Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'

/** The areas above an area, from the country down. */
export const WayTo = ({ ancestors }: { ancestors: readonly { code: string; name: string }[] }) => {
  const t = useText('areas')
  if (ancestors.length === 0) return <>{t('top')}</>
  return (
    <>
      {ancestors.map(({ code, name }, at) => (
        <Fragment key={code}>
          {at > 0 && ' › '}
          <Link class="govuk-link" href={`/areas/${code}`}>
            <Name>{name}</Name>
          </Link>
        </Fragment>
      ))}
    </>
  )
}
