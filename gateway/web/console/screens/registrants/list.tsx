import './registrants.scss'
import { Link } from 'wouter-preact'
import { type RowOf, useList } from '../../../ui/api/list.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Button } from '../../../ui/components/button.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Name, Ref } from '../../../ui/components/text.tsx'
import { type Text, useText } from '../../../ui/i18n/index.ts'
import { placeOf } from '../../shell/places.ts'
import { SearchForm } from './search-form.tsx'
import type texts from './texts/en.json'
import { DisabledTag, KindTag } from './words.tsx'

type Row = RowOf<'/api/v1/registrants'>

const FILTERS = ['name', 'identifier', 'phone', 'area', 'kind', 'import'] as const
const NEWEST = '-registeredAt'

/** Looking for people and households. Nobody is shown before somebody is looked for: each look is on the trail. */
export const RegistrantList = () => {
  const t = useText('registrants')
  // Whether anything is asked is in the address, as all of a list is.
  const params = new URLSearchParams(location.search)
  const isAsked = [...FILTERS, 'sort', 'cursor'].some(name => params.get(name))
  const list = useList('/api/v1/registrants', { filters: FILTERS, when: isAsked })
  const from = list.filters.import
  return (
    <Page title={t('title')} lead={t('lead')}>
      {from !== undefined && (
        <FromImport reference={from} clear={() => list.setFilter('import', undefined)} />
      )}
      <SearchForm
        key={JSON.stringify(list.filters)}
        filters={list.filters}
        clear={() => list.clearFilters()}
      />
      {list.problem?.rule === 'masked' ? (
        // Names are both sorted by and looked for; all else is only looked for.
        params.get('sort')?.endsWith('name') ? (
          <Banner tone="warning" title={t('masked.order')}>
            <Button kind="secondary" onClick={() => list.setSort(undefined)}>
              {t('masked.unsort')}
            </Button>
          </Banner>
        ) : (
          <Banner tone="warning" title={t('masked.search')} />
        )
      ) : isAsked ? (
        <DataTable
          label={t('title')}
          columns={columnsOf(t)}
          // What is looked for is no filter to widen: when nobody is found, this page says what to do.
          list={{ ...list, filters: {} }}
          rowKey={row => row.reference}
          href={row => `/registrants/${row.reference}`}
          empty={<Empty title={t('none')}>{t('noneHint')}</Empty>}
        />
      ) : (
        <Empty
          icon="search"
          title={t('ask')}
          action={
            <Button kind="secondary" onClick={() => list.setSort(NEWEST)}>
              {t('newest')}
            </Button>
          }
        >
          {t('askHint')}
        </Empty>
      )}
    </Page>
  )
}

const FromImport = ({ reference, clear }: { reference: string; clear: () => void }) => {
  const t = useText('registrants')
  const place = placeOf('import', reference)
  return (
    <Banner tone="info" title={t('fromImport')} onDismiss={clear}>
      {place ? (
        <Link class="govuk-link" href={place}>
          <Ref copy={false}>{reference}</Ref>
        </Link>
      ) : (
        <Ref copy={false}>{reference}</Ref>
      )}
    </Banner>
  )
}

const columnsOf = (t: Text<typeof texts>): Column<Row>[] => [
  {
    key: 'name',
    label: t('name'),
    cell: row => (row.name === '' ? <Ref copy={false}>{row.reference}</Ref> : <Name>{row.name}</Name>),
    sort: 'name',
  },
  {
    key: 'kind',
    label: t('kind'),
    cell: row => (
      <>
        <KindTag kind={row.kind} /> <DisabledTag status={row.status} />
      </>
    ),
  },
  { key: 'area', label: t('area'), cell: row => <Name>{row.area.name}</Name> },
  { key: 'code', label: t('areaCode'), cell: row => <Code>{row.area.code}</Code>, hidden: true },
  {
    key: 'reference',
    label: t('reference'),
    cell: row => <Ref copy={false}>{row.reference}</Ref>,
  },
]
