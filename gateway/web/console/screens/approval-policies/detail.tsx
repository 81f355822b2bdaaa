import '../approvals/approvals.scss'
import { useState } from 'preact/hooks'
import { useAction } from '../../../ui/api/action.ts'
import { api, dataOf } from '../../../ui/api/client.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Columns, Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Code, Count, Instant, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { subjectName } from '../approval-words/subjects.ts'
import { PolicyInWords } from './in-words.tsx'
import { PolicyState, Warnings } from './policy-words.tsx'
import type { Policy } from './values.ts'

/** One policy: in words, with what can be done with it. */
export const PolicyDetail = ({ params }: ScreenProps) => {
  const code = params.code!
  const init = { params: { path: { code } } }
  const { data, problem, refresh } = useGet('/api/v1/approval-policies/{code}', init)
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (data?.code !== code) return <Loading />
  return <PolicyPage key={data.code} policy={data} />
}

/** What was warned of when it was written, a moment ago. */
const justWarned = (): NonNullable<Policy['warnings']> =>
  (history.state as { warnings?: NonNullable<Policy['warnings']> } | null)?.warnings ?? []

const PolicyPage = ({ policy }: { policy: Policy }) => {
  const t = useText('approval-policies')
  const [warnings, setWarnings] = useState(justWarned)
  return (
    <Page
      title={policy.name}
      heading={
        <span class="ap-tags">
          <Name>{policy.name}</Name>
          <PolicyState state={policy.state} />
        </span>
      }
      back={{ href: '/approval-policies', label: t('title') }}
      actions={<PolicyActions policy={policy} onWarned={setWarnings} />}
    >
      <Warnings policy={policy} warnings={warnings} />
      <Columns>
        <Section title={t('inWords')}>
          <PolicyInWords {...policy} />
        </Section>
        <Section title={t('about')}>
          <Summary
            rows={[
              { label: t('subject'), value: subjectName(policy.subjectType) },
              { label: t('code'), value: <Code>{policy.code}</Code> },
              { label: t('rank'), value: <Count n={policy.rank} /> },
              { label: t('version'), value: <Count n={policy.version} /> },
              { label: t('changedBy'), value: <Name>{policy.changedBy}</Name> },
              { label: t('changedAt'), value: <Instant iso={policy.changedAt} /> },
            ]}
          />
        </Section>
      </Columns>
    </Page>
  )
}

type ActionsProps = { policy: Policy; onWarned: (warnings: NonNullable<Policy['warnings']>) => void }

const PolicyActions = ({ policy, onWarned }: ActionsProps) => {
  const t = useText('approval-policies')
  const mayConfigure = useMay('approval:configure')
  const { code, name, version, state } = policy
  const params = { path: { code }, header: { 'If-Match': `"v${version}"` } }
  const activate = useAction({
    ask: () => ({
      title: t('activate.title', { name }),
      body: t('activate.text'),
      confirm: t('activate.do'),
    }),
    act: () => dataOf(api.POST('/api/v1/approval-policies/{code}/activate', { params })),
    done: t('activate.done'),
    onDone: ({ warnings = [] }) => onWarned(warnings),
  })
  const archive = useAction({
    ask: () => ({
      title: t('archive.title', { name }),
      body: t('archive.text'),
      confirm: t('archive.do'),
      kind: 'warning',
    }),
    act: () => dataOf(api.POST('/api/v1/approval-policies/{code}/archive', { params })),
    done: t('archive.done'),
  })
  if (!mayConfigure || state === 'archived') return null
  return (
    <>
      {state === 'draft' && (
        <Button busy={activate.busy} onClick={() => void activate.run()}>
          {t('activate.do')}
        </Button>
      )}
      <LinkButton href={`/approval-policies/${code}/edit`}>{t('edit')}</LinkButton>
      <Button kind="secondary" busy={archive.busy} onClick={() => void archive.run()}>
        {t('archive.do')}
      </Button>
    </>
  )
}
