import type { ComponentChildren } from 'preact'
import { useGet } from '../../../ui/api/queries.ts'
import { Tag } from '../../../ui/components/tag.tsx'
import { Name } from '../../../ui/components/text.tsx'
import { useText } from '../../../ui/i18n/index.ts'
import { Quantity } from './quantity.tsx'

type Side = { place: string; change: number }
type Known = { place: string; name: string; now: number; later: number }

const useOnHand = (place: string, item: string): number | undefined => {
  const init = { params: { query: { location: place, item, limit: 1 } } }
  const { data } = useGet('/api/v1/stock', init, { when: place !== '' && item !== '' })
  // What was read before another place or item was chosen says nothing of this one.
  const line = data?.items[0]
  if (!data || (line && (line.location.code !== place || line.item.code !== item))) return undefined
  return line?.onHand ?? 0
}

const usePlaceName = (code: string): string => {
  const init = { params: { path: { code } } }
  const { data } = useGet('/api/v1/locations/{code}', init, { when: code !== '' })
  return data?.code === code ? data.name : code
}

/** What will be on hand afterwards, at the places that goods come to or go from; nothing until all of it is chosen. */
export const StockAfter = ({ item, sides }: { item: string; sides: readonly [Side, ...Side[]] }) => {
  const [first, second = { place: '', change: 0 }] = sides
  const names = [usePlaceName(first.place), usePlaceName(second.place)]
  const now = [useOnHand(first.place, item), useOnHand(second.place, item)]
  const { data } = useGet('/api/v1/items/{code}', { params: { path: { code: item } } }, { when: item !== '' })
  const known = sides.flatMap(({ place, change }, at): Known[] => {
    const before = now[at]
    return place === '' || before === undefined
      ? []
      : [{ place, name: names[at]!, now: before, later: before + change }]
  })
  if (data?.code !== item || known.length < sides.length || !sides.every(({ change }) => change)) return null
  return <Table known={known} unit={data.unit} />
}

const Table = ({ known, unit }: { known: readonly Known[]; unit: string }) => {
  const t = useText('inventory')
  const row = (label: string, value: ComponentChildren) => (
    <div class="in-after__fact">
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
  return (
    <section class="in-after" aria-label={t('after')} aria-live="polite">
      <h2 class="in-after__title">{t('after')}</h2>
      {known.map(({ place, name, now, later }) => (
        <div class="in-after__place" key={place}>
          <p class="in-after__name">
            <Name>{name}</Name>
          </p>
          <dl class="in-after__facts">
            {row(t('isNow'), <Quantity n={now} unit={unit} />)}
            {row(
              t('willBe'),
              later < 0 ? <Tag tone="bad">{t('notEnough')}</Tag> : <Quantity n={later} unit={unit} />,
            )}
          </dl>
        </div>
      ))}
    </section>
  )
}
