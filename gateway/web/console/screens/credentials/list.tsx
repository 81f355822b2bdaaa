import { type RowOf, useList } from '../../../ui/api/list.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Filters } from '../../../ui/components/filters.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Day, Instant, Name, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { lastDay, STATES, StandingTag } from './standing.tsx'

const PATH = '/api/v1/credentials'
type Card = RowOf<typeof PATH>

const useCardColumns = (): Column<Card>[] => {
  const t = useText('credentials')
  return [
    { key: 'holder', label: t('holder'), cell: card => <Name>{card.holderName}</Name> },
    { key: 'state', label: t('state'), cell: card => <StandingTag card={card} /> },
    { key: 'program', label: t('program'), cell: card => <Name>{card.programName}</Name> },
    { key: 'cycle', label: t('cycle'), cell: card => <Name>{card.cycleName}</Name> },
    { key: 'point', label: t('point'), cell: card => card.pointName && <Name>{card.pointName}</Name> },
    { key: 'validUntil', label: t('validUntil'), cell: card => <Day iso={lastDay(card)} /> },
    {
      key: 'issuedAt',
      label: t('issuedAt'),
      cell: card => <Instant iso={card.issuedAt} />,
      sort: 'issuedAt',
    },
    {
      key: 'reference',
      label: t('reference'),
      cell: card => <Ref copy={false}>{card.reference}</Ref>,
      hidden: true,
    },
    {
      key: 'entitlement',
      label: t('entitlement'),
      cell: card => <Ref copy={false}>{card.entitlement}</Ref>,
      hidden: true,
    },
  ]
}

/** What a list of cards can be narrowed to, by those who may see what there is. */
const useChoices = () => {
  const query = { limit: 100 }
  const programs = useGet('/api/v1/programs', { params: { query } }, { when: useMay('program:read') })
  const cycles = useGet('/api/v1/cycles', { params: { query } }, { when: useMay('cycle:read') })
  return {
    programs: (programs.data?.items ?? []).map(({ code, name }) => ({ value: code, label: name })),
    cycles: (cycles.data?.items ?? [])
      .filter(({ state }) => ['approved', 'distributing', 'closed'].includes(state))
      .map(({ reference, name, programName }) => ({ value: reference, label: `${programName}, ${name}` })),
  }
}

/** The cards of beneficiaries: whose, for what, how they stand and until when they are good. */
export const CardList = () => {
  const t = useText('credentials')
  const mayIssue = useMay('credential:issue')
  const list = useList(PATH, { filters: ['q', 'program', 'cycle', 'state'] })
  const columns = useCardColumns()
  const { programs, cycles } = useChoices()
  const isNoReference = list.problem?.errors.some(({ pointer }) => pointer === '/q') ?? false
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={mayIssue && <LinkButton href="/credentials/issue">{t('issue.title')}</LinkButton>}
    >
      <Filters
        list={list}
        fields={[
          { kind: 'text', name: 'q', label: t('find') },
          { kind: 'select', name: 'program', label: t('program'), options: programs },
          { kind: 'select', name: 'cycle', label: t('cycle'), options: cycles },
          {
            kind: 'select',
            name: 'state',
            label: t('state'),
            options: STATES.map(value => ({ value, label: t(`states.${value}`) })),
          },
        ]}
      />
      {isNoReference ? (
        <Empty title={t('noReference')}>{t('noReferenceHint')}</Empty>
      ) : (
        <DataTable
          label={t('title')}
          columns={columns}
          list={list}
          rowKey={card => card.reference}
          href={card => `/credentials/${card.reference}`}
          empty={
            <Empty icon="file" title={t('none')}>
              {t('noneHint')}
            </Empty>
          }
        />
      )}
    </Page>
  )
}
