import { useList } from '../../../ui/api/list.ts'
import { useGet } from '../../../ui/api/queries.ts'
import { LinkButton } from '../../../ui/components/button.tsx'
import { Menu } from '../../../ui/components/menu.tsx'
import { Page, Section, Summary } from '../../../ui/components/page.tsx'
import { Failure, Loading } from '../../../ui/components/states.tsx'
import { Code, Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { useMay } from '../../may.ts'
import type { ScreenProps } from '../../routing.ts'
import { useTraces } from '../access/traces.ts'
import { Linked } from '../credentials/linked.tsx'
import { StockTable } from './stock-table.tsx'

/** One warehouse or service point, and what is on hand there. */
export const PlaceDetail = ({ params }: ScreenProps) => {
  const t = useText('inventory')
  const access = useText('access')
  const code = params.code!
  const mayWrite = useMay('inventory:write')
  const traces = useTraces(`location:${code}`)
  const { data: place, problem, refresh } = useGet('/api/v1/locations/{code}', { params: { path: { code } } })
  const list = useList('/api/v1/stock', { query: { location: code } })
  if (problem) return <Failure problem={problem} retry={refresh} />
  if (!place) return <Loading />
  return (
    <Page
      title={place.name}
      heading={<Name>{place.name}</Name>}
      back={{ href: '/locations', label: t('places') }}
      actions={
        <>
          {mayWrite && <LinkButton href={`/locations/${code}/edit`}>{t('rename')}</LinkButton>}
          {traces.length > 0 && <Menu label={access('links.more')} items={traces} />}
        </>
      }
    >
      <Section title={t('aboutPlace')}>
        <Summary
          rows={[
            { label: t('kind'), value: t(`kinds.${place.kind}`) },
            {
              label: t('area'),
              value: (
                <Linked kind="area" reference={place.area}>
                  <Name>{place.areaName}</Name>
                </Linked>
              ),
            },
            { label: t('code'), value: <Code>{place.code}</Code> },
          ]}
        />
      </Section>
      <Section
        plain
        title={t('onHandHere')}
        actions={
          mayWrite && (
            <>
              <LinkButton href={`/stock/receive?location=${code}`}>{t('receive.title')}</LinkButton>
              <LinkButton href={`/stock/transfer?from=${code}`}>{t('transfer.title')}</LinkButton>
            </>
          )
        }
      >
        <StockTable list={list} of="place" />
      </Section>
    </Page>
  )
}
