import { useState } from 'preact/hooks'
import { Button, LinkButton } from '../../../ui/components/button.tsx'
import { Difference } from '../../../ui/components/difference.tsx'
import { Filters } from '../../../ui/components/filters.tsx'
import { Section } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable, useSelection } from '../../../ui/components/table.tsx'
import { Tag, type Tone } from '../../../ui/components/tag.tsx'
import { Day, Money, Name, Ref } from '../../../ui/components/text.tsx'
import { HOSTILE_ROWS, NAMES, problem, ROWS, type SampleRow, sampleList } from './samples.ts'

const STATES: Record<SampleRow['state'], { tone: Tone; word: string }> = {
  active: { tone: 'good', word: 'Active' },
  waiting: { tone: 'warning', word: 'Waiting' },
  rejected: { tone: 'bad', word: 'Rejected' },
}

const COLUMNS: readonly Column<SampleRow>[] = [
  { key: 'name', label: 'Name', sort: 'name', cell: row => <Name>{row.name}</Name> },
  { key: 'reference', label: 'Reference', cell: row => <Ref>{row.reference}</Ref> },
  { key: 'area', label: 'Area', sort: 'area', cell: row => <Name>{row.area}</Name> },
  { key: 'born', label: 'Born', sort: 'born', cell: row => <Day iso={row.born} />, hidden: true },
  {
    key: 'amount',
    label: 'Amount',
    cell: row => <Money amount={row.amount} currency="KES" />,
    numeric: true,
  },
  {
    key: 'state',
    label: 'State',
    sort: 'state',
    cell: row => <Tag tone={STATES[row.state].tone}>{STATES[row.state].word}</Tag>,
  },
]

const rowKey = (row: SampleRow): string => row.reference
const nobody = (
  <Empty
    title="Nobody is registered yet"
    action={<LinkButton href="/components">Register somebody</LinkButton>}
  >
    Register people one by one, or import them from a file.
  </Empty>
)

/** Tables in each of their states, filters, and the view of a difference. */
export const Tables = () => (
  <>
    <Section title="A table" plain>
      <Interactive />
    </Section>
    <Section title="A table on its way" plain>
      <DataTable
        label="On its way"
        columns={COLUMNS}
        list={sampleList<SampleRow>({ isLoading: true })}
        rowKey={rowKey}
        empty={nobody}
      />
    </Section>
    <Section title="A table of what people type" plain>
      <DataTable
        label="What people type"
        columns={COLUMNS}
        list={sampleList({ rows: [...HOSTILE_ROWS] })}
        rowKey={rowKey}
        empty={nobody}
      />
    </Section>
    <Section title="A table of nothing">
      <DataTable
        label="Nothing"
        columns={COLUMNS}
        list={sampleList({ rows: [] })}
        rowKey={rowKey}
        empty={nobody}
      />
    </Section>
    <Section title="A table that could not be loaded">
      <DataTable
        label="Failed"
        columns={COLUMNS}
        list={sampleList<SampleRow>({ problem: problem(500, 'The server made a mistake.') })}
        rowKey={rowKey}
        empty={nobody}
      />
    </Section>
    <Section title="A difference">
      <Difference
        before={{
          name: NAMES.plain,
          phone: '+254 700 000 001',
          members: ['Amina', 'Yusuf'],
          active: true,
          area: 'KAS',
        }}
        after={{
          name: NAMES.markup,
          members: ['Amina', 'Yusuf', NAMES.arabic],
          active: false,
          area: 'KAS',
          account: { bank: 'Equity', number: '0011223344' },
        }}
        label={field => field[0]?.toUpperCase() + field.slice(1)}
      />
    </Section>
  </>
)

const Interactive = () => {
  const select = useSelection()
  const [sort, setSort] = useState<string | undefined>('name')
  const [page, setPage] = useState(1)
  const [filters, setFilters] = useState<Record<string, string>>({ state: 'active', since: '2026-11-01' })
  const setFilter = (name: string, value: string | undefined): void =>
    setFilters(set => {
      const others = Object.entries(set).filter(([other]) => other !== name)
      return Object.fromEntries(value === undefined ? others : [...others, [name, value]])
    })
  const ordered = [...ROWS].sort((one, other) => one.name.localeCompare(other.name))
  return (
    <>
      <Filters
        list={{ filters, setFilter, clearFilters: () => setFilters({}) }}
        fields={[
          { kind: 'text', name: 'q', label: 'Name or reference' },
          {
            kind: 'select',
            name: 'state',
            label: 'State',
            options: Object.entries(STATES).map(([value, { word }]) => ({ value, label: word })),
          },
          { kind: 'day', name: 'since', label: 'Registered since' },
        ]}
      />
      <DataTable
        label="Registrants"
        columns={COLUMNS}
        list={sampleList({
          rows: sort?.startsWith('-') ? ordered.reverse() : ordered,
          sort,
          setSort,
          page,
          hasNext: page < 3,
          next: () => setPage(page + 1),
          hasPrevious: page > 1,
          previous: () => setPage(page - 1),
          first: () => setPage(1),
        })}
        rowKey={rowKey}
        href={row => `/components?opened=${row.reference}`}
        select={select}
        bulk={selected => <Button icon="check">Approve {selected.length}</Button>}
        exportHref="/api/v1/openapi.json"
        empty={nobody}
      />
    </>
  )
}
