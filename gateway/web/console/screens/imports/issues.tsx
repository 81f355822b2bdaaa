import { useList } from '../../../ui/api/list.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Count, Name } from '../../../ui/components/text.tsx'
import { type Text, useText } from '../../../ui/i18n/index.ts'
import { type Import, type Issue, type IssueKind, issueKind } from './model.ts'
import { Said } from './said.tsx'
import { SeverityTag } from './state-tag.tsx'
import type texts from './texts/en.json'

/** What was found about the rows of a file: kind by kind, and row by row. */
export const Issues = ({ im }: { im: Import }) => {
  const t = useText('imports')
  const path = { reference: im.reference }
  const kinds = useGet('/api/v1/imports/{reference}/issue-kinds', { params: { path } })
  const list = useList('/api/v1/imports/{reference}/issues', {
    path,
    filters: ['severity', 'code'],
    prefix: 'issue-',
  })
  if (kinds.problem) return <Failure problem={kinds.problem} retry={kinds.refresh} />
  if (!kinds.data) return <Loading />
  if (kinds.data.items.length === 0) return null
  const leftOut = im.totals?.leftOut ?? 0
  return (
    <Section
      plain
      title={t('issueTitle')}
      actions={
        leftOut > 0 && (
          <LinkButton href={`/api/v1/imports/${im.reference}/bad-rows`} icon="download" download>
            {t('badRows')}
          </LinkButton>
        )
      }
    >
      <ul class="an-kinds">
        {kinds.data.items.map(kind => (
          <Kind
            key={`${kind.severity} ${kind.code}`}
            kind={kind}
            isChosen={list.filters.code === kind.code}
            choose={code => list.setFilter('code', code)}
          />
        ))}
      </ul>
      {list.problem?.rule === 'masked' ? (
        <Banner tone="info">{t('issuesMasked')}</Banner>
      ) : (
        <DataTable
          label={t('issueList')}
          columns={columnsOf(t)}
          list={list}
          rowKey={issue => `${issue.line} ${issue.column} ${issue.code} ${issue.message}`}
          empty={<Empty title={t('noneSuch')} />}
        />
      )}
    </Section>
  )
}

type KindProps = { kind: IssueKind; isChosen: boolean; choose: (code: string | undefined) => void }

const Kind = ({ kind, isChosen, choose }: KindProps) => {
  const t = useText('imports')
  return (
    <li class="an-kinds__item">
      <SeverityTag severity={kind.severity} />
      <span class="an-kinds__words">{issueKind(kind.code)}</span>
      <span class="an-kinds__rows">{t('inRows', { count: kind.rows })}</span>
      <Button
        kind="quiet"
        icon={isChosen ? 'close' : 'filter'}
        aria-pressed={isChosen}
        aria-label={`${t('onlyThese')}: ${issueKind(kind.code)}`}
        onClick={() => choose(isChosen ? undefined : kind.code)}
      >
        {t('onlyThese')}
      </Button>
    </li>
  )
}

const columnsOf = (t: Text<typeof texts>): Column<Issue>[] => [
  { key: 'issue', label: t('issue'), cell: issue => <Said issue={issue} /> },
  { key: 'line', label: t('line'), cell: issue => <Count n={issue.line} />, sort: 'line' },
  {
    key: 'column',
    label: t('column'),
    cell: issue => (issue.column === null ? t('wholeRow') : <Name>{issue.column}</Name>),
  },
  { key: 'severity', label: t('severity'), cell: issue => <SeverityTag severity={issue.severity} /> },
]
