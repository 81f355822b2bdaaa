import type { ComponentChildren } from 'preact'
import { Link } from 'wouter-preact'
import { Banner } from '../../../ui/components/banner.tsx'
import { Section, Summary, type SummaryRow } from '../../../ui/components/page.tsx'
import { Stat, Stats } from '../../../ui/components/stat.tsx'
import { Count, Instant, Money, Name, Ref } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { subjectName } from '../approval-words/subjects.ts'
import { SubjectLink } from './subject.tsx'
import { type Approval, riskMeaning, riskName } from './words.tsx'

/** What it comes to: how much, how many, since when, until when. */
export const Numbers = ({ approval }: { approval: Approval }) => {
  const t = useText('approvals')
  const { amount, items, requestedAt, dueAt, decidedAt } = approval
  return (
    <Stats label={t('numbers')}>
      {amount && (
        <Stat label={t('amount')} value={<Money amount={amount.value} currency={amount.currency} />} />
      )}
      {items !== null && (
        <Stat
          label={textOr('approvals', `itemsOf.${approval.subjectType}`, t('items'))}
          value={<Count n={items} />}
        />
      )}
      <Stat label={t('submittedAt')} value={<Instant iso={requestedAt} />} />
      {dueAt && <Stat label={approval.overdue ? t('overdue') : t('dueAt')} value={<Instant iso={dueAt} />} />}
      {decidedAt && <Stat label={t('decidedAt')} value={<Instant iso={decidedAt} />} />}
    </Stats>
  )
}

/** What there is to look at before deciding, each with what exactly it means. */
export const Risks = ({ approval }: { approval: Approval }) => {
  const t = useText('approvals')
  if (approval.state !== 'pending') return null
  if (approval.risks.length === 0) return <p class="an-muted">{t('risks.none')}</p>
  return (
    <Banner tone={approval.unchanged === false ? 'error' : 'warning'} title={t('risks.title')}>
      <ul class="ap-list">
        {approval.risks.map(risk => (
          <li key={risk}>
            <strong>{riskName(risk)}</strong>. {riskMeaning(risk)}
          </li>
        ))}
      </ul>
    </Banner>
  )
}

/** Facts that stand elsewhere on the page. */
const SHOWN = ['program', 'currency', 'total', 'entitlements', 'payments', 'rows', 'file']

/** What is to be approved: where it belongs, who submitted it, and what policies know of it. */
export const About = ({ approval }: { approval: Approval }) => {
  const t = useText('approvals')
  const rows: (SummaryRow | false)[] = [
    {
      label: subjectName(approval.subjectType),
      value: <SubjectLink type={approval.subjectType} reference={approval.subject} />,
    },
    !!approval.program && {
      label: t('program'),
      value: <Name>{approval.programName ?? approval.program}</Name>,
    },
    !!approval.area && { label: t('area'), value: <Name>{approval.areaName ?? approval.area}</Name> },
    { label: t('requestedBy'), value: <Name>{approval.requestedBy}</Name> },
    ...Object.entries(approval.facts)
      .filter(([name]) => !SHOWN.includes(name))
      .map(([name, value]) => ({
        label: textOr('approvals', `facts.${name}`, name),
        value: <Fact value={value} />,
      })),
    !!approval.previous && {
      label: t('previous'),
      value: (
        <Link href={`/approvals/${approval.previous}`}>
          <Ref copy={false}>{approval.previous}</Ref>
        </Link>
      ),
    },
    { label: t('reference'), value: <Ref>{approval.reference}</Ref> },
  ]
  return (
    <Section title={t('about')}>
      <Summary rows={rows.filter(row => row !== false)} />
    </Section>
  )
}

const Fact = ({ value }: { value: unknown }): ComponentChildren => {
  const t = useText('approvals')
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
  if (typeof value === 'number') return <Count n={value} />
  if (typeof value !== 'string') return t('unknown')
  return <bdi>{textOr('approvals', `values.${value}`, value)}</bdi>
}
