import { type RowOf, useList } from '../../../ui/api/list.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Filters } from '../../../ui/components/filters.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Count, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'

type Area = RowOf<'/api/v1/areas'>

/** The areas of the country: searched by name or code, level by level. */
export const AreaList = () => {
  const t = useText('areas')
  const mayWrite = useMay('area:write')
  const list = useList('/api/v1/areas', { filters: ['q', 'level'] })
  const columns: Column<Area>[] = [
    { key: 'name', label: t('name'), cell: area => <Name>{area.name}</Name>, sort: 'name' },
    { key: 'code', label: t('code'), cell: area => <Code>{area.code}</Code>, sort: 'code' },
    { key: 'level', label: t('level'), cell: area => <Count n={area.level} />, numeric: true },
    { key: 'parent', label: t('parent'), cell: area => area.parent && <Code>{area.parent}</Code> },
  ]
  const levels = [0, 1, 2, 3, 4].map(level => ({ value: `${level}`, label: t('atLevel', { level }) }))
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        mayWrite && (
          <>
            <LinkButton href="/areas/import" icon="upload">
              {t('import')}
            </LinkButton>
            <LinkButton href="/areas/new">{t('add')}</LinkButton>
          </>
        )
      }
    >
      <Filters
        list={list}
        fields={[
          { kind: 'text', name: 'q', label: t('search') },
          { kind: 'select', name: 'level', label: t('level'), options: levels },
        ]}
      />
      <DataTable
        label={t('title')}
        columns={columns}
        list={list}
        rowKey={area => area.code}
        href={area => `/areas/${area.code}`}
        empty={<Empty title={t('none')}>{t('noneHint')}</Empty>}
      />
    </Page>
  )
}
