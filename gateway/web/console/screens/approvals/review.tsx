import { api, dataOf } from '../../../ui/api/client.ts'
import { changed } from '../../../ui/api/queries.ts'
import { Banner, toast } from '../../../ui/components/banner.tsx'
import { RadioField, TextArea } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Section, Summary } from '../../../ui/components/page.tsx'
import { Tag } from '../../../ui/components/tag.tsx'
import { Instant, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { Said } from './history.tsx'
import { MOST_SAID } from './verdict-form.tsx'
import type { Approval } from './words.tsx'

type Bypass = NonNullable<Approval['bypass']>
const FINDINGS = ['justified', 'not-justified'] as const
type Finding = (typeof FINDINGS)[number]

/** What a review of an emergency found; that it is still to be reviewed, while it is. */
export const FindingTag = ({ finding }: { finding: string | null }) => {
  const t = useText('approvals')
  if (finding === null) return <Tag tone="warning">{t('emergencies.open')}</Tag>
  return (
    <Tag tone={finding === 'justified' ? 'good' : 'bad'}>
      {t(`emergencies.findings.${finding as Finding}`)}
    </Tag>
  )
}

/** An emergency: why it was approved past what was missing, and what its review found. */
export const Emergency = ({ approval, bypass }: { approval: Approval; bypass: Bypass }) => {
  const t = useText('approvals')
  return (
    <Section title={t('emergencies.one')}>
      {bypass.duringFreeze && <Banner tone="warning">{t('emergencies.duringFreeze')}</Banner>}
      <Summary
        rows={[
          { label: t('emergencies.by'), value: <Name>{bypass.by}</Name> },
          { label: t('emergencies.at'), value: <Instant iso={bypass.at} full /> },
          { label: t('emergencies.reason'), value: <Said>{bypass.reason}</Said> },
          { label: t('emergencies.finding'), value: <FindingTag finding={bypass.finding} /> },
          ...(bypass.reviewedBy && bypass.comment
            ? [
                { label: t('emergencies.reviewedBy'), value: <Name>{bypass.reviewedBy}</Name> },
                { label: t('comment'), value: <Said>{bypass.comment}</Said> },
              ]
            : []),
        ]}
      />
      {approval.options.includes('review') && <ReviewForm reference={approval.reference} />}
    </Section>
  )
}

const ReviewForm = ({ reference }: { reference: string }) => {
  const t = useText('approvals')
  const form = useForm({
    initial: { finding: '', comment: '' },
    submit: ({ finding, comment }) =>
      dataOf(
        api.POST('/api/v1/approvals/{reference}/review', {
          params: { path: { reference } },
          body: { finding: finding as Finding, comment },
        }),
      ),
    onDone: () => {
      toast('success', t('emergencies.reviewed'))
      void changed()
    },
    draft: `approvals/${reference}/review`,
  })
  return (
    <Form form={form} submit={t('emergencies.review')}>
      <RadioField
        form={form}
        name="finding"
        label={t('emergencies.whatFound')}
        options={FINDINGS.map(value => ({ value, label: t(`emergencies.findings.${value}`) }))}
      />
      <TextArea form={form} name="comment" label={t('comment')} rows={3} maxLength={MOST_SAID} />
    </Form>
  )
}
