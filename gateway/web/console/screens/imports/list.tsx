import { type RowOf, useList } from '../../../ui/api/list.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Filters } from '../../../ui/components/filters.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Count, Instant, Name, Ref } from '../../../ui/components/text.tsx'
import { type Text, useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { STATES } from './model.ts'
import { StateTag } from './state-tag.tsx'
import { TEMPLATE } from './template.ts'
import type texts from './texts/en.json'

type Row = RowOf<'/api/v1/imports'>

/** Files of people on their way into the registry, and those that arrived. */
export const ImportList = () => {
  const t = useText('imports')
  const mayWrite = useMay('import:write')
  const list = useList('/api/v1/imports', { filters: ['state', 'mine'], every: 15_000 })
  const add = mayWrite && (
    <LinkButton href="/imports/new" kind="primary" icon="upload">
      {t('new')}
    </LinkButton>
  )
  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      <Filters
        list={list}
        fields={[
          {
            kind: 'select',
            name: 'state',
            label: t('state'),
            options: STATES.map(value => ({ value, label: t(`states.${value}`) })),
          },
          {
            kind: 'select',
            name: 'mine',
            label: t('whose'),
            options: [
              { value: 'true', label: t('mine') },
              { value: 'false', label: t('others') },
            ],
          },
        ]}
      />
      <DataTable
        label={t('title')}
        columns={columnsOf(t)}
        list={list}
        rowKey={row => row.reference}
        href={row => `/imports/${row.reference}`}
        empty={
          <Empty
            icon="file"
            title={t('none')}
            action={
              <>
                {add}
                <LinkButton href={TEMPLATE} icon="download" download>
                  {t('template')}
                </LinkButton>
              </>
            }
          >
            {t('noneHint')}
          </Empty>
        }
      />
    </Page>
  )
}

const columnsOf = (t: Text<typeof texts>): Column<Row>[] => [
  { key: 'file', label: t('file'), cell: row => <Name>{row.fileName}</Name>, sort: 'fileName' },
  { key: 'state', label: t('state'), cell: row => <StateTag state={row.state} />, sort: 'state' },
  { key: 'rows', label: t('rows'), cell: row => row.totals && <Count n={row.totals.rows} />, numeric: true },
  { key: 'by', label: t('by'), cell: row => <Name>{row.createdBy}</Name>, sort: 'createdBy' },
  { key: 'at', label: t('at'), cell: row => <Instant iso={row.createdAt} />, sort: 'createdAt' },
  {
    key: 'reference',
    label: t('reference'),
    cell: row => <Ref copy={false}>{row.reference}</Ref>,
    hidden: true,
  },
]
