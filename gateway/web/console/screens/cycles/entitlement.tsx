import './cycles.scss'
import { Link } from 'wouter-preact'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Columns, Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Code, Day, Name, Ref } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { placeOf } from '../../shell/places.ts'
import { ThingLink } from '../../shell/thing-link.tsx'
import { Cards, Handovers, Payments } from './entitlement-traces.tsx'
import { type Entitlement, EntitlementTag, Measured } from './words.tsx'

/** What one is due: how much, why so much, and what became of it. */
export const EntitlementDetail = ({ params }: ScreenProps) => {
  const reference = params.reference!
  const { data, problem, refresh } = useGet('/api/v1/entitlements/{reference}', {
    params: { path: { reference } },
  })
  if (problem && (!data || problem.status === 403 || problem.status === 404))
    return <Failure problem={problem} retry={refresh} />
  if (data?.reference !== reference) return <Loading />
  return <Shown entitlement={data} />
}

const Shown = ({ entitlement: e }: { entitlement: Entitlement }) => {
  const t = useText('cycles')
  const isDue = e.status !== 'draft'
  const seesPayments = useMay('payment:read') && e.kind === 'cash' && isDue
  const seesCards = useMay('credential:read') && isDue
  const seesHandovers = useMay('redemption:read') && isDue
  return (
    <Page
      title={t('entitlementOf', { name: e.registrantName ?? e.registrant })}
      heading={
        <span class="cy-heading">
          <Measured of={e} amount={e.amount} />
          <EntitlementTag status={e.status} />
        </span>
      }
      lead={
        e.registrantName === null ? <Ref copy={false}>{e.registrant}</Ref> : <Name>{e.registrantName}</Name>
      }
      back={{ href: `/cycles/${e.cycle}?tab=entitlements`, label: e.cycleName }}
    >
      <Columns>
        <div class="cy-stack">
          <About entitlement={e} />
          {seesPayments && <Payments entitlement={e} />}
          {seesCards && <Cards entitlement={e} />}
          {seesHandovers && <Handovers entitlement={e} />}
        </div>
        <WhyThisAmount entitlement={e} />
      </Columns>
    </Page>
  )
}

const Named = ({ kind, reference, name }: { kind: string; reference: string; name: string }) => {
  const href = placeOf(kind, reference)
  return href ? (
    <Link href={href}>
      <Name>{name}</Name>
    </Link>
  ) : (
    <Name>{name}</Name>
  )
}

const About = ({ entitlement: e }: { entitlement: Entitlement }) => {
  const t = useText('cycles')
  return (
    <Section title={t('about')}>
      <Summary
        rows={[
          { label: t('beneficiary'), value: <ThingLink kind="registrant" reference={e.registrant} /> },
          { label: t('program'), value: <Named kind="program" reference={e.program} name={e.programName} /> },
          { label: t('cycle'), value: <Named kind="cycle" reference={e.cycle} name={e.cycleName} /> },
          { label: t('component'), value: <Code>{e.component}</Code> },
          ...(e.item ? [{ label: t('item'), value: <ThingLink kind="item" reference={e.item} /> }] : []),
          { label: t('fulfilled'), value: <Measured of={e} amount={e.fulfilled} /> },
          {
            label: t('valid'),
            value: (
              <>
                <Day iso={e.validFrom} /> – <Day iso={e.validUntil} />
              </>
            ),
          },
          { label: t('reference'), value: <Ref>{e.reference}</Ref> },
        ]}
      />
    </Section>
  )
}

/** What the amount was worked out from, as it was known when the cycle was prepared. */
const WhyThisAmount = ({ entitlement: e }: { entitlement: Entitlement }) => {
  const t = useText('cycles')
  const mayAsk = useMay('rule:evaluate')
  const inputs = Object.entries(e.inputs)
  return (
    <Section title={t('whyAmount.title')}>
      <p>{t('whyAmount.text')}</p>
      {inputs.length === 0 ? (
        <p class="an-muted">{t('whyAmount.fixed')}</p>
      ) : (
        <Summary
          rows={inputs.map(([key, value]) => ({
            label: textOr('cycles', `whyAmount.inputs.${key}`, key),
            value: <bdi>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</bdi>,
          }))}
        />
      )}
      {mayAsk && (
        <div class="an-actions">
          <LinkButton icon="search" href={`/programs/${e.program}/why?registrant=${e.registrant}`}>
            {t('whyAmount.eligible')}
          </LinkButton>
        </div>
      )}
    </Section>
  )
}
