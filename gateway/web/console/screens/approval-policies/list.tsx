import '../approvals/approvals.scss'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { type Tab, Tabs } from '../../../ui/components/tabs.tsx'
import { Code, Count, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { subjectName } from '../approval-words/subjects.ts'
import { useTierWords } from '../approval-words/tier-words.ts'
import { wholeList } from '../approvals/whole-list.ts'
import { PolicyState } from './policy-words.tsx'
import type { Policy } from './values.ts'

/** Who has to agree to what, in the order in which the policies are tried. */
export const PolicyList = () => {
  const t = useText('approval-policies')
  const mayConfigure = useMay('approval:configure')
  const tab = (key: 'present' | 'archived', has: (policy: Policy) => boolean): Tab => ({
    key,
    label: t(`tabs.${key}`),
    content: () => <PolicyTable label={t(`tabs.${key}`)} has={has} />,
  })
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={mayConfigure && <LinkButton href="/approval-policies/new">{t('add')}</LinkButton>}
    >
      <Tabs
        label={t('title')}
        tabs={[
          tab('present', ({ state }) => state !== 'archived'),
          tab('archived', ({ state }) => state === 'archived'),
        ]}
      />
    </Page>
  )
}

const PolicyTable = ({ label, has }: { label: string; has: (policy: Policy) => boolean }) => {
  const t = useText('approval-policies')
  const words = useTierWords()
  const list = wholeList(useGet('/api/v1/approval-policies', {}))
  const columns: Column<Policy>[] = [
    { key: 'name', label: t('name'), cell: policy => <Name>{policy.name}</Name> },
    { key: 'code', label: t('code'), cell: policy => <Code>{policy.code}</Code>, hidden: true },
    { key: 'subject', label: t('subject'), cell: policy => subjectName(policy.subjectType) },
    { key: 'rank', label: t('rank'), cell: policy => <Count n={policy.rank} />, numeric: true },
    {
      key: 'condition',
      label: t('condition'),
      cell: policy => (policy.condition === '' ? t('always') : <Code>{policy.condition}</Code>),
    },
    {
      key: 'tiers',
      label: t('tiers'),
      cell: policy => (
        <ol class="ap-list">
          {policy.tiers.map((tier, i) => (
            <li key={i}>{words.tier(tier)}</li>
          ))}
        </ol>
      ),
    },
    { key: 'state', label: t('state'), cell: policy => <PolicyState state={policy.state} /> },
  ]
  return (
    <DataTable
      label={label}
      columns={columns}
      list={{ ...list, rows: list.rows?.filter(has) }}
      rowKey={policy => policy.code}
      href={policy => `/approval-policies/${policy.code}`}
      empty={<Empty title={t('none')}>{t('noneHint')}</Empty>}
    />
  )
}
