import { useSearchParams } from 'wouter-preact'
import { type List, type RowOf, useList } from '../../../ui/api/list.ts'
import { Banner } from '../../../ui/components/banner.tsx'
import { Filters } from '../../../ui/components/filters.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Instant, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import type { ScreenProps } from '../../routing.ts'
import { placeOf } from '../../shell/places.ts'
import { faultOfPeriod, periodOf } from '../audit/period.ts'
import { Who } from '../deeds/sentence.tsx'
import { lookOf } from '../deeds/words.ts'
import { nameIn } from './name.ts'

type Look = RowOf<'/api/v1/registrants/{reference}/access-log'>

/** Who has seen a person's data, newest first. */
export const AccessLog = ({ params }: ScreenProps) => {
  const t = useText('history')
  const reference = nameIn(params.reference)
  const place = placeOf('registrant', reference)
  const days = useDays()
  const period = periodOf(days.filters)
  const fault = faultOfPeriod(period)
  const list = useList('/api/v1/registrants/{reference}/access-log', {
    path: { reference },
    query: period,
    when: fault === undefined,
  })
  return (
    <Page
      title={t('access.title')}
      lead={
        <>
          {t('access.lead')} <Name>{reference}</Name>
        </>
      }
      {...(place && { back: { href: place, label: reference } })}
    >
      <Filters
        list={days}
        fields={[
          { kind: 'day', name: 'from', label: t('access.from') },
          { kind: 'day', name: 'to', label: t('access.to') },
        ]}
      />
      {fault ? (
        <Banner tone="warning" title={t(`access.faults.${fault}`)} />
      ) : (
        <DataTable
          label={t('access.title')}
          columns={columnsOf(t)}
          list={{ ...list, rows: list.rows?.map((look, index) => ({ ...look, key: `${look.at} ${index}` })) }}
          rowKey={look => look.key}
          empty={<Empty icon="view" title={t('access.none')} />}
        />
      )}
    </Page>
  )
}

const columnsOf = (t: ReturnType<typeof useText<'history'>>): Column<Look & { key: string }>[] => [
  { key: 'at', label: t('access.when'), cell: look => <Instant iso={look.at} full /> },
  { key: 'who', label: t('access.who'), cell: look => <Who actor={look.actor} /> },
  { key: 'what', label: t('access.what'), cell: look => lookOf(look.action, look.what) },
  {
    key: 'behalf',
    label: t('onBehalfOf'),
    cell: look => look.onBehalfOf !== null && <Name>{look.onBehalfOf}</Name>,
    hidden: true,
  },
  { key: 'reason', label: t('reason'), cell: look => look.reason !== null && <bdi>{look.reason}</bdi> },
]

/** The period, as days in the address. */
const useDays = (): Pick<List<unknown>, 'filters' | 'setFilter' | 'clearFilters'> => {
  const [params, setParams] = useSearchParams()
  const filters = Object.fromEntries(
    ['from', 'to'].flatMap(name => {
      const value = params.get(name)
      return value ? [[name, value]] : []
    }),
  )
  return {
    filters,
    setFilter: (name, value) =>
      setParams(before => {
        const next = new URLSearchParams(before)
        if (value) next.set(name, value)
        else next.delete(name)
        next.delete('cursor')
        return next
      }),
    clearFilters: () => setParams({}),
  }
}
