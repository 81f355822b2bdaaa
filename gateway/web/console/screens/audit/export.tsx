import { useSearchParams } from 'wouter-preact'
import { api, dataOf } from '../../../ui/api/client.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { CheckField, RadioField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page, Section } from '../../../ui/components/page.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { JobProgress, useJob } from '../../shell/job-progress.tsx'
import { useSearch } from './trail.ts'
import { TrailFilters } from './trail-filters.tsx'

/** A file of entries: what it is narrowed by, ordered, written as a job, fetched. */
export const AuditExport = () => {
  const t = useText('audit')
  const search = useSearch()
  const [params, setParams] = useSearchParams()
  const job = params.get('job')
  const narrowed = new URLSearchParams(params)
  narrowed.delete('job')
  return (
    <Page
      title={t('export.title')}
      lead={t('export.lead')}
      back={{ href: `/audit?${narrowed}`, label: t('title') }}
    >
      {job ? (
        <Section title={t('export.file')}>
          <JobProgress reference={job} />
          <Finished reference={job} again={() => setParams(narrowed)} />
        </Section>
      ) : (
        <>
          <Section title={t('export.which')}>
            <TrailFilters search={search} />
            {Object.keys(search.query).length === 0 && <Banner tone="info">{t('export.all')}</Banner>}
          </Section>
          <Section title={t('export.how')}>
            <Order
              filter={search.query}
              isPossible={search.fault === undefined}
              onOrdered={reference => setParams(new URLSearchParams([...narrowed, ['job', reference]]))}
            />
          </Section>
        </>
      )}
    </Page>
  )
}

type OrderProps = {
  filter: Record<string, string>
  isPossible: boolean
  onOrdered: (reference: string) => void
}

const Order = ({ filter, isPossible, onOrdered }: OrderProps) => {
  const t = useText('audit')
  const form = useForm({
    initial: { format: 'csv', details: false },
    submit: async ({ format, details }) => {
      const order = format === 'csv' ? { format: 'csv' as const } : { format: 'jsonl' as const, details }
      return dataOf(api.POST('/api/v1/audit-exports', { body: { ...order, filter } }))
    },
    onDone: ({ job }) => onOrdered(job),
  })
  const formats = (['csv', 'jsonl'] as const).map(value => ({
    value,
    label: t(`export.formats.${value}`),
    hint: t(`export.formatHints.${value}`),
  }))
  if (!isPossible) return <p>{t('export.mend')}</p>
  return (
    <Form form={form} submit={t('export.order')}>
      <RadioField form={form} name="format" label={t('export.format')} options={formats} />
      {form.values.format === 'jsonl' && (
        <CheckField
          form={form}
          name="details"
          label={t('export.details')}
          hint={t('export.detailsHint')}
          required={false}
        />
      )}
    </Form>
  )
}

const Finished = ({ reference, again }: { reference: string; again: () => void }) => {
  const t = useText('audit')
  const { data: job } = useJob(reference)
  const masked = (job?.result as { masked?: string[] } | undefined)?.masked ?? []
  if (job?.state !== 'succeeded') return null
  return (
    <>
      {masked.length > 0 && <Banner tone="info">{t('export.masked')}</Banner>}
      <div class="an-actions">
        <LinkButton kind="primary" icon="download" href={`/api/v1/audit-exports/${reference}`} download>
          {t('export.fetch')}
        </LinkButton>
        <Button kind="quiet" onClick={again}>
          {t('export.again')}
        </Button>
      </div>
    </>
  )
}
