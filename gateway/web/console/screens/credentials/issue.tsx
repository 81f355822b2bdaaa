import { useState } from 'preact/hooks'
import { api, dataOf } from '../../../ui/api/client.ts'
import { changed, useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { SuggestField, TextField } from '../../../ui/components/fields.tsx'
import { Form, useForm } from '../../../ui/components/form.tsx'
import { Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Count, Day, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { JobProgress } from '../../shell/job-progress.tsx'

/** Cycles whose entitlements were approved: those that there are cards for. */
const APPROVED = ['approved', 'distributing']

const find = async (q: string, signal: AbortSignal) => {
  const query = { limit: 20, ...(q === '' ? {} : { q }) }
  const { items } = await dataOf(api.GET('/api/v1/cycles', { params: { query }, signal }))
  return items
    .filter(({ state }) => APPROVED.includes(state))
    .map(({ reference, name, programName }) => ({
      value: reference,
      label: `${programName}, ${name}`,
      hint: reference,
    }))
}

/** Making the cards of a cycle that are missing. An approved cycle gets its cards by itself; this goes on where that failed. */
export const IssueCards = () => {
  const t = useText('credentials')
  const mayRead = useMay('cycle:read')
  const [job, setJob] = useState<string>()
  const form = useForm({
    initial: { cycle: new URLSearchParams(location.search).get('cycle') ?? '' },
    submit: ({ cycle }) => dataOf(api.POST('/api/v1/credentials', { body: { cycle: cycle.trim() } })),
    onDone: answer => setJob(answer.job),
  })
  const { cycle } = form.values
  return (
    <Page title={t('issue.title')} lead={t('issue.lead')} back={{ href: '/credentials', label: t('title') }}>
      {job ? (
        <Section title={t('issue.progress')}>
          <JobProgress reference={job} onDone={() => void changed()} />
          <div class="an-actions">
            <LinkButton href={`/credentials?cycle=${encodeURIComponent(cycle)}`}>
              {t('issue.show')}
            </LinkButton>
          </div>
        </Section>
      ) : (
        <Form form={form} submit={t('issue.do')} cancel="/credentials">
          {mayRead ? (
            <SuggestField form={form} name="cycle" label={t('cycle')} hint={t('issue.hint')} load={find} />
          ) : (
            <TextField form={form} name="cycle" label={t('issue.reference')} width="medium" />
          )}
          {mayRead && cycle !== '' && <Preview cycle={cycle} />}
        </Form>
      )}
    </Page>
  )
}

/** What there will be a card for. */
const Preview = ({ cycle }: { cycle: string }) => {
  const t = useText('credentials')
  const init = { params: { path: { reference: cycle } } }
  const { data } = useGet('/api/v1/cycles/{reference}', init)
  if (data?.reference !== cycle) return null
  const entitlements = data.totals.reduce((sum, part) => sum + part.entitlements, 0)
  return (
    <Section title={t('issue.preview')}>
      <Summary
        rows={[
          { label: t('program'), value: <Name>{data.programName}</Name> },
          { label: t('cycle'), value: <Name>{data.name}</Name> },
          { label: t('issue.entitlements'), value: <Count n={entitlements} /> },
          {
            label: t('valid'),
            value: (
              <>
                <Day iso={data.validFrom} /> – <Day iso={data.validUntil} />
              </>
            ),
          },
        ]}
      />
      <p class="an-muted">{t('issue.once')}</p>
    </Section>
  )
}
