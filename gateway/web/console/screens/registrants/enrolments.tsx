import { Link } from 'wouter-preact'
import { useGet } from '../../../ui/api/queries.ts'
import { Section } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Day, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { placeOf } from '../../shell/places.ts'
import { type Enrolment, EnrolmentTag, type Registrant, wordOf } from './words.tsx'

/** The programs that somebody is or was in, and the way to why. */
export const Enrolments = ({ registrant: { reference, kind } }: { registrant: Registrant }) => {
  const t = useText('registrants')
  const { data, problem, refresh } = useGet('/api/v1/registrants/{reference}/enrolments', {
    params: { path: { reference } },
  })
  return (
    <Section title={t('enrolments')}>
      {problem ? (
        <Failure problem={problem} retry={refresh} />
      ) : !data ? (
        <Loading lines={2} />
      ) : data.items.length === 0 ? (
        <p class="an-muted">{t(`noEnrolments.${kind}`)}</p>
      ) : (
        <ul class="an-kin">
          {data.items.map(enrolment => (
            <li key={enrolment.reference}>
              <Item enrolment={enrolment} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

const Item = ({ enrolment }: { enrolment: Enrolment }) => {
  const t = useText('registrants')
  const mayWhy = useMay('rule:evaluate')
  const { program, programName, registrant, status, reason, startedOn, endedOn } = enrolment
  const place = placeOf('program', program)
  return (
    <div class="an-kin__person">
      {place ? (
        <Link class="govuk-link an-kin__name" href={place}>
          <Name>{programName}</Name>
        </Link>
      ) : (
        <span class="an-kin__name">
          <Name>{programName}</Name>
        </span>
      )}
      <EnrolmentTag status={status} />
      {reason !== null && <span>{wordOf(`reasons.${reason}`)}</span>}
      <span class="an-muted">
        {t('since')} <Day iso={startedOn} />
        {endedOn !== null && (
          <>
            {' · '}
            {t('until')} <Day iso={endedOn} />
          </>
        )}
      </span>
      {mayWhy && (
        <Link
          class="govuk-link"
          href={`/programs/${encodeURIComponent(program)}/why?registrant=${encodeURIComponent(registrant)}`}
        >
          {t('why')}
          <span class="govuk-visually-hidden"> {programName}</span>
        </Link>
      )}
    </div>
  )
}
