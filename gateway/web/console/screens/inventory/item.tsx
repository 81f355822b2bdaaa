import { useList } from '../../../ui/api/list.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Menu } from '../../../ui/components/menu.tsx'
import { Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Code, Name } from '../../../ui/components/text.tsx'
import { textOr, useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { useTraces } from '../access/traces.ts'
import { StockTable } from './stock-table.tsx'

/** One item of the catalogue, and where how much of it is. */
export const ItemDetail = ({ params }: ScreenProps) => {
  const t = useText('inventory')
  const access = useText('access')
  const code = params.code!
  const mayWrite = useMay('inventory:write')
  const traces = useTraces(`item:${code}`)
  const { data: item, problem, refresh } = useGet('/api/v1/items/{code}', { params: { path: { code } } })
  const list = useList('/api/v1/stock', { query: { item: code } })
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!item) return <Loading />
  return (
    <Page
      title={item.name}
      heading={<Name>{item.name}</Name>}
      back={{ href: '/items', label: t('items') }}
      actions={
        <>
          {mayWrite && <LinkButton href={`/items/${code}/edit`}>{t('rename')}</LinkButton>}
          {traces.length > 0 && <Menu label={access('links.more')} items={traces} />}
        </>
      }
    >
      <Section title={t('aboutItem')}>
        <Summary
          rows={[
            { label: t('unit'), value: textOr('inventory', `units.${item.unit}`, item.unit) },
            { label: t('code'), value: <Code>{item.code}</Code> },
          ]}
        />
      </Section>
      <Section plain title={t('whereItIs')}>
        <StockTable list={list} of="item" />
      </Section>
    </Page>
  )
}
