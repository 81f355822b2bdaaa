import './registrants.scss'
import { Link } from 'wouter-preact'
import { useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Columns, Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Name, Ref } from '../../../ui/components/text.tsx'
import { useFormat } from '../../../ui/i18n/format.ts'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { placeOf } from '../../shell/places.ts'
import { Attributes } from './attributes.tsx'
import { Born } from './born.tsx'
import { Enrolments } from './enrolments.tsx'
import { Masked } from './masked.tsx'
import { Groups, Members } from './members.tsx'
import { DisabledTag, KindTag, type Registrant, wordOf } from './words.tsx'

/** One person or one household: who it is, who belongs together, what they take part in. */
export const RegistrantDetail = ({ params }: ScreenProps) => {
  const reference = decodeURIComponent(params.reference!)
  const { data, problem, refresh } = useGet('/api/v1/registrants/{reference}', {
    params: { path: { reference } },
  })
  if (problem) return <Failure problem={problem} retry={refresh} />
  return data ? <Shown registrant={data} /> : <Loading lines={8} />
}

const Shown = ({ registrant }: { registrant: Registrant }) => {
  const t = useText('registrants')
  const format = useFormat()
  const mayHistory = useMay('history:read')
  const mayEnrolments = useMay('enrolment:read')
  const { reference, masked } = registrant
  return (
    <Page
      title={registrant.name || reference}
      heading={<Name>{registrant.name || reference}</Name>}
      back={{ href: '/registrants', label: t('title') }}
      lead={
        <span class="an-who">
          <KindTag kind={registrant.kind} groupType={registrant.groupType ?? null} />
          <DisabledTag status={registrant.status} />
          <Ref>{reference}</Ref>
        </span>
      }
      actions={
        mayHistory && (
          <>
            <LinkButton href={`/history/${encodeURIComponent(reference)}`} icon="clock">
              {t('history')}
            </LinkButton>
            <LinkButton href={`/registrants/${encodeURIComponent(reference)}/access`} icon="view">
              {t('access')}
            </LinkButton>
          </>
        )
      }
    >
      {registrant.status === 'disabled' && <Banner tone="warning">{t('disabledText')}</Banner>}
      {masked.length > 0 && (
        <Banner tone="info" title={t('masked.title')}>
          <p>{t('masked.text', { fields: format.list(masked.map(field => t(`masked.fields.${field}`))) })}</p>
        </Banner>
      )}
      <Columns>
        <div class="an-stack">
          {registrant.kind === 'group' && <Members members={registrant.members} />}
          {registrant.groups.length > 0 && <Groups groups={registrant.groups} />}
          {mayEnrolments && <Enrolments registrant={registrant} />}
        </div>
        <div class="an-stack an-aside">
          <About registrant={registrant} />
          <Identifiers registrant={registrant} />
          <Accounts registrant={registrant} />
          <Attributes registrant={registrant} />
        </div>
      </Columns>
    </Page>
  )
}

const About = ({
  registrant: { area, sex, birthDate, birthPrecision, phones, masked },
}: {
  registrant: Registrant
}) => {
  const t = useText('registrants')
  const place = placeOf('area', area.code)
  return (
    <Section title={t('about')}>
      <Summary
        rows={[
          {
            label: t('area'),
            value: place ? (
              <Link class="govuk-link" href={place}>
                <Name>{area.name}</Name>
              </Link>
            ) : (
              <Name>{area.name}</Name>
            ),
          },
          ...(sex ? [{ label: t('sex'), value: wordOf(`sexes.${sex}`) }] : []),
          ...(birthDate
            ? [
                {
                  label: t('born'),
                  value: (
                    <Masked isMasked={masked.includes('birth')}>
                      <Born
                        day={birthDate}
                        precision={birthPrecision ?? 'day'}
                        isMasked={masked.includes('birth')}
                      />
                    </Masked>
                  ),
                },
              ]
            : []),
          ...(phones.length > 0
            ? [
                {
                  label: t('phones'),
                  value: phones.map(phone => (
                    <Masked key={phone} isMasked={masked.includes('contact')}>
                      <bdi dir="ltr">{phone}</bdi>
                    </Masked>
                  )),
                },
              ]
            : []),
        ]}
      />
    </Section>
  )
}

const Identifiers = ({ registrant: { identifiers, masked } }: { registrant: Registrant }) => {
  const t = useText('registrants')
  if (identifiers.length === 0) return null
  return (
    <Section title={t('identifiers')}>
      <Summary
        rows={identifiers.map(({ type, value }) => ({
          label: wordOf(`identifierTypes.${type}`),
          value: (
            <Masked isMasked={masked.includes('identifier')}>
              <bdi dir="ltr">{value}</bdi>
            </Masked>
          ),
        }))}
      />
    </Section>
  )
}

const Accounts = ({ registrant: { accounts, masked } }: { registrant: Registrant }) => {
  const t = useText('registrants')
  if (accounts.length === 0) return null
  return (
    <Section title={t('accounts')}>
      <Summary
        rows={accounts.map(({ kind, value, preferred }) => ({
          label: wordOf(`accountKinds.${kind}`),
          value: (
            <>
              <Masked isMasked={masked.includes('account')}>
                <bdi dir="ltr">{value}</bdi>
              </Masked>
              {preferred && <span class="an-muted"> {t('preferred')}</span>}
            </>
          ),
        }))}
      />
    </Section>
  )
}
