import { useList } from '../../../ui/api/list.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Filters } from '../../../ui/components/filters.tsx'
import { Page } from '../../../ui/components/page.tsx'
import { Empty } from '../../../ui/components/states.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import { CycleTable } from './cycle-table.tsx'
import { CYCLE_STATES } from './words.tsx'

/** Programs that one can choose from; of a country with more, the others are found by their cycles' names. */
const MOST_PROGRAMS = 200

/** The cycles of all programs within reach: what a manager opens in the morning. */
export const CycleList = () => {
  const t = useText('cycles')
  const seesPrograms = useMay('program:read')
  const list = useList('/api/v1/cycles', { filters: ['q', 'state', 'program'] })
  const programs = useGet(
    '/api/v1/programs',
    { params: { query: { limit: MOST_PROGRAMS, sort: 'name' } } },
    { when: seesPrograms },
  ).data?.items
  const isNarrowed = Object.keys(list.filters).length > 0
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Filters
        list={list}
        fields={[
          { kind: 'text', name: 'q', label: t('search') },
          {
            kind: 'select',
            name: 'state',
            label: t('state'),
            options: CYCLE_STATES.map(value => ({ value, label: t(`states.${value}`) })),
          },
          ...(programs
            ? [
                {
                  kind: 'select' as const,
                  name: 'program',
                  label: t('program'),
                  options: programs.map(({ code, name }) => ({ value: code, label: name })),
                },
              ]
            : []),
        ]}
      />
      <CycleTable
        list={list}
        empty={
          isNarrowed ? (
            <Empty title={t('noneFound')}>{t('noneFoundText')}</Empty>
          ) : (
            <Empty
              title={t('none')}
              action={seesPrograms && <LinkButton href="/programs">{t('toPrograms')}</LinkButton>}
            >
              {t('noneText')}
            </Empty>
          )
        }
      />
    </Page>
  )
}
