import { type RowOf, useList } from '../../../ui/api/list.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Filters } from '../../../ui/components/filters.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { PROGRAM_STATES, ProgramTag } from './words.tsx'

type Row = RowOf<'/api/v1/programs'>

/** The programs within reach. */
export const ProgramList = () => {
  const t = useText('programs')
  const mayWrite = useMay('program:write')
  const list = useList('/api/v1/programs', { filters: ['q', 'state'] })
  const columns: Column<Row>[] = [
    { key: 'name', label: t('name'), cell: program => <Name>{program.name}</Name>, sort: 'name' },
    { key: 'code', label: t('code'), cell: program => <Code>{program.code}</Code>, sort: 'code' },
    { key: 'state', label: t('state'), cell: program => <ProgramTag state={program.state} />, sort: 'state' },
    { key: 'target', label: t('target'), cell: program => t(`targets.${program.target}`) },
    { key: 'currency', label: t('currency'), cell: program => <Code>{program.currency}</Code> },
  ]
  const add = mayWrite && <LinkButton href="/programs/new">{t('add')}</LinkButton>
  const isNarrowed = Object.keys(list.filters).length > 0
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        mayWrite && (
          <LinkButton kind="primary" icon="add" href="/programs/new">
            {t('add')}
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
            name: 'state',
            label: t('state'),
            options: PROGRAM_STATES.map(value => ({ value, label: t(`states.${value}`) })),
          },
        ]}
      />
      <DataTable
        label={t('title')}
        columns={columns}
        list={list}
        rowKey={program => program.code}
        href={program => `/programs/${program.code}`}
        empty={
          isNarrowed ? (
            <Empty title={t('noneFound')}>{t('noneFoundText')}</Empty>
          ) : (
            <Empty title={t('none')} action={add}>
              {t('noneText')}
            </Empty>
          )
        }
      />
    </Page>
  )
}
