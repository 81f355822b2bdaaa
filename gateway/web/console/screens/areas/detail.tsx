import { type RowOf, useList } from '../../../ui/api/list.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Empty, Failure, Loading } from '../../../ui/components/states.tsx'
import { type Column, DataTable } from '../../../ui/components/table.tsx'
import { Code, Count, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { languageName } from './language-name.ts'
import { WayTo } from './way-to.tsx'

/** One area: what it is called, where it lies, and what lies in it. */
export const AreaDetail = ({ params }: ScreenProps) => {
  const t = useText('areas')
  const code = params.code!
  const mayWrite = useMay('area:write')
  const { data: area, problem, refresh } = useGet('/api/v1/areas/{code}', { params: { path: { code } } })
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!area) return <Loading />
  return (
    <Page
      title={area.name}
      heading={<Name>{area.name}</Name>}
      back={{ href: '/areas', label: t('title') }}
      actions={mayWrite && <LinkButton href={`/areas/${code}/edit`}>{t('edit')}</LinkButton>}
    >
      <Section title={t('about')}>
        <Summary
          rows={[
            { label: t('code'), value: <Code>{area.code}</Code> },
            { label: t('level'), value: <Count n={area.level} /> },
            { label: t('liesIn'), value: <WayTo ancestors={area.ancestors} /> },
            ...Object.entries(area.names).map(([language, name]) => ({
              label: t('nameIn', { language: languageName(language) }),
              value: <Name>{name}</Name>,
            })),
          ]}
        />
      </Section>
      <Children code={code} mayWrite={mayWrite} />
    </Page>
  )
}

const Children = ({ code, mayWrite }: { code: string; mayWrite: boolean }) => {
  const t = useText('areas')
  const list = useList('/api/v1/areas', { query: { parent: code } })
  const columns: Column<RowOf<'/api/v1/areas'>>[] = [
    { key: 'name', label: t('name'), cell: child => <Name>{child.name}</Name>, sort: 'name' },
    { key: 'code', label: t('code'), cell: child => <Code>{child.code}</Code>, sort: 'code' },
    { key: 'children', label: t('children'), cell: child => <Count n={child.children} />, numeric: true },
  ]
  return (
    <Section
      plain
      title={t('inIt')}
      actions={
        mayWrite && (
          <LinkButton kind="secondary" href={`/areas/new?parent=${encodeURIComponent(code)}`}>
            {t('addHere')}
          </LinkButton>
        )
      }
    >
      <DataTable
        label={t('inIt')}
        columns={columns}
        list={list}
        rowKey={child => child.code}
        href={child => `/areas/${child.code}`}
        empty={<Empty title={t('nothingInIt')} />}
      />
    </Section>
  )
}
