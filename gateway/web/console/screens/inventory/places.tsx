import { type RowOf, useList } from '../../../ui/api/list.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Filters } from '../../../ui/components/filters.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { KINDS } from './kinds.ts'

const PATH = '/api/v1/locations'
type Place = RowOf<typeof PATH>

/** Warehouses and service points. */
export const PlaceList = () => {
  const t = useText('inventory')
  const mayWrite = useMay('inventory:write')
  const list = useList(PATH, { filters: ['q', 'kind'] })
  const columns: Column<Place>[] = [
    { key: 'name', label: t('name'), cell: place => <Name>{place.name}</Name>, sort: 'name' },
    { key: 'code', label: t('code'), cell: place => <Code>{place.code}</Code>, sort: 'code' },
    { key: 'kind', label: t('kind'), cell: place => t(`kinds.${place.kind}`), sort: 'kind' },
    { key: 'areaName', label: t('area'), cell: place => <Name>{place.areaName}</Name>, sort: 'areaName' },
  ]
  return (
    <Page
      title={t('places')}
      lead={t('placesLead')}
      actions={
        mayWrite && (
          <LinkButton kind="primary" icon="add" href="/locations/new">
            {t('addPlace')}
          </LinkButton>
        )
      }
    >
      <Filters
        list={list}
        fields={[
          { kind: 'text', name: 'q', label: t('search') },
          {
            kind: 'select',
            name: 'kind',
            label: t('kind'),
            options: KINDS.map(value => ({ value, label: t(`kinds.${value}`) })),
          },
        ]}
      />
      <DataTable
        label={t('places')}
        columns={columns}
        list={list}
        rowKey={place => place.code}
        href={place => `/locations/${place.code}`}
        empty={<Empty title={t('noPlaces')}>{t('noPlacesHint')}</Empty>}
      />
    </Page>
  )
}
