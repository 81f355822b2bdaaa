import { Link } from 'wouter-preact'
import { type RowOf, useList } from '../../../ui/api/list.ts'
import { Filters } from '../../../ui/components/filters.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Instant, Name, Ref } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { Linked } from '../credentials/linked.tsx'
import { findPoint } from '../inventory/fields.tsx'
import { Quantity } from '../inventory/quantity.tsx'
import { SuggestFilter } from '../inventory/suggest-filter.tsx'

const PATH = '/api/v1/redemptions'
type Handover = RowOf<typeof PATH>

/** To whom: by name for those who may see it, else by the number of the household or person. */
const Whose = ({ handover }: { handover: Handover }) => {
  const { registrant, registrantName, entitlement } = handover
  if (!registrant) return <Ref copy={false}>{entitlement}</Ref>
  return (
    <Linked kind="registrant" reference={registrant}>
      {registrantName ? <Name>{registrantName}</Name> : <Ref copy={false}>{registrant}</Ref>}
    </Linked>
  )
}

const useHandoverColumns = (): Column<Handover>[] => {
  const t = useText('redemptions')
  const maySeeCards = useMay('credential:read')
  return [
    {
      key: 'redeemedAt',
      label: t('at'),
      cell: handover => <Instant iso={handover.redeemedAt} full />,
      sort: 'redeemedAt',
    },
    { key: 'registrant', label: t('whom'), cell: handover => <Whose handover={handover} /> },
    { key: 'item', label: t('what'), cell: handover => <Name>{handover.item.name}</Name> },
    {
      key: 'quantity',
      label: t('howMuch'),
      cell: ({ quantity, item }) => <Quantity n={quantity} unit={item.unit} />,
      numeric: true,
    },
    {
      key: 'point',
      label: t('point'),
      cell: ({ point, pointName }) => (
        <Linked kind="location" reference={point}>
          <Name>{pointName}</Name>
        </Linked>
      ),
    },
    { key: 'agent', label: t('by'), cell: handover => <Name>{handover.agent}</Name> },
    {
      key: 'entitlement',
      label: t('entitlement'),
      cell: ({ entitlement }) => (
        <>
          <Linked kind="entitlement" reference={entitlement}>
            <Ref copy={false}>{entitlement}</Ref>
          </Linked>
          {maySeeCards && (
            <>
              {' · '}
              <Link class="govuk-link" href={`/credentials?q=${entitlement}`}>
                {t('card')}
              </Link>
            </>
          )}
        </>
      ),
    },
    {
      key: 'program',
      label: t('program'),
      cell: handover => <Name>{`${handover.programName}, ${handover.cycleName}`}</Name>,
      hidden: true,
    },
    {
      key: 'reference',
      label: t('reference'),
      cell: handover => <Ref copy={false}>{handover.reference}</Ref>,
      hidden: true,
    },
    {
      key: 'note',
      label: t('note'),
      cell: handover => handover.note && <Name>{handover.note}</Name>,
      hidden: true,
    },
  ]
}

/** What was handed over: to whom, what and how much, where, by whom and when. */
export const HandoverList = () => {
  const t = useText('redemptions')
  const mayFindPoints = useMay('inventory:read')
  const list = useList(PATH, { filters: ['point', 'since', 'until', 'cycle', 'entitlement'] })
  const columns = useHandoverColumns()
  return (
    <Page title={t('title')} lead={t('lead')}>
      {mayFindPoints && <SuggestFilter list={list} name="point" label={t('point')} load={findPoint} />}
      <Filters
        list={list}
        fields={[
          { kind: 'day', name: 'since', label: t('since') },
          { kind: 'day', name: 'until', label: t('until') },
        ]}
      />
      <DataTable
        label={t('title')}
        columns={columns}
        list={list}
        rowKey={handover => handover.reference}
        empty={<Empty title={t('none')}>{t('noneHint')}</Empty>}
      />
    </Page>
  )
}
